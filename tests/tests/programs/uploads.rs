//! What goes well: files arrive, names stay, a second run knows.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;

use anyhow::Result;
use support::films::{blake3, noise};
use support::programs::last;

use super::Desk;

#[test]
fn a_film_arrives_and_its_event_names_its_hash_object_and_proof() -> Result<()> {
    let desk = Desk::new()?;
    let film = desk.path("film.mp4");
    noise(&film, 1, 9 << 20)?;
    let done = desk.sends(&film)?;
    assert_eq!(done["blake3"].as_str(), Some(blake3(&film)?.as_str()), "the root is the file's plain BLAKE3");
    assert_eq!(done["proof"], "root", "the vault compares the whole");
    assert!(done["object"].is_string(), "the object can be asked for");
    assert_eq!(done["bytes_acked"], 9 << 20, "all of it is acknowledged");
    assert_eq!(done["already"], false, "it was sent now");
    assert_eq!(blake3(&desk.vault().join("film.mp4"))?, blake3(&film)?, "a plain file under its own name");
    Ok(())
}

#[test]
fn a_second_run_says_that_it_was_done_and_sends_nothing() -> Result<()> {
    let desk = Desk::new()?;
    let film = desk.path("film.mp4");
    noise(&film, 2, 5 << 20)?;
    let first = desk.sends(&film)?;
    let again = desk.sends(&film)?;
    assert_eq!(again["already"], true, "it was there");
    assert_eq!(again["object"], first["object"], "the same object");
    assert_eq!(again["bytes_sent"], first["bytes_sent"], "not a byte more left this machine");
    Ok(())
}

#[test]
fn an_empty_file_a_linked_file_and_odd_names_arrive() -> Result<()> {
    let desk = Desk::new()?;
    let names: [&[u8]; 5] = [b"empty", b"new\nline.mov", "\u{202e}4pm.exe".as_bytes(), b"\xff\xfe.mkv", &[b'n'; 255]];
    for (seed, name) in names.iter().enumerate() {
        let film = desk.folder.path().join(OsStr::from_bytes(name));
        noise(&film, seed as u64, seed as u64 * 100_000)?;
        desk.sends(&film)?;
        let kept = fs::read(desk.vault().join(OsStr::from_bytes(name)))?;
        assert!(kept == fs::read(&film)?, "{name:?} must be there under the same bytes");
    }
    // A link is called what it is called; the file that it leads to is sent once, whatever leads to it.
    let (target, link) = (desk.path("target.mp4"), desk.path("link.mp4"));
    noise(&target, 9, 100_000)?;
    symlink(&target, &link)?;
    assert_eq!(desk.sends(&link)?["already"], false, "what a link leads to is sent");
    assert!(fs::symlink_metadata(desk.vault().join("link.mp4"))?.is_file(), "as a plain file");
    assert_eq!(desk.sends(&target)?["already"], true, "and is there when it is sent by its own path");
    Ok(())
}

#[test]
fn two_films_with_one_name_are_both_kept() -> Result<()> {
    let desk = Desk::new()?;
    let (one, two) = (desk.path("a/film.mp4"), desk.path("b/film.mp4"));
    for (seed, film) in [(1, &one), (2, &two)] {
        fs::create_dir_all(film.parent().expect("it has one"))?;
        noise(film, seed, 1 << 20)?;
        desk.sends(film)?;
    }
    assert_eq!(blake3(&desk.vault().join("film.mp4"))?, blake3(&one)?, "the first keeps its name");
    assert_eq!(blake3(&desk.vault().join("film (2).mp4"))?, blake3(&two)?, "nothing is ever replaced");
    Ok(())
}

#[test]
fn a_taken_name_is_skipped_or_replaced_as_was_asked() -> Result<()> {
    let desk = Desk::new()?;
    let films: Vec<_> = ["a/film.mp4", "b/film.mp4"].map(|name| desk.path(name)).into();
    for (seed, film) in (1..).zip(&films) {
        fs::create_dir_all(film.parent().expect("it has one"))?;
        noise(film, seed, 1 << 20)?;
    }
    desk.sends(&films[0])?;
    let (code, events) = desk.run(&[&films[1]], &["--if-taken", "skip"])?;
    assert_eq!(code, Some(0), "it was asked to skip, and did");
    let said = last(&events, "skipped")?["message"].as_str().unwrap_or_default().to_owned();
    assert!(said.contains("film.mp4 is in the vault already"), "it says which and why: {said}");
    assert_eq!(blake3(&desk.vault().join("film.mp4"))?, blake3(&films[0])?, "what is there is untouched");
    let (code, events) = desk.run(&[&films[1]], &["--if-taken", "replace"])?;
    assert_eq!(code, Some(0), "now it is to be sent: {:?}", events.last());
    assert_eq!(blake3(&desk.vault().join("film.mp4"))?, blake3(&films[1])?, "it stands in the other's place");
    assert!(!desk.vault().join("film (2).mp4").exists(), "and nowhere else");
    Ok(())
}

#[test]
fn a_name_is_made_as_the_template_says() -> Result<()> {
    let desk = Desk::new()?;
    let film = desk.path("film.mp4");
    noise(&film, 5, 1 << 20)?;
    let (code, events) = desk.run(&[&film], &["--name", "archive-{stem}-master{extension}"])?;
    assert_eq!(code, Some(0), "a template is no hindrance: {:?}", events.last());
    assert!(desk.vault().join("archive-film-master.mp4").is_file(), "it is called so");
    let (code, _) = desk.run(&[&film], &["--name", "{date}/{name}"])?;
    assert_eq!(code, Some(1), "a vault has no folders, and none are made up");
    Ok(())
}

#[test]
fn the_same_file_twice_in_one_run_is_one_transfer() -> Result<()> {
    let desk = Desk::new()?;
    let film = desk.path("film.mp4");
    noise(&film, 3, 3 << 20)?;
    let (code, events) = desk.run(&[&film, &film], &[])?;
    assert_eq!(code, Some(0), "both arguments are there");
    let done = events.iter().filter(|event| event["event"] == "done").count();
    assert_eq!(done, 1, "it is one file and was sent once: {:?}", last(&events, "done")?);
    assert_eq!(
        fs::read_dir(desk.vault())?.filter_map(Result::ok).filter(|entry| entry.path().is_file()).count(),
        1,
        "one object"
    );
    Ok(())
}
