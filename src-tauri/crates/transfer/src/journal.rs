//! The persistence port: what must survive a kill -9, and when it is written.
//!
//! Intent and state are journalled before the request that follows from them, acknowledgements after the reply, in
//! batches: a crash may forget one and never invents one. What is in flight is never written.

use std::fmt;
use std::path::PathBuf;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::ids::{BatchId, DestinationId, TransferId};
use crate::layout::{ChunkIndex, ChunkLayout};
use crate::name::FileName;
use crate::placing::Placing;
use crate::remote::{ChunkReceipt, UploadHandle};
use crate::source::Fingerprint;
use crate::state::{Intent, Priority, TransferState};
use crate::tree::{Cv, Root};
use crate::units::Timestamp;

/// Why the journal did not take or give something.
#[derive(Debug, Error)]
#[error("the journal cannot {what}")]
pub struct JournalError {
    /// What it was asked for: "save a transfer".
    pub what: &'static str,
    /// What lay beneath.
    #[source]
    pub source: Box<dyn std::error::Error + Send + Sync>,
}

/// One transfer as the journal keeps it: everything but its chunks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferRecord {
    /// Who it is.
    pub id: TransferId,
    /// With whom it was dropped.
    pub batch: BatchId,
    /// Its place in line: lower goes first.
    pub position: i64,
    /// Whose turn comes before its place in line.
    pub priority: Priority,
    /// Where the file is (any bytes).
    pub path: PathBuf,
    /// What the object is called.
    pub name: FileName,
    /// In which folders it shall stand, and what to do where its name is taken.
    pub placing: Placing,
    /// Where it goes.
    pub destination: DestinationId,
    /// What we promised to send.
    pub fingerprint: Fingerprint,
    /// Size and chunks; none before the first Preparing.
    pub layout: Option<ChunkLayout>,
    /// Whether the file became another: what arrived is still to be compared with it. Until then `layout` and the digests
    /// are those of the file of before.
    pub amending: bool,
    /// The longest chunk that this destination takes, in bytes, once it refused a longer one.
    pub max_chunk_len: Option<u64>,
    /// The remote's upload; none before begin was answered.
    pub handle: Option<UploadHandle>,
    /// What the user wants.
    pub intent: Intent,
    /// What is observed.
    pub state: TransferState,
    /// The whole file's hash, once every chunk's is known.
    pub root: Option<Root>,
    /// Bytes that left this machine for it, those sent again included.
    pub bytes_sent: u64,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it became Done, Failed, Cancelled or Skipped.
    pub ended_at: Option<Timestamp>,
}

/// One acknowledged chunk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AckedChunk {
    /// Which.
    pub index: ChunkIndex,
    /// Its digest, made by us while it was read.
    pub cv: Cv,
    /// What the driver wants to remember.
    pub receipt: ChunkReceipt,
}

/// What the journal knows of a transfer's chunks. Plain numbers: the layout that mints indices stands in the record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChunkRecords {
    /// The acknowledged ones: number, receipt.
    pub acked: Vec<(u32, ChunkReceipt)>,
    /// The digests that we made, also of chunks that must be sent again: number, digest.
    pub cvs: Vec<(u32, Cv)>,
}

/// One thing to write down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// New transfers.
    Create(Vec<TransferRecord>),
    /// The record as it is now.
    Save(Box<TransferRecord>),
    /// Chunks of a transfer that were acknowledged, and the bytes that left the machine so far.
    Ack {
        /// Whose.
        id: TransferId,
        /// Which.
        chunks: Vec<AckedChunk>,
        /// Those that were sent again included.
        bytes_sent: u64,
    },
    /// The remote lost these acknowledgements; the digests stay.
    Unack {
        /// Whose.
        id: TransferId,
        /// Which.
        chunks: Vec<ChunkIndex>,
    },
    /// The record as it is now, and nothing of its acknowledgements.
    Forget {
        /// The record.
        record: Box<TransferRecord>,
        /// Whether the digests go as well.
        digests: bool,
    },
    /// The record as it is now, and nothing of any chunk but these, digest and all.
    Amend {
        /// The record.
        record: Box<TransferRecord>,
        /// Which stay.
        keep: Vec<ChunkIndex>,
    },
    /// These transfers are forgotten; who is not there is forgotten already.
    Remove(Vec<TransferId>),
}

impl Change {
    /// What cannot be done where it fails: "save a transfer".
    pub fn what(&self) -> &'static str {
        match self {
            Self::Create(_) => "add transfers",
            Self::Save(_) => "save a transfer",
            Self::Ack { .. } => "write down acknowledged chunks",
            Self::Unack { .. } => "take acknowledgements back",
            Self::Forget { .. } => "forget chunks",
            Self::Amend { .. } => "amend a transfer",
            Self::Remove(_) => "forget transfers",
        }
    }
}

/// The persistence port. Every call returns once the write is in the database, in the order of the calls.
#[async_trait]
pub trait Journal: Send + Sync + fmt::Debug {
    /// Every transfer, in line order. Cheap with 10,000 finished ones: chunks are loaded one by one.
    async fn transfers(&self) -> Result<Vec<TransferRecord>, JournalError>;

    /// The chunks of one.
    async fn chunks(&self, id: TransferId) -> Result<ChunkRecords, JournalError>;

    /// Writes these down in their order, all or none: what comes together is one commit.
    async fn write(&self, changes: &[Change]) -> Result<(), JournalError>;
}
