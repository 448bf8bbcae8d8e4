use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;
use transfer::units::Rate;

use super::*;
use crate::view::ThemeView;

fn folder_with(text: &[u8]) -> TempDir {
    let folder = TempDir::new().expect("a folder");
    fs::write(folder.path().join("settings.toml"), text).expect("a file");
    folder
}

#[tokio::test]
async fn what_was_chosen_holds_at_the_next_start() {
    let folder = TempDir::new().expect("a folder");
    let (settings, told) = Settings::open(folder.path());
    assert_eq!((settings.chosen(), told.len()), (Chosen::default(), 0), "nothing was chosen, and nothing is wrong");
    let chosen = Chosen {
        limit: Rate::bytes_per_second(3_000_000),
        parallel: Parallel::nearest(7),
        theme: ThemeView::Dark,
        keep_awake: true,
        vault: Some(PathBuf::from("/films/\"quoted\" \\ новый")),
    };
    let wanted = chosen.clone();
    settings.change(move |now| *now = wanted).await.expect("it can be written");
    assert_eq!(settings.chosen(), chosen, "it holds at once");
    let (again, told) = Settings::open(folder.path());
    assert_eq!((again.chosen(), told.len()), (chosen, 0), "and at the next start");
    again.change(|now| (now.limit, now.vault) = (None, None)).await.expect("it can be written");
    assert_eq!(Settings::open(folder.path()).0.chosen().limit, None, "what was taken back is gone");
}

#[tokio::test]
async fn a_broken_file_is_set_aside_whole_and_never_written_over() {
    for broken in [&b"limit = = 3"[..], b"\xff\xfe", b"limit"] {
        let folder = folder_with(broken);
        let (settings, told) = Settings::open(folder.path());
        assert_eq!(settings.chosen(), Chosen::default(), "the usual settings hold");
        let kept = folder.path().join("settings.broken-1.toml");
        assert!(told[0].contains(&kept.display().to_string()), "the person is told where it is: {told:?}");
        settings.change(|now| now.keep_awake = true).await.expect("a new file can be written");
        assert_eq!(fs::read(&kept).expect("it is there"), broken, "not a byte of it is lost");
        fs::write(folder.path().join("settings.toml"), broken).expect("broken again");
        Settings::open(folder.path());
        assert!(folder.path().join("settings.broken-2.toml").exists(), "the second does not replace the first");
    }
}

#[test]
fn something_that_is_no_file_is_set_aside_too() {
    let folder = TempDir::new().expect("a folder");
    fs::create_dir_all(folder.path().join("settings.toml/inside")).expect("a folder of that name");
    let (_, told) = Settings::open(folder.path());
    assert_eq!(told.len(), 1, "the person is told");
    assert!(folder.path().join("settings.broken-1.toml/inside").is_dir(), "what was in it is still there");
}

#[test]
fn numbers_out_of_range_become_the_nearest_and_nonsense_the_usual_each_with_a_sentence() {
    let folder = folder_with(b"parallel = 99\nlimit = -5\ntheme = \"pink\"\nkeep_awake = 1\nvault = \"films\"");
    let (settings, told) = Settings::open(folder.path());
    let expected = Chosen { parallel: Parallel::nearest(16), ..Chosen::default() };
    assert_eq!(settings.chosen(), expected, "99 is held to 16, the rest says nothing sensible");
    for key in ["parallel = 99", "limit = -5", "theme = \"pink\"", "keep_awake = 1", "vault = \"films\""] {
        assert!(told.iter().any(|sentence| sentence.contains(key)), "{key} is told: {told:?}");
    }
    assert!(folder.path().join("settings.toml").exists(), "the file itself is sound and stays");
}

#[tokio::test]
async fn words_of_another_pawl_survive_a_change() {
    let folder = folder_with(b"limit = 5\nschedule = [\"night\"]\n[future]\nkey = 1\n");
    let (settings, _) = Settings::open(folder.path());
    settings.change(|now| now.keep_awake = true).await.expect("it can be written");
    let text = fs::read_to_string(folder.path().join("settings.toml")).expect("text");
    let table: Table = text.parse().expect("TOML");
    assert_eq!(table["schedule"][0].as_str(), Some("night"), "what we do not know is not ours to delete");
    assert_eq!(table["future"]["key"].as_integer(), Some(1), "not in tables either");
    assert_eq!((table["limit"].as_integer(), table["keep_awake"].as_bool()), (Some(5), Some(true)), "and ours hold");
}

#[tokio::test]
async fn a_change_that_cannot_be_written_does_not_hold() {
    let folder = TempDir::new().expect("a folder");
    let (settings, _) = Settings::open(&folder.path().join("gone"));
    let error = settings.change(|now| now.keep_awake = true).await.expect_err("there is no such folder");
    assert!(error.to_string().contains("nothing was changed"), "it says so: {error}");
    assert_eq!(settings.chosen(), Chosen::default(), "what is shown is what the next start finds");
}
