//! Transfers: rows, states, what a person does to them, the chunk map and the log.

use serde::{Deserialize, Serialize};
use transfer::engine::Command;
use transfer::state::Priority;
use ts_rs::TS;

/// What a transfer is doing, in the words of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum StateView {
    /// In line.
    Queued,
    /// Checking what has already arrived.
    Preparing,
    /// Chunks travel.
    Uploading,
    /// The user's own speed limit holds it.
    Limited,
    /// The remote asked for a break.
    Throttled {
        /// Until then.
        until: i64,
    },
    /// It goes on by itself, or when a person helps.
    Waiting {
        /// `network`, `credentials`, `remote` or `source`.
        reason: WaitView,
        /// What happened.
        sentence: String,
        /// When it looks again.
        until: Option<i64>,
    },
    /// By the user.
    Paused,
    /// It needs the user.
    Failed {
        /// Which buttons help.
        kind: FailureView,
        /// What happened.
        sentence: String,
    },
    /// Every chunk is there; the whole is compared.
    Verifying,
    /// Being given up.
    Cancelling,
    /// Given up.
    Cancelled,
    /// Not sent: its name is taken there.
    Skipped {
        /// What is there, and what helps.
        sentence: String,
    },
    /// There.
    Done {
        /// What that rests on.
        proof: ProofView,
        /// Where it is.
        object: String,
    },
}

/// What a waiting transfer waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum WaitView {
    /// A network.
    Network,
    /// The destination's credentials.
    Credentials,
    /// The remote.
    Remote,
    /// A file that is gone and may come back.
    Source,
}

/// Why a transfer failed, one for each way out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FailureView {
    /// Send what changed, where that can be, or start over.
    SourceChanged,
    /// Mend the file's permission or device, then retry.
    SourceUnreadable,
    /// A chunk arrived wrong three times in a row; retry.
    Corrupt,
    /// Make room, then retry.
    NoSpace,
    /// The remote's last word.
    Remote,
}

/// What Done rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ProofView {
    /// BLAKE3 roots equal.
    Root,
    /// Every part's checksum equal.
    Parts,
    /// Read again and compared.
    ReadBack,
    /// Delivered, not verified.
    SizeOnly,
}

/// Whose turn comes first, whatever the places in line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PriorityView {
    /// Before all others.
    High,
    /// In line.
    Normal,
    /// When nothing else can go.
    Low,
}

/// One row of the list.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct TransferView {
    /// Who.
    pub id: String,
    /// With whom it was dropped.
    pub batch: String,
    /// The file's name, safe to show.
    pub name: String,
    /// The file's path, safe to show.
    pub path: String,
    /// Where it goes, as a person calls it.
    pub destination: String,
    /// The destination's id.
    pub destination_id: String,
    /// What it does.
    pub state: StateView,
    /// What holds it back, where its state does not say so: `throttled` or `waiting`.
    pub hold: Option<StateView>,
    /// Its place in line among those of its priority: lower goes first.
    pub position: i64,
    /// Whose turn comes before its place.
    pub priority: PriorityView,
    /// Bytes.
    pub bytes_total: u64,
    /// Acknowledged bytes: the progress.
    pub bytes_acked: u64,
    /// Bytes that left this machine.
    pub bytes_sent: u64,
    /// Bytes a second over the last seconds; zero when nothing moves.
    pub speed: u64,
    /// Seconds left at that speed, if that can be said.
    pub seconds_left: Option<u64>,
    /// The length of a chunk in bytes; zero before it is planned.
    pub chunk_len: u64,
    /// How many chunks.
    pub chunks_total: u32,
    /// How many are acknowledged.
    pub chunks_acked: u32,
    /// The remote lost chunks that it had acknowledged; they are sent again.
    pub lost_ground: bool,
    /// How far what arrived is compared with a file that became another, while it is.
    pub comparing: Option<ComparingView>,
    /// Whether of a file that was changed what changed can be sent alone.
    pub can_send_changed: bool,
    /// Acknowledged share of each of up to 64 equal stretches of the file, 0 to 255: the strip in the row.
    pub strip: Vec<u8>,
    /// When it was added.
    pub created_at: i64,
    /// When it ended.
    pub ended_at: Option<i64>,
}

/// How far a comparison is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
pub struct ComparingView {
    /// Bytes that were compared.
    pub bytes: u64,
    /// Of so many.
    pub of: u64,
}

/// How one file of a drop was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum AddedView {
    /// It is a new transfer.
    Added {
        /// Who.
        id: String,
    },
    /// It is there already: its row is this one.
    Already {
        /// Who.
        id: String,
    },
    /// It was not taken.
    Refused {
        /// The file, safe to show.
        name: String,
        /// Why, and what to do.
        sentence: String,
    },
}

/// What a person does to a transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CommandView {
    /// Hold.
    Pause,
    /// Go on.
    Resume,
    /// Give it up.
    Cancel,
    /// Try again.
    Retry,
    /// Take the file as it is now, from its first byte.
    StartOver,
    /// Take the file as it is now, and keep of what arrived what is still in it.
    SendChanged,
    /// Take it off the list.
    Remove,
}

impl From<PriorityView> for Priority {
    fn from(priority: PriorityView) -> Self {
        match priority {
            PriorityView::High => Self::High,
            PriorityView::Normal => Self::Normal,
            PriorityView::Low => Self::Low,
        }
    }
}

impl From<CommandView> for Command {
    fn from(command: CommandView) -> Self {
        match command {
            CommandView::Pause => Self::Pause,
            CommandView::Resume => Self::Resume,
            CommandView::Cancel => Self::Cancel,
            CommandView::Retry => Self::Retry,
            CommandView::StartOver => Self::StartOver,
            CommandView::SendChanged => Self::SendChanged,
            CommandView::Remove => Self::Remove,
        }
    }
}

/// A chunk of which there is more to say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ChunkNoteView {
    /// Its number, from 0.
    pub chunk: u32,
    /// Its first byte.
    pub start: u64,
    /// The byte after its last.
    pub end: u64,
    /// Bytes of it that left, while it is in flight.
    pub sent: u64,
    /// Failures in a row.
    pub attempts: u32,
    /// The last one, in words.
    pub sentence: Option<String>,
    /// When it is tried again.
    pub next_try: Option<i64>,
}

/// What stands before the cells of a chunk map: the answer of `chunk_map` is four bytes of this JSON's length (big
/// endian), the JSON, then a byte a chunk (0 pending, 1 in flight, 2 acknowledged, 3 retrying, 4 throttled, 5 failed,
/// 6 wanted).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ChunkMapView {
    /// Whose.
    pub id: String,
    /// The file's size in bytes.
    pub size: u64,
    /// The length of a chunk in bytes.
    pub chunk_len: u64,
    /// Those in flight or in trouble.
    pub notes: Vec<ChunkNoteView>,
}
