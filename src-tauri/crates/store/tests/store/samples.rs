//! Transfers and uploads to store, and whole states to compare.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::Path;

use server::ports::{Appending, Ending, Mark, Owner, Role, Stage, Upload, UploadId, Video};
use store::{Opened, SqliteJournal, SqliteVault};
use transfer::ids::{BatchId, DestinationId, ObjectId, TransferId};
use transfer::journal::{AckedChunk, ChunkRecords, Journal, TransferRecord};
use transfer::layout::{ByteRange, ChunkIndex, ChunkLayout};
use transfer::name::FileName;
use transfer::placing::{Placing, Taken};
use transfer::remote::{Arriving, ChunkReceipt, Completed, Proof, UploadHandle};
use transfer::source::Fingerprint;
use transfer::state::{Failure, FailureKind, Intent, Priority, TransferState, Wait, WaitReason};
use transfer::tree::{Cv, Root};
use transfer::units::{MIB, Timestamp};
use uuid::Uuid;

/// A journal that must open without a word.
pub(crate) async fn journal_in(folder: &Path) -> SqliteJournal {
    let Opened { value, set_aside, caution } = SqliteJournal::open(folder).await.expect("the journal opens");
    assert_eq!((set_aside, caution), (None, None), "a sound journal on a disk is nothing to talk about");
    value
}

/// A vault's database that must open without a word.
pub(crate) async fn vault_in(folder: &Path) -> SqliteVault {
    let Opened { value, set_aside, caution } = SqliteVault::open(folder).await.expect("the vault's database opens");
    assert_eq!((set_aside, caution), (None, None), "a sound database on a disk is nothing to talk about");
    value
}

pub(crate) fn transfer_id(number: u8) -> TransferId {
    TransferId(Uuid::from_u128(0x0bad_cafe << 64 | u128::from(number)))
}

/// 100 chunks of 4 MiB, the last one short.
pub(crate) fn layout() -> ChunkLayout {
    ChunkLayout::new(400 * MIB - 5, 4 * MIB).expect("a layout")
}

pub(crate) fn index(number: u32) -> ChunkIndex {
    layout().index(number).expect("a chunk of the sample")
}

/// A record whose every field follows from `variant`.
pub(crate) fn record(number: u8, variant: u8) -> TransferRecord {
    let some = |bit: u8| variant & (1 << bit) != 0;
    TransferRecord {
        id: transfer_id(number),
        batch: BatchId(Uuid::from_u128(u128::from(variant))),
        position: i64::from(variant) - 100,
        priority: [Priority::High, Priority::Normal, Priority::Low][usize::from(variant % 3)],
        path: OsString::from_vec(vec![b'/', 0xff, b'\n', number]).into(),
        name: FileName::new(vec![b'a', 0xfe, b'\n', variant.max(1)]).unwrap_or(FileName::new("slash").expect("a name")),
        placing: placing(variant),
        destination: DestinationId(format!("vault:/a folder/{variant}")),
        fingerprint: Fingerprint {
            size: u64::from(variant) << 40,
            modified_ns: i128::from(variant) * i128::from(i64::MAX) - (1 << 70),
            sample: format!("{variant:064x}"),
        },
        layout: some(0).then(layout),
        amending: some(5),
        max_chunk_len: some(1).then_some(8 * MIB),
        handle: some(2).then(|| UploadHandle(format!("handle \"{variant}\""))),
        intent: [Intent::Run, Intent::Pause, Intent::Cancel][usize::from(variant % 3)],
        state: state(variant),
        root: some(3).then_some(Root([variant; 32])),
        bytes_sent: u64::from(variant) << 33,
        created_at: Timestamp(1_700_000_000_000 + i64::from(variant)),
        ended_at: some(4).then_some(Timestamp(-1)),
    }
}

fn placing(variant: u8) -> Placing {
    let folders = (0..variant % 3).map(|depth| FileName::new(vec![b'f', 0xff, depth + 1]).expect("a name")).collect();
    Placing { folders, taken: [Taken::KeepBoth, Taken::Replace, Taken::Skip][usize::from(variant % 3)] }
}

fn state(variant: u8) -> TransferState {
    let sentence = "it said \"no\"\n\u{1f980}".to_owned();
    match variant % 11 {
        0 => TransferState::Queued,
        1 => TransferState::Preparing,
        2 => TransferState::Active,
        3 => TransferState::Completing,
        4 => TransferState::Waiting(Wait { reason: WaitReason::Source, sentence, until: Some(Timestamp(7)) }),
        5 => TransferState::Paused,
        6 => TransferState::Failed(Failure { kind: FailureKind::Corrupt { chunk: 3 }, sentence }),
        7 => TransferState::Cancelling,
        8 => TransferState::Cancelled,
        9 => TransferState::Skipped(sentence),
        _ => TransferState::Done(Completed { object: ObjectId("object".into()), proof: Proof::Root }),
    }
}

pub(crate) fn acked(number: u32, variant: u8) -> AckedChunk {
    let receipt = ChunkReceipt(if variant == 0 { String::new() } else { format!("\"etag-{variant}\"") });
    AckedChunk { index: index(number), cv: Cv([variant ^ number as u8; 32]), receipt }
}

/// Everything that a journal holds.
pub(crate) type Whole = Vec<(TransferRecord, ChunkRecords)>;

pub(crate) async fn whole(journal: &dyn Journal) -> Whole {
    let mut whole = Vec::new();
    for record in journal.transfers().await.expect("the list") {
        let chunks = journal.chunks(record.id).await.expect("the chunks of what is listed");
        whole.push((record, chunks));
    }
    whole
}

pub(crate) fn upload_id(number: u8) -> UploadId {
    UploadId(format!("upload-{number}"))
}

pub(crate) fn upload(number: u8) -> Upload {
    Upload {
        id: upload_id(number),
        object: ObjectId(format!("object-{number}")),
        amended_from: number.is_multiple_of(3).then(|| ObjectId(format!("before-{number}"))),
        owner: Owner(format!("owner-{number}")),
        name: FileName::new(vec![b'f', 0xff, number.max(48)]).expect("a name"),
        size: number.is_multiple_of(2).then_some(u64::from(number) << 30),
        chunk_len: 4 * MIB,
        stage: Stage::Receiving,
        arriving: Arriving::Yes,
        created_at: Timestamp(i64::from(number)),
        touched_at: Timestamp(i64::from(number)),
    }
}

/// What is told of [`upload`].
pub(crate) fn appending(number: u8) -> Appending {
    let parts = vec![upload_id(number.wrapping_add(1)), upload_id(number.wrapping_add(2))];
    Appending {
        id: upload_id(number),
        owner: Owner(format!("owner-{number}")),
        metadata: number.is_multiple_of(2).then(|| format!("filename {number}")),
        role: Role::Assembly { parts, said: "final;/files/a /files/b".to_owned() },
        ending: if number.is_multiple_of(3) { Ending::WhenSaid } else { Ending::WithLength },
    }
}

pub(crate) fn mark(start: u64, end: u64, vouched: bool) -> Mark {
    Mark { range: ByteRange::new(start, end).expect("a range"), cv: None, vouched }
}

pub(crate) fn video(number: u8, created_at: i64) -> Video {
    Video {
        object: ObjectId(format!("object-{number}")),
        upload: upload_id(number),
        owner: Owner(format!("owner-{number}")),
        name: FileName::new(format!("film-{number}.mp4")).expect("a name"),
        size: u64::from(number),
        root: Root([number; 32]),
        created_at: Timestamp(created_at),
    }
}
