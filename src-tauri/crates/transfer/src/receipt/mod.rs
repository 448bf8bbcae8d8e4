//! The receipt of a film that is done: what was sent, where it went, and what proves it, to be kept as long as the film.
//!
//! Pure. [`Receipt`] is written as JSON and read strictly (`written`); a [`Checker`] holds any bytes against it later
//! (`check`). Invariant: the digests of a receipt's chunks merge to its root. It is no signature: whoever may write the
//! file may write another one.

mod check;
mod contents;
#[cfg(test)]
mod tests;
mod written;

use thiserror::Error;

use crate::ids::ObjectId;
use crate::journal::{ChunkRecords, TransferRecord};
use crate::layout::LayoutError;
use crate::name::FileName;
use crate::placing::Folders;
use crate::remote::Proof;
use crate::state::TransferState;
use crate::units::Timestamp;

pub use check::{Checker, Difference, Verdict};
pub use contents::Contents;

/// What a receipt calls itself.
pub const FORMAT: &str = "pawl-receipt";
/// The version that this Pawl writes, and the only one that it reads.
pub const VERSION: u32 = 1;

/// What is known of a film that is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// What the object was to be called.
    pub name: FileName,
    /// In which folders, where the destination has such.
    pub folders: Folders,
    /// The name of the file that was sent.
    pub source: FileName,
    /// Its bytes, by their digests.
    pub contents: Contents,
    /// Where it went, as a person calls it; no secret is in it.
    pub destination: String,
    /// The object there.
    pub object: ObjectId,
    /// What its being done rests on.
    pub proof: Proof,
    /// When it was added.
    pub added_at: Timestamp,
    /// When it was done.
    pub finished_at: Timestamp,
    /// Bytes that left for it, those sent again included.
    pub bytes_sent: u64,
}

/// Why a text is no receipt that can be relied on.
#[derive(Debug, Error)]
pub enum ReceiptError {
    /// Something else.
    #[error("this is no receipt of Pawl")]
    Foreign(#[source] serde_json::Error),
    /// JSON of something else.
    #[error("this is no receipt of Pawl but {0:?}")]
    Format(String),
    /// Of another Pawl.
    #[error("the receipt has version {0}, and this Pawl reads version {VERSION}: read it with the Pawl that wrote it")]
    Version(u32),
    /// A field is missing, unknown, or holds what it cannot hold.
    #[error("the receipt is damaged")]
    Damaged(#[source] serde_json::Error),
    /// No file has such chunks.
    #[error("the receipt is damaged")]
    Layout(#[from] LayoutError),
    /// Too many digests or too few.
    #[error("the receipt is damaged: a file of its size has {expected} chunks, and it has the digests of {found}")]
    Count {
        /// Chunks of its size.
        expected: u32,
        /// Digests.
        found: usize,
    },
    /// A digest is another.
    #[error("the receipt was changed: the digests of its chunks do not make the digest of the whole")]
    Root,
    /// The bytes that were sent and those that were sent again do not fit.
    #[error("the receipt is damaged: {sent} bytes sent and {resent} of them again is not what its size makes of it")]
    Resent {
        /// As it says.
        sent: u64,
        /// As it says.
        resent: u64,
    },
    /// A time is none.
    #[error("the receipt is damaged: {0:?} is no time")]
    Instant(String),
}

impl Receipt {
    /// The receipt of a transfer; none before it is done. Digests of chunks that are not all known, or are not those of
    /// what was sent, are left out: then the root stands alone.
    pub fn of(record: &TransferRecord, chunks: &ChunkRecords, destination: String) -> Option<Self> {
        let TransferState::Done(completed) = &record.state else { return None };
        Some(Self {
            name: record.name.clone(),
            folders: record.placing.folders.clone(),
            source: FileName::of(&record.path).unwrap_or_else(|_| record.name.clone()),
            contents: Contents::known(record.layout?, record.root?, &chunks.cvs),
            destination,
            object: completed.object.clone(),
            proof: completed.proof,
            added_at: record.created_at,
            finished_at: record.ended_at?,
            bytes_sent: record.bytes_sent,
        })
    }

    /// Bytes that left more often than once: what was sent beyond the file's own size.
    pub fn bytes_resent(&self) -> u64 {
        self.bytes_sent.saturating_sub(self.contents.layout().size())
    }
}
