//! One Pawl a folder.

use std::io::{Read, stdin};
use std::process;

use store::{FolderLock, OpenError, SqliteJournal, SqliteVault};
use tempfile::tempdir;

use crate::child::{Second, folder_of_child};
use crate::samples::{journal_in, vault_in};

#[tokio::test]
async fn a_second_opener_in_the_same_process_is_told_so() {
    let folder = tempdir().expect("a folder");
    let first = vault_in(folder.path()).await;
    let refused = SqliteVault::open(folder.path()).await.expect_err("the folder is in use");
    let here = folder.path().canonicalize().expect("the folder");
    match &refused {
        OpenError::Locked { folder, pid } => {
            assert_eq!((folder, *pid), (&here, Some(process::id())), "the user must know where and who");
        }
        other => panic!("a folder in use is locked, nothing else: {other}"),
    }
    let sentence = refused.to_string();
    assert!(
        sentence.starts_with("another Pawl") && sentence.contains("nothing was touched"),
        "clear words: {sentence}"
    );
    first.close().await;
    vault_in(folder.path()).await.close().await;
}

#[tokio::test]
async fn a_journal_that_was_dropped_can_be_opened_again_at_once() {
    let folder = tempdir().expect("a folder");
    for _ in 0..20 {
        drop(journal_in(folder.path()).await);
    }
}

#[test]
fn the_lock_itself_is_taken_once() {
    let folder = tempdir().expect("a folder");
    let held = FolderLock::take(folder.path()).expect("it is free");
    assert!(matches!(FolderLock::take(folder.path()), Err(OpenError::Locked { .. })), "it is held");
    drop(held);
    FolderLock::take(folder.path()).expect("it is free again");
}

/// The part of the second process; nothing in an ordinary run.
#[tokio::test]
async fn child_holds_the_folder() {
    let Some(folder) = folder_of_child() else { return };
    let journal = journal_in(&folder).await;
    println!("held.");
    // Until the other process closes this end, or kills this process.
    stdin().read_to_end(&mut Vec::new()).ok();
    journal.close().await;
}

#[tokio::test]
async fn a_second_process_is_told_so_and_a_killed_one_leaves_no_lock() {
    let folder = tempdir().expect("a folder");
    let mut second = Second::start("lock::child_holds_the_folder", folder.path());
    second.wait_for("held.");
    match SqliteJournal::open(folder.path()).await {
        Err(OpenError::Locked { pid, .. }) => assert_eq!(pid, Some(second.id()), "the message names the other"),
        other => panic!("the folder is in use by another process: {other:?}"),
    }
    second.kill();
    journal_in(folder.path()).await.close().await;
}
