//! What reaches the actor: requests from those who hold an engine, reports from its own tasks.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;

use super::amending::Amended;
use super::docket::{Scribed, Written};
use super::locating::Found;
use super::overview::{Changes, Snapshot, Version};
use super::picture::Picture;
use super::session::Standing;
use super::setback::Setback;
use super::words::{Added, Command, EngineError, Refusal};
use super::worker::Delivered;
use crate::ids::{BatchId, DestinationId, TransferId};
use crate::journal::TransferRecord;
use crate::layout::{ChunkIndex, ChunkLayout};
use crate::name::FileName;
use crate::placing::Placing;
use crate::remote::{Completed, Remote, UploadHandle, Wishes};
use crate::source::{Fingerprint, Source};
use crate::state::Priority;
use crate::units::Rate;

/// Where an answer goes.
pub(super) type Reply<T> = oneshot::Sender<T>;

/// What a holder of the engine wants.
#[derive(Debug)]
pub(super) enum Request {
    Command {
        id: TransferId,
        command: Command,
        fingerprint: Option<Fingerprint>,
        reply: Reply<Result<Written, EngineError>>,
    },
    Locate {
        id: TransferId,
        found: Found,
        reply: Reply<Result<Written, EngineError>>,
    },
    Hasten {
        id: TransferId,
        chunk: u32,
        reply: Reply<Result<Written, EngineError>>,
    },
    RetryFailed {
        reply: Reply<(usize, Written)>,
    },
    RemoveEnded {
        reply: Reply<(usize, Written)>,
    },
    SetLimit {
        limit: Option<Rate>,
        reply: Reply<()>,
    },
    SetDestinationLimit {
        destination: DestinationId,
        limit: Option<Rate>,
        reply: Reply<()>,
    },
    TryAgain {
        destination: DestinationId,
        reply: Reply<()>,
    },
    SetPriority {
        id: TransferId,
        priority: Priority,
        reply: Reply<Result<Written, EngineError>>,
    },
    Reorder {
        ids: Vec<TransferId>,
        before: Option<TransferId>,
        reply: Reply<Result<Written, EngineError>>,
    },
    SetParallel {
        parallel: NonZeroUsize,
        reply: Reply<()>,
    },
    Since {
        version: Version,
        reply: Reply<Changes>,
    },
    Snapshot {
        id: TransferId,
        reply: Reply<Result<Snapshot, EngineError>>,
    },
    Picture {
        id: TransferId,
        reply: Reply<Result<Picture, EngineError>>,
    },
    /// For a receipt: its record, once that is in the journal.
    Account {
        id: TransferId,
        reply: Reply<Result<(TransferRecord, Written), EngineError>>,
    },
    Shutdown {
        grace: Duration,
        reply: Reply<()>,
    },
}

/// A file that could be opened and shall be added.
#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) path: PathBuf,
    pub(super) name: FileName,
    pub(super) placing: Placing,
    pub(super) fingerprint: Fingerprint,
}

/// An order whose files were looked at.
#[derive(Debug)]
pub(super) struct Surveyed {
    pub(super) batch: BatchId,
    pub(super) destination: DestinationId,
    pub(super) candidates: Vec<Result<Candidate, Refusal>>,
}

/// What the actor made of a surveyed order: answers in order, and the new transfers, which are being written down.
#[derive(Debug)]
pub(super) struct Enlisted {
    pub(super) answers: Vec<Result<Added, Refusal>>,
    pub(super) records: Vec<TransferRecord>,
    pub(super) written: Written,
}

/// What the engine's own tasks say.
#[derive(Debug)]
pub(super) enum Report {
    /// Files to add.
    Enlist { order: Surveyed, reply: Reply<Enlisted> },
    /// New transfers that are in the journal now.
    Insert(Vec<TransferRecord>),
    /// The scribe came to the end of a stack.
    Scribed(Scribed),
    /// A call ended. One with another serial than the present call's is out of date.
    Answered { id: TransferId, serial: u64, answer: Answer },
    /// A lease ended.
    Landed { id: TransferId, serial: u64, result: Result<Delivered, Setback> },
    /// The readers of an upload want these bytes now.
    Wished { id: TransferId, watch: u64, wishes: Wishes },
    /// One more chunk was compared with the file of now.
    Compared(TransferId),
    /// The remote was told whether bytes will come.
    Announced(TransferId),
}

/// What came of a call.
#[derive(Debug)]
pub(super) enum Answer {
    Opened(Result<Opened, Obstacle>),
    Begun(Result<UploadHandle, Obstacle>),
    /// The chunks that the file of now still has.
    Compared(Result<Vec<ChunkIndex>, Obstacle>),
    Amended(Result<Amended, Obstacle>),
    Stands(Result<Stands, Obstacle>),
    Completed(Result<Completed, Obstacle>),
    Aborted(Result<(), Obstacle>),
    /// Whether a source that was gone is back, or there is something else to say of it.
    Looked {
        still_gone: bool,
    },
}

impl Answer {
    /// Whether what was asked for came.
    pub(super) fn is_good(&self) -> bool {
        match self {
            Self::Opened(answer) => answer.is_ok(),
            Self::Begun(answer) => answer.is_ok(),
            Self::Stands(answer) => answer.is_ok(),
            Self::Completed(answer) => answer.is_ok(),
            Self::Aborted(answer) => answer.is_ok(),
            Self::Compared(answer) => answer.is_ok(),
            Self::Amended(answer) => answer.is_ok(),
            Self::Looked { still_gone } => !still_gone,
        }
    }
}

/// Why a call came to nothing.
#[derive(Debug)]
pub(super) enum Obstacle {
    /// Something failed.
    Setback(Setback),
    /// The destination has no driver; the sentence says why.
    NoRemote(String),
}

impl<T: Into<Setback>> From<T> for Obstacle {
    fn from(setback: T) -> Self {
        Self::Setback(setback.into())
    }
}

/// A transfer that can begin.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) source: Arc<dyn Source>,
    pub(super) remote: Arc<dyn Remote>,
    pub(super) layout: ChunkLayout,
}

/// How an upload stands at the remote.
#[derive(Debug)]
pub(super) enum Stands {
    Receiving(Standing),
    Completed(Completed),
}
