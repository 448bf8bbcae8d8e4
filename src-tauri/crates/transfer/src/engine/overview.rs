//! What the engine reports of its transfers: snapshots of acknowledged truth, and what changed since one looked last.

use std::path::PathBuf;
use std::sync::Arc;

use super::breaker::Cause;
use crate::ids::{BatchId, DestinationId, TransferId};
use crate::name::FileName;
use crate::placing::Folders;
use crate::remote::UploadHandle;
use crate::state::{Intent, Priority, TransferState};
use crate::tree::Root;
use crate::units::{Rate, Timestamp};

/// A transfer as it is reported: cheap to clone, never ahead of the truth.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    /// Who.
    pub id: TransferId,
    /// With whom it was dropped.
    pub batch: BatchId,
    /// Its place in line: lower goes first.
    pub position: i64,
    /// The file.
    pub path: Arc<PathBuf>,
    /// What the object is called.
    pub name: Arc<FileName>,
    /// In which folders.
    pub folders: Arc<Folders>,
    /// Where it goes.
    pub destination: Arc<DestinationId>,
    /// What the user wants.
    pub intent: Intent,
    /// What is observed.
    pub state: TransferState,
    /// The file's size, in bytes.
    pub bytes_total: u64,
    /// Bytes of acknowledged chunks: the progress.
    pub bytes_acked: u64,
    /// Bytes that left this machine for it, those sent again included.
    pub bytes_sent: u64,
    /// Chunks in all, in bytes each; zero before the layout is planned.
    pub chunk_len: u64,
    /// How many chunks there are.
    pub chunks_total: u32,
    /// How many are acknowledged.
    pub chunks_acked: u32,
    /// How many are under way.
    pub chunks_in_flight: u32,
    /// Whose turn comes before its place in line.
    pub priority: Priority,
    /// Why nothing of it may leave now although it would, if so.
    pub hold: Option<Hold>,
    /// Whether the speed limit holds it back now.
    pub limited: bool,
    /// Whether the remote lost acknowledged chunks, so that the progress went back; said until it is made good.
    pub lost_ground: bool,
    /// How far what arrived is compared with a file that became another, while it is.
    pub comparing: Option<Comparing>,
    /// Whether of a file that was changed what changed can be sent alone ([`Command::SendChanged`](super::Command)).
    pub can_send_changed: bool,
    /// What its upload is named after: another when the file is another.
    pub upload: TransferId,
    /// The upload at the remote, once it began: an unfinished object can be read by it.
    pub handle: Option<UploadHandle>,
    /// The file's hash, once every chunk's is known.
    pub root: Option<Root>,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it became Done, Failed or Cancelled.
    pub ended_at: Option<Timestamp>,
}

/// What all transfers to a destination wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hold {
    /// Why nothing leaves.
    pub cause: Cause,
    /// Until when; then one probe goes. None where a person must act.
    pub until: Option<Timestamp>,
}

/// How far a comparison is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Comparing {
    /// Bytes that were compared.
    pub bytes: u64,
    /// Of so many.
    pub of: u64,
}

/// A point in the engine's history; it grows with every change.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(pub u64);

/// What changed since a version.
#[derive(Debug, Clone, PartialEq)]
pub struct Changes {
    /// The version that these changes lead to.
    pub version: Version,
    /// The new or changed transfers, as they are now, in line order.
    pub changed: Vec<Snapshot>,
    /// Those that were removed from the list.
    pub removed: Vec<TransferId>,
    /// The speed limit in force.
    pub limit: Option<Rate>,
}
