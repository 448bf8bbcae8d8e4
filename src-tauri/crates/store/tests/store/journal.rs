//! The port's promises: the same calls leave the same journal in SQLite and in memory.

use std::path::Path;

use proptest::collection::vec;
use proptest::prelude::*;
use tempfile::tempdir;
use tokio::runtime::Runtime;
use transfer::journal::{Journal, JournalError};
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

async fn carry_out(journal: &dyn Journal, call: &Call) -> Result<(), JournalError> {
    match call {
        Call::Create(made) => {
            let records: Vec<_> = made.iter().map(|(id, variant)| record(*id, *variant)).collect();
            journal.create(&records).await
        }
        Call::Save(id, variant) => journal.save(&record(*id, *variant)).await,
        Call::Ack(id, chunks, sent) => {
            let chunks: Vec<_> = chunks.iter().map(|(number, variant)| acked(*number, *variant)).collect();
            journal.ack(transfer_id(*id), &chunks, *sent).await
        }
        Call::Unack(id, numbers) => {
            let chunks: Vec<ChunkIndex> = numbers.iter().map(|number| index(*number)).collect();
            journal.unack(transfer_id(*id), &chunks).await
        }
        Call::Forget(id, variant, digests) => journal.forget_chunks(&record(*id, *variant), *digests).await,
        Call::Amend(id, variant, numbers) => {
            let keep: Vec<ChunkIndex> = numbers.iter().map(|number| index(*number)).collect();
            journal.amend(&record(*id, *variant), &keep).await
        }
        Call::Remove(id) => journal.remove(&[transfer_id(*id)]).await,
    }
}

async fn agrees_with_memory(folder: &Path, calls: &[Call]) -> Result<(), TestCaseError> {
    let (sqlite, memory) = (journal_in(folder).await, MemoryJournal::new());
    for call in calls {
        let (kept, expected) = (carry_out(&sqlite, call).await, carry_out(&memory, call).await);
        prop_assert_eq!(kept.is_ok(), expected.is_ok(), "both take or refuse {:?}: {:?}", call, kept);
        prop_assert_eq!(whole(&sqlite).await, whole(&memory).await, "a read after {:?} sees it", call);
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
    fn the_same_calls_leave_the_same_journal_as_in_memory(calls in vec(call(), 0..25)) {
        let folder = tempdir().expect("a folder");
        Runtime::new().expect("a runtime").block_on(agrees_with_memory(folder.path(), &calls))?;
    }
}

#[tokio::test]
async fn calls_made_at_once_are_all_kept() {
    let folder = tempdir().expect("a folder");
    let journal = journal_in(folder.path()).await;
    let records: Vec<_> = (0..8).map(|number| record(number, 1)).collect();
    journal.create(&records).await.expect("eight transfers");
    let (one, two) = (acked(0, 1), acked(1, 2));
    let [a, b, c] = [0, 1, 2].map(transfer_id);
    let gone = &[c];
    let answers = tokio::join!(
        journal.ack(a, std::slice::from_ref(&one), 1),
        journal.ack(b, std::slice::from_ref(&one), 2),
        journal.create(&records[..1]),
        journal.ack(a, std::slice::from_ref(&two), 3),
        journal.remove(gone),
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
    journal.create(std::slice::from_ref(&big)).await.expect("a transfer");
    let chunks: Vec<_> = layout.indices().map(|index| transfer::journal::AckedChunk { index, ..acked(0, 9) }).collect();
    for batch in chunks.chunks(1000) {
        journal.ack(big.id, batch, 1).await.expect("acknowledgements");
    }
    let found = journal.chunks(big.id).await.expect("chunks");
    assert_eq!((found.acked.len(), found.cvs.len()), (25_600, 25_600), "every chunk is there, with its digest");
    assert!(found.cvs.is_sorted_by_key(|(number, _)| *number), "in order");
    journal.remove(&[big.id]).await.expect("it is forgotten");
    journal.create(&[big.clone()]).await.expect("the same file again");
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
