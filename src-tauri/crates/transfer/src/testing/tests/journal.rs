//! The journal in memory keeps what it took, tells when it did not, and a crash finds just that.

use std::path::PathBuf;

use crate::ids::{BatchId, DestinationId, TransferId};
use crate::journal::{AckedChunk, Change, Journal, TransferRecord};
use crate::layout::ChunkLayout;
use crate::name::FileName;
use crate::placing::Placing;
use crate::remote::ChunkReceipt;
use crate::source::Fingerprint;
use crate::state::{Intent, Priority, TransferState};
use crate::testing::MemoryJournal;
use crate::tree::Cv;
use crate::units::{MIB, Timestamp};

fn record(position: i64) -> TransferRecord {
    TransferRecord {
        id: TransferId::random(),
        batch: BatchId::random(),
        position,
        priority: Priority::Normal,
        path: PathBuf::from("/films/one.mp4"),
        name: FileName::new("one.mp4").expect("a name"),
        placing: Placing::default(),
        destination: DestinationId("vault:/films".to_owned()),
        fingerprint: Fingerprint { size: 3 * MIB, modified_ns: 1, sample: String::new() },
        layout: Some(layout()),
        amending: false,
        max_chunk_len: None,
        handle: None,
        intent: Intent::Run,
        state: TransferState::Queued,
        root: None,
        bytes_sent: 0,
        created_at: Timestamp(0),
        ended_at: None,
    }
}

fn layout() -> ChunkLayout {
    ChunkLayout::new(3 * MIB, MIB).expect("a layout")
}

fn acked(number: u32) -> AckedChunk {
    let index = layout().index(number).expect("a chunk");
    AckedChunk { index, cv: Cv([number as u8; 32]), receipt: ChunkReceipt(number.to_string()) }
}

fn ack(id: TransferId, numbers: &[u32], bytes_sent: u64) -> Change {
    Change::Ack { id, chunks: numbers.iter().copied().map(acked).collect(), bytes_sent }
}

fn save(record: &TransferRecord) -> Change {
    Change::Save(Box::new(record.clone()))
}

fn forget(record: &TransferRecord, digests: bool) -> Change {
    Change::Forget { record: Box::new(record.clone()), digests }
}

async fn with(record: &TransferRecord) -> MemoryJournal {
    let journal = MemoryJournal::new();
    journal
        .write(&[Change::Create(vec![record.clone()]), ack(record.id, &[0, 2], 2 * MIB)])
        .await
        .expect("a new transfer, and its chunks");
    journal
}

#[tokio::test]
async fn transfers_come_in_line_order_and_new_ones_all_or_none() {
    let journal = MemoryJournal::new();
    let (first, second, third) = (record(1), record(2), record(3));
    journal.write(&[Change::Create(vec![second.clone(), first.clone()])]).await.expect("two new transfers");
    assert_eq!(journal.transfers().await.expect("healthy"), [first.clone(), second.clone()], "lower goes first");
    assert!(journal.write(&[Change::Create(vec![third, first.clone()])]).await.is_err(), "a known transfer is not new");
    assert_eq!(journal.transfers().await.expect("healthy"), [first, second], "one refused, all refused");
}

#[tokio::test]
async fn digests_outlive_acknowledgements() {
    let one = record(1);
    let journal = with(&one).await;
    assert_eq!(journal.transfers().await.expect("healthy")[0].bytes_sent, 2 * MIB, "an ack brings the bytes sent");
    journal.write(&[Change::Unack { id: one.id, chunks: vec![acked(2).index] }]).await.expect("healthy");
    let chunks = journal.chunks(one.id).await.expect("healthy");
    assert_eq!(chunks.acked, [(0, ChunkReceipt("0".to_owned()))], "the lost one is to be sent again");
    assert_eq!(chunks.cvs, [(0, acked(0).cv), (2, acked(2).cv)], "its digest is still right");
    journal.write(&[forget(&one, false)]).await.expect("healthy");
    let chunks = journal.chunks(one.id).await.expect("healthy");
    assert_eq!((chunks.acked.len(), chunks.cvs.len()), (0, 2), "a new upload of the same file");
    journal.write(&[forget(&one, true)]).await.expect("healthy");
    assert!(journal.chunks(one.id).await.expect("healthy").cvs.is_empty(), "another file");
}

#[tokio::test]
async fn a_crash_finds_what_was_written_and_nothing_later() {
    let one = record(1);
    let journal = with(&one).await;
    let disk = journal.as_on_disk();
    journal.write(&[Change::Remove(vec![one.id])]).await.expect("healthy");
    assert!(journal.transfers().await.expect("healthy").is_empty(), "it was removed");
    assert_eq!(disk.chunks(one.id).await.expect("healthy").acked.len(), 2, "the copy is of the instant before");
}

#[tokio::test]
async fn a_write_that_fails_changes_nothing() {
    let one = record(1);
    let journal = with(&one).await;
    let writes = journal.writes();
    journal.fail_next(1);
    assert!(journal.write(&[Change::Remove(vec![one.id])]).await.is_err(), "the next write fails");
    assert!(journal.transfers().await.is_ok(), "reading is no write");
    journal.broken(true);
    assert!(
        journal.transfers().await.is_err() && journal.write(&[save(&one)]).await.is_err(),
        "a broken one does nothing"
    );
    journal.broken(false);
    assert_eq!(journal.writes(), writes, "what failed does not count");
    assert_eq!(journal.transfers().await.expect("mended").len(), 1, "and had no effect");
}

#[tokio::test]
async fn of_changes_that_come_together_one_that_fails_undoes_the_others() {
    let (one, nobody) = (record(1), record(2));
    let journal = with(&one).await;
    let gone = Change::Remove(vec![one.id]);
    let together = [ack(one.id, &[1], 3 * MIB), Change::Create(vec![record(3)]), gone, save(&nobody)];
    journal.write(&together).await.expect_err("the last one cannot be written");
    assert_eq!(journal.transfers().await.expect("healthy").len(), 1, "nothing was added and nothing removed");
    let chunks = journal.chunks(one.id).await.expect("it is there");
    assert_eq!(chunks.acked.len(), 2, "and nothing acknowledged");
}

#[tokio::test]
async fn what_is_not_there_cannot_be_written() {
    let (journal, nobody) = (MemoryJournal::new(), record(1));
    assert!(journal.write(&[save(&nobody)]).await.is_err(), "a save of an unknown transfer would be lost silently");
    assert!(journal.write(&[ack(nobody.id, &[0], 1)]).await.is_err(), "and so would its chunks");
    assert!(journal.chunks(nobody.id).await.is_err(), "an unknown transfer is not an empty one");
    journal.write(&[Change::Remove(vec![nobody.id])]).await.expect("what is not there is already forgotten");
}
