//! Looking at a vault's database through a copy.

use std::fs;

use server::ports::{Catalogue, Ledger};
use store::{FolderLock, OpenError, VaultCopy, Why};

use crate::samples::{upload, vault_in};

#[tokio::test]
async fn a_copy_says_what_the_original_would_and_leaves_it_as_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let vault = vault_in(folder.path()).await;
    let row = upload(1);
    vault.begin(&row).await.expect("it is written");
    vault.close().await;
    let database = folder.path().join("vault.db");
    let before = fs::read(&database).expect("it is there");
    let copy = VaultCopy::open(folder.path()).await.expect("it can be looked at");
    assert_eq!(copy.unusable, None, "it is sound");
    assert_eq!(copy.vault.uploads().await.expect("it can be read"), [row], "what the original holds");
    let locked = FolderLock::take(folder.path());
    assert!(matches!(locked, Err(OpenError::Locked { .. })), "nobody opens it meanwhile: {locked:?}");
    copy.vault.videos(None, 10).await.expect("it can be read");
    copy.close().await;
    assert_eq!(fs::read(&database).expect("it is there"), before, "not a byte is another");
    FolderLock::take(folder.path()).expect("and it is free again");
}

#[tokio::test]
async fn what_is_in_the_log_alone_is_seen_too() {
    let (folder, crashed) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let vault = vault_in(folder.path()).await;
    vault.begin(&upload(1)).await.expect("it is written");
    for name in ["vault.db", "vault.db-wal"] {
        fs::copy(folder.path().join(name), crashed.path().join(name)).expect("as a crash leaves it");
    }
    let copy = VaultCopy::open(crashed.path()).await.expect("it can be looked at");
    assert_eq!(copy.vault.uploads().await.expect("it can be read").len(), 1, "a crash loses nothing");
    copy.close().await;
    assert!(crashed.path().join("vault.db-wal").exists(), "and the log is left for the next opener");
    vault.close().await;
}

#[tokio::test]
async fn where_nothing_can_be_looked_at_that_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let none = VaultCopy::open(folder.path()).await;
    assert!(matches!(none, Err(OpenError::NoVault { .. })), "an empty one must not look like a sound one: {none:?}");
    assert_eq!(fs::read_dir(folder.path()).expect("it is there").count(), 0, "and nothing is made");
    fs::write(folder.path().join("vault.db"), "no database").expect("it is written");
    let copy = VaultCopy::open(folder.path()).await.expect("a copy can be made");
    assert_eq!(copy.unusable, Some(Why::Damaged), "whoever looks must know");
    copy.close().await;
    assert_eq!(fs::read(folder.path().join("vault.db")).expect("it is there"), b"no database", "it stays where it is");
}
