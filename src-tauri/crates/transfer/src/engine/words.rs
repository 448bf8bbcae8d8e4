//! What one says to an engine, and what it says back.

use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::overview::Hold;
use crate::error::Trouble;
use crate::ids::{BatchId, DestinationId, TransferId};
use crate::journal::JournalError;
use crate::name::NameError;
use crate::placing::Placement;
use crate::source::SourceError;
use crate::state::TransferState;
use crate::units::Timestamp;

/// Files to add, for one destination.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddOrder {
    /// With whom they were dropped.
    pub batch: BatchId,
    /// The files.
    pub files: Vec<PathBuf>,
    /// Where they go.
    pub destination: DestinationId,
    /// How they are named and placed there.
    pub placement: Placement,
}

/// A file that is in the list now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Added {
    /// Its transfer.
    pub id: TransferId,
    /// Whether it was there before.
    pub already: bool,
}

/// Why a file was not added. The others of its batch go on.
#[derive(Debug, Error)]
pub enum Refusal {
    /// It is a folder, unreadable, or gone.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// It cannot be an object's name.
    #[error("this name cannot be kept: {0}")]
    Name(#[from] NameError),
}

/// What the user wants of one transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Hold.
    Pause,
    /// Go on.
    Resume,
    /// Give it up, and tell the remote.
    Cancel,
    /// Try again now: after a failure, or instead of waiting.
    Retry,
    /// Forget what arrived, and send the file as it is now.
    StartOver,
    /// Send the file as it is now, and keep of what arrived what is still in it.
    SendChanged,
    /// Take an ended one (Done, Cancelled or Skipped) off the list.
    Remove,
}

/// Why an engine did not do what it was told.
#[derive(Debug, Clone, Error)]
pub enum EngineError {
    /// There is no such transfer, or no longer.
    #[error("there is no transfer {0}")]
    UnknownTransfer(TransferId),
    /// The transfer's state does not allow it.
    #[error("{command:?} is not possible now")]
    NotNow {
        /// What was wanted.
        command: Command,
        /// What it is.
        state: Box<TransferState>,
    },
    /// There is no such chunk to send: another layout has it, or the transfer was given up.
    #[error("there is no chunk {chunk} to send")]
    NoChunk {
        /// The number that was asked for.
        chunk: u32,
    },
    /// It is not done: there is nothing to give a receipt for.
    #[error("there is no receipt before the film is there whole")]
    NoReceipt(TransferId),
    /// What changed of the file cannot be sent alone; the sentence says why, and what helps.
    #[error("{0}")]
    AllOrNothing(String),
    /// The file that was pointed at is not the transfer's; the sentence says how it differs.
    #[error("{0}")]
    AnotherFilm(String),
    /// The transfer has its file, or needs none any more.
    #[error("its file is not missing")]
    NotMissing,
    /// The file to start over with cannot be read.
    #[error(transparent)]
    Source(Arc<SourceError>),
    /// It could not be written down. What was wanted holds for this run; the writing is tried again.
    #[error(transparent)]
    Journal(#[from] Arc<JournalError>),
    /// The engine has ended.
    #[error("the engine has ended")]
    Stopped,
}

/// Whose word it is that a chunk is in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Voucher {
    /// The remote told its digest, which is the file's.
    Remote,
    /// The remote says that it is there and knows no digest; what we wrote down when it was acknowledged agrees.
    Journal,
}

/// One line of the log of events.
#[derive(Debug, Clone, PartialEq)]
pub struct Happening {
    /// To whom.
    pub id: TransferId,
    /// When.
    pub at: Timestamp,
    /// What.
    pub what: What,
}

/// What happened to a transfer.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// It is in the list now.
    Added,
    /// Its state is another now.
    State(TransferState),
    /// A chunk failed; it is sent again.
    ChunkFailed {
        /// Its number.
        chunk: u32,
        /// Why.
        trouble: Trouble,
        /// Failures of this chunk in a row.
        attempts: u32,
        /// When it may be tried again, if that is settled.
        next_try: Option<Timestamp>,
    },
    /// It went on, and these chunks were found in their place.
    Proven {
        /// How many.
        chunks: u32,
        /// On whose word.
        by: Voucher,
    },
    /// What had arrived was compared with a file that became another.
    Compared {
        /// Chunks that are in it as they are.
        same: u32,
        /// Chunks that are not, and are sent again as far as it has them.
        changed: u32,
    },
    /// The remote no longer has chunks that it had acknowledged; they are sent again.
    LostGround {
        /// Their numbers.
        chunks: Vec<u32>,
    },
    /// All transfers to its destination are held back from now on.
    Held(Hold),
    /// Something worth a line in the log that nothing else says.
    Told(Trouble),
    /// It left the list.
    Removed,
}
