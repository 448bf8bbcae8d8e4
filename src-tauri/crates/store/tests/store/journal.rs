//! The port's promises: the same calls leave the same journal in SQLite and in memory.

use std::path::Path;

use proptest::collection::vec;
use proptest::prelude::*;
use tempfile::tempdir;
use tokio::runtime::Runtime;
use transfer::ids::TransferId;
use transfer::journal::{AckedChunk, Change, Journal};
use transfer::layout::{ChunkIndex, ChunkLayout};
use transfer::testing::MemoryJournal;
use transfer::units::MIB;

use crate::samples::{acked, index, journal_in, record, transfer_id, whole};

/// How many different transfers the calls speak of.
const TRANSFERS: u8 = 4;

#[derive(Debug, Clone)]
enum Call {
    Create(Vec<(u8, u8)>),
    Save(u8, u8),
    Ack(u8, Vec<(u32, u8)>, u64),
    Unack(u8, Vec<u32>),
    Forget(u8, u8, bool),
    Amend(u8, u8, Vec<u32>),
    Remove(u8),
}

fn call() -> impl Strategy<Value = Call> {
    let (id, variant) = (|| 0..TRANSFERS, any::<u8>);
    let number = || 0u32..100;
    prop_oneof![
        3 => vec((id(), variant()), 0..3).prop_map(Call::Create),
        3 => (id(), variant()).prop_map(|(id, variant)| Call::Save(id, variant)),
        6 => (id(), vec((number(), variant()), 0..30), 0..u64::MAX / 2).prop_map(|(id, c, sent)| Call::Ack(id, c, sent)),
        2 => (id(), vec(number(), 0..20)).prop_map(|(id, chunks)| Call::Unack(id, chunks)),
        1 => (id(), variant(), any::<bool>()).prop_map(|(id, variant, digests)| Call::Forget(id, variant, digests)),
        1 => (id(), variant(), vec(number(), 0..20)).prop_map(|(id, variant, kept)| Call::Amend(id, variant, kept)),
        1 => id().prop_map(Call::Remove),
    ]
}

fn change(call: &Call) -> Change {
    match call {
        Call::Create(made) => Change::Create(made.iter().map(|(id, variant)| record(*id, *variant)).collect()),
        Call::Save(id, variant) => Change::Save(Box::new(record(*id, *variant))),
        Call::Ack(id, chunks, sent) => {
            let chunks = chunks.iter().map(|(number, variant)| acked(*number, *variant)).collect();
            Change::Ack { id: transfer_id(*id), chunks, bytes_sent: *sent }
        }
        Call::Unack(id, numbers) => Change::Unack { id: transfer_id(*id), chunks: indices(numbers) },
        Call::Forget(id, variant, digests) => {
            Change::Forget { record: Box::new(record(*id, *variant)), digests: *digests }
        }
        Call::Amend(id, variant, numbers) => {
            Change::Amend { record: Box::new(record(*id, *variant)), keep: indices(numbers) }
        }
        Call::Remove(id) => Change::Remove(vec![transfer_id(*id)]),
    }
}

fn indices(numbers: &[u32]) -> Vec<ChunkIndex> {
    numbers.iter().map(|number| index(*number)).collect()
}

fn ack(id: TransferId, chunks: &[AckedChunk], bytes_sent: u64) -> [Change; 1] {
    [Change::Ack { id, chunks: chunks.to_vec(), bytes_sent }]
}

async fn agrees_with_memory(folder: &Path, stacks: &[Vec<Call>]) -> Result<(), TestCaseError> {
    let (sqlite, memory) = (journal_in(folder).await, MemoryJournal::new());
    for calls in stacks {
        let changes: Vec<_> = calls.iter().map(change).collect();
        let (kept, expected) = (sqlite.write(&changes).await, memory.write(&changes).await);
        prop_assert_eq!(kept.is_ok(), expected.is_ok(), "both take or refuse {:?}: {:?}", calls, kept);
        prop_assert_eq!(whole(&sqlite).await, whole(&memory).await, "a read after {:?} sees it", calls);
        for id in (0..TRANSFERS).map(transfer_id) {
            let known = memory.chunks(id).await.is_ok();
            prop_assert_eq!(sqlite.chunks(id).await.is_ok(), known, "chunks of an unknown transfer are an error");
        }
    }
    sqlite.close().await;
    let again = journal_in(folder).await;
    prop_assert_eq!(whole(&again).await, whole(&memory).await, "a restart changes nothing");
    again.close().await;
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn the_same_calls_leave_the_same_journal_as_in_memory(stacks in vec(vec(call(), 1..4), 0..25)) {
        let folder = tempdir().expect("a folder");
        Runtime::new().expect("a runtime").block_on(agrees_with_memory(folder.path(), &stacks))?;
    }
}

#[tokio::test]
async fn calls_made_at_once_are_all_kept() {
    let folder = tempdir().expect("a folder");
    let journal = journal_in(folder.path()).await;
    let records: Vec<_> = (0..8).map(|number| record(number, 1)).collect();
    journal.write(&[Change::Create(records.clone())]).await.expect("eight transfers");
    let (one, two) = (acked(0, 1), acked(1, 2));
    let [a, b, c] = [0, 1, 2].map(transfer_id);
    let (first, second, third) = (ack(a, std::slice::from_ref(&one), 1), ack(b, &[one], 2), ack(a, &[two], 3));
    let (known, gone) = ([Change::Create(records[..1].to_vec())], [Change::Remove(vec![c])]);
    let answers = tokio::join!(
        journal.write(&first),
        journal.write(&second),
        journal.write(&known),
        journal.write(&third),
        journal.write(&gone),
    );
    assert!(answers.2.is_err(), "the one that must fail fails");
    assert!(
        answers.0.is_ok() && answers.1.is_ok() && answers.3.is_ok() && answers.4.is_ok(),
        "the others are not undone with it: {answers:?}"
    );
    assert_eq!(journal.chunks(a).await.expect("chunks").acked.len(), 2, "both acknowledgements are there");
    let left = journal.transfers().await.expect("the list");
    assert_eq!(left.len(), 7, "the removed one is gone");
    let sent = left.iter().find(|found| found.id == a).map(|found| found.bytes_sent);
    assert_eq!(sent, Some(3), "calls take effect in their order");
    journal.close().await;
}

#[tokio::test]
async fn a_hundred_gibibytes_of_chunks_fit_and_go_with_their_transfer() {
    let folder = tempdir().expect("a folder");
    let journal = journal_in(folder.path()).await;
    let layout = ChunkLayout::new(100 << 30, 4 * MIB).expect("a layout");
    let mut big = record(0, 0);
    big.layout = Some(layout);
    journal.write(&[Change::Create(vec![big.clone()])]).await.expect("a transfer");
    let chunks: Vec<_> = layout.indices().map(|index| AckedChunk { index, ..acked(0, 9) }).collect();
    for batch in chunks.chunks(1000) {
        journal.write(&ack(big.id, batch, 1)).await.expect("acknowledgements");
    }
    let found = journal.chunks(big.id).await.expect("chunks");
    assert_eq!((found.acked.len(), found.cvs.len()), (25_600, 25_600), "every chunk is there, with its digest");
    assert!(found.cvs.is_sorted_by_key(|(number, _)| *number), "in order");
    journal.write(&[Change::Remove(vec![big.id])]).await.expect("it is forgotten");
    journal.write(&[Change::Create(vec![big.clone()])]).await.expect("the same file again");
    assert_eq!(journal.chunks(big.id).await.expect("chunks").cvs.len(), 0, "nothing of the first is left");
    journal.close().await;
}

#[tokio::test]
async fn settings_outlive_a_restart() {
    let folder = tempdir().expect("a folder");
    let journal = journal_in(folder.path()).await;
    assert_eq!(journal.setting("limit").await.expect("a read"), None, "what was never set is none");
    journal.set_setting("limit", "20000000").await.expect("a write");
    journal.set_setting("limit", "").await.expect("a write");
    journal.close().await;
    let journal = journal_in(folder.path()).await;
    assert_eq!(journal.setting("limit").await.expect("a read"), Some(String::new()), "the last word counts");
    journal.close().await;
    let error = journal.setting("limit").await.expect_err("a closed journal answers clearly");
    assert!(error.to_string().contains("read a setting"), "an error says what was asked: {error}");
}
