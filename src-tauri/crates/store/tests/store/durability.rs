//! What was answered is there afterwards, however the program ended.

use std::ffi::OsString;
use std::fs;
use std::path::Path;

use server::ports::{Catalogue, Ledger};
use tempfile::tempdir;
use transfer::journal::{Change, Journal};
use transfer::units::Timestamp;

use crate::child::{Second, folder_of_child};
use crate::samples::{acked, journal_in, mark, record, transfer_id, upload, upload_id, vault_in, video, whole};

/// What a kill at this instant would leave.
fn as_killed(folder: &Path) -> tempfile::TempDir {
    let copy = tempdir().expect("a folder");
    for entry in fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("an entry")) {
        fs::copy(entry.path(), copy.path().join(entry.file_name())).expect("a copy");
    }
    copy
}

#[tokio::test]
async fn a_journal_that_was_not_closed_has_everything() {
    let folder = tempdir().expect("a folder");
    let journal = journal_in(folder.path()).await;
    for number in 0..4 {
        journal.write(&[Change::Create(vec![record(number, number)])]).await.expect("a transfer");
        let chunks = vec![acked(3, 1), acked(7, 2)];
        journal.write(&[Change::Ack { id: transfer_id(number), chunks, bytes_sent: 5 }]).await.expect("chunks");
        let killed = as_killed(folder.path());
        let found = journal_in(killed.path()).await;
        assert_eq!(whole(&found).await, whole(&journal).await, "every answered call is in the files");
        found.close().await;
    }
    let expected = whole(&journal).await;
    drop(journal);
    let again = journal_in(folder.path()).await;
    assert_eq!(whole(&again).await, expected, "dropping it loses nothing");
    again.close().await;
}

#[tokio::test]
async fn a_vault_that_was_not_closed_has_everything() {
    let folder = tempdir().expect("a folder");
    let vault = vault_in(folder.path()).await;
    vault.begin(&upload(1)).await.expect("an upload");
    vault.mark(&[(upload_id(1), mark(0, 100, true))], Timestamp(9)).await.expect("a mark");
    vault.publish(&video(2, 0)).await.expect("a video");
    let killed = as_killed(folder.path());
    let found = vault_in(killed.path()).await;
    assert_eq!(found.uploads().await.expect("uploads"), vault.uploads().await.expect("uploads"), "the upload is there");
    let arrived = found.arrived(&upload_id(1)).await.expect("what arrived");
    assert_eq!(
        arrived,
        vault.arrived(&upload_id(1)).await.expect("what arrived"),
        "an acknowledged byte is never lost"
    );
    assert_eq!(found.videos(None, 9).await.expect("videos"), [video(2, 0)], "the video is there");
    found.close().await;
    vault.close().await;
}

#[tokio::test]
async fn a_clean_end_leaves_one_file() {
    let folder = tempdir().expect("a folder");
    let vault = vault_in(folder.path()).await;
    vault.begin(&upload(1)).await.expect("an upload");
    vault.close().await;
    vault.close().await;
    assert_eq!(names_in(folder.path()), ["pawl.lock", "vault.db"], "whoever copies the folder copies a whole database");
}

#[tokio::test]
async fn a_database_that_was_only_opened_leaves_one_file_too() {
    let folder = tempdir().expect("a folder");
    for start in ["a new one", "an old one"] {
        vault_in(folder.path()).await.close().await;
        assert_eq!(names_in(folder.path()), ["pawl.lock", "vault.db"], "{start} has nothing to fold");
    }
}

fn names_in(folder: &Path) -> Vec<OsString> {
    let entries = fs::read_dir(folder).expect("the folder");
    let mut names: Vec<_> = entries.map(|entry| entry.expect("an entry").file_name()).collect();
    names.sort();
    names
}

/// The part of the second process; nothing in an ordinary run.
#[tokio::test]
async fn child_acknowledges_until_it_is_killed() {
    let Some(folder) = folder_of_child() else { return };
    let journal = journal_in(&folder).await;
    journal.write(&[Change::Create(vec![record(0, 0)])]).await.expect("a transfer");
    for round in 1u64.. {
        let chunks = vec![acked((round % 100) as u32, (round % 251) as u8)];
        let ack = Change::Ack { id: transfer_id(0), chunks, bytes_sent: round };
        journal.write(&[ack]).await.expect("an acknowledgement");
        println!("acknowledged:{round}");
    }
}

#[tokio::test]
async fn a_killed_writer_loses_nothing_that_it_was_told() {
    for rounds in [1, 40, 300] {
        let folder = tempdir().expect("a folder");
        let mut second = Second::start("durability::child_acknowledges_until_it_is_killed", folder.path());
        let last = (0..rounds).map(|_| second.wait_for("acknowledged:")).last().expect("at least one round");
        second.kill();
        let told: u64 = last.parse().expect("a number");
        let journal = journal_in(folder.path()).await;
        let found = journal.transfers().await.expect("the list").remove(0).bytes_sent;
        assert!(found >= told, "round {told} was acknowledged, the journal knows {found}");
        let chunks = journal.chunks(transfer_id(0)).await.expect("chunks").acked.len() as u64;
        assert_eq!(chunks, found.min(100), "a call is there whole or not at all");
        journal.close().await;
    }
}
