use std::fs;
use std::os::unix::fs::symlink;

use anyhow::bail;
use tempfile::TempDir;

use super::*;

/// Vaults whose current one is `first` in a folder of their own.
async fn vaults() -> (TempDir, Vaults) {
    let root = TempDir::new().expect("a folder");
    let (vaults, told) = Vaults::open(&Folder::Usual(root.path().join("first")), Vec::new()).await;
    assert_eq!(told, Vec::<String>::new(), "there is nothing to say of a sound folder");
    (root, vaults)
}

fn made(root: &TempDir, name: &str) -> PathBuf {
    let folder = root.path().canonicalize().expect("it is there").join(name);
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

async fn change(vaults: &Vaults, folder: &Path) -> anyhow::Result<Vec<String>> {
    vaults.change(folder, async |_| Ok(())).await
}

#[tokio::test]
async fn another_folder_takes_what_is_new_and_the_old_vault_stays_open_for_what_is_under_way() {
    let (root, vaults) = vaults().await;
    let (old, folder) = (vaults.current(), made(&root, "second"));
    let mut watch = vaults.watch();
    vaults
        .change(&folder, async |kept| {
            assert_eq!(kept, folder, "this is written down");
            Ok(())
        })
        .await
        .expect("it is fine");
    assert!(watch.has_changed().expect("it lives"), "whoever shows the vault is woken");
    let new = watch.borrow_and_update().clone();
    assert_eq!((new.folder.as_path(), new.vault.is_ok()), (folder.as_path(), true), "it is the current one");
    assert!(vaults.remote(&old.id).is_ok() && vaults.remote(&new.id).is_ok(), "both take bytes");
    change(&vaults, &old.folder).await.expect("the old one is still open");
    assert_eq!(vaults.current().id, old.id, "and can be chosen again");
    vaults.close().await;
}

#[tokio::test]
async fn a_folder_that_cannot_be_a_vault_is_refused_and_nothing_changes() {
    let (root, vaults) = vaults().await;
    let before = vaults.current().id;
    let theirs = made(&root, "theirs");
    let another = OpenVault::open(&theirs).await.expect("another Pawl has it");
    let file = root.path().join("file");
    fs::write(&file, b"no folder").expect("a file");
    let own = root.path().join("first/.pawl/incoming");
    fs::create_dir_all(&own).expect("the vault's own folder");
    for (folder, why) in [(&theirs, "another Pawl"), (&file, "cannot make"), (&own, "inside a vault's own folder")] {
        let error = change(&vaults, folder).await.expect_err("it cannot be");
        assert!(format!("{error:#}").contains(why), "{} is refused: {error:#}", folder.display());
        assert_eq!(vaults.current().id, before, "nothing is changed");
    }
    another.close().await;
    vaults.close().await;
}

#[tokio::test]
async fn a_choice_that_cannot_be_written_down_does_not_hold_and_gives_the_folder_back() {
    let (root, vaults) = vaults().await;
    let (before, folder) = (vaults.current().id, made(&root, "second"));
    vaults.change(&folder, async |_| bail!("the disk is full")).await.expect_err("it was not written down");
    assert_eq!(vaults.current().id, before, "the next start would find the old one");
    OpenVault::open(&folder).await.expect("nobody holds it any more").close().await;
    vaults.close().await;
}

#[tokio::test]
async fn a_chosen_folder_that_is_gone_is_not_made_anew_and_opens_when_it_is_back() {
    let root = TempDir::new().expect("a folder");
    let (card, drawer) = (made(&root, "card"), root.path().join("drawer"));
    OpenVault::open(&card).await.expect("it was a vault").close().await;
    fs::rename(&card, &drawer).expect("the card is taken out");
    let (vaults, told) = Vaults::open(&Folder::Chosen(card.clone()), Vec::new()).await;
    assert!(told.iter().any(|sentence| sentence.contains("card")), "the person is told which: {told:?}");
    assert!(!card.exists(), "a folder below the card's place would fill the wrong disk");
    let id = vaults.current().id;
    let why = vaults.remote(&id).expect_err("it is not open");
    assert!(why.contains("plug it in"), "what waits says what to do: {why}");
    assert!(vaults.open_returned().await.0.is_empty(), "it is still out");

    fs::rename(&drawer, &card).expect("the card is back");
    assert_eq!(vaults.open_returned().await.0, std::slice::from_ref(&id), "what waits for it is named");
    assert!(vaults.current().vault.is_ok() && vaults.remote(&id).is_ok(), "it is open under the same name");
    assert!(vaults.open_returned().await.0.is_empty(), "and that is said once");
    vaults.close().await;
}

#[tokio::test]
async fn vaults_of_unfinished_transfers_are_opened_too_and_one_that_cannot_be_stops_nobody() {
    let root = TempDir::new().expect("a folder");
    let (old, link) = (made(&root, "old"), root.path().join("link"));
    OpenVault::open(&old).await.expect("it was a vault").close().await;
    symlink(&old, &link).expect("a link");
    let named = [&old, &link, &root.path().join("gone")].map(|folder| opening::name_of(folder));
    let elsewhere = DestinationId("s3:bucket".to_owned());
    let more = named.iter().cloned().chain([elsewhere.clone()]).collect();
    let (vaults, told) = Vaults::open(&Folder::Usual(root.path().join("first")), more).await;
    assert!(vaults.remote(&named[0]).is_ok(), "its transfers go on");
    assert!(vaults.remote(&named[1]).is_ok(), "by another way it is the same vault, opened once");
    assert!(vaults.remote(&named[2]).is_err() && vaults.remote(&elsewhere).is_err(), "these wait");
    assert_eq!(told.len(), 1, "what is gone is said: {told:?}");
    assert!(vaults.current().vault.is_ok(), "the current one is not touched by that");
    vaults.close().await;
}

#[tokio::test]
async fn a_vault_that_another_pawl_holds_at_the_start_is_told_and_opens_later() {
    let root = TempDir::new().expect("a folder");
    let folder = made(&root, "first");
    let another = OpenVault::open(&folder).await.expect("another Pawl has it");
    let (vaults, told) = Vaults::open(&Folder::Usual(folder.clone()), Vec::new()).await;
    assert!(told.iter().any(|sentence| sentence.contains("another Pawl")), "the person is told: {told:?}");
    another.close().await;
    assert_eq!(vaults.open_returned().await.0.len(), 1, "when the other ends it is opened");
    vaults.close().await;
}
