//! What happened to a transfer: its log, its throughput.

use serde::Serialize;
use ts_rs::TS;

use super::StateView;

/// What there is to see of an opened row beside its chunk map.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct DetailsView {
    /// What happened to it in this run, oldest first; the older of several hundred lines are forgotten.
    pub log: Vec<LogLineView>,
    /// Bytes that left in each of the last seconds, oldest first, at most 300 of them; none for one in which it waited
    /// or was held.
    pub throughput: Vec<Option<u64>>,
}

/// One line of a transfer's log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct LogLineView {
    /// When.
    pub at: i64,
    /// What.
    pub what: LogView,
}

/// What happened to a transfer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum LogView {
    /// It is in the list now.
    Added,
    /// Its state is another now.
    State {
        /// This one.
        state: StateView,
    },
    /// A chunk failed; it is sent again.
    ChunkFailed {
        /// Its number, from 0.
        chunk: u32,
        /// Why, in words.
        sentence: String,
        /// Failures in a row.
        attempts: u32,
        /// When it is tried again, if that is settled.
        next_try: Option<i64>,
    },
    /// The destination lost chunks that it had confirmed.
    LostGround {
        /// How many.
        chunks: u32,
    },
    /// It went on, and these chunks were found in their place.
    Proven {
        /// How many.
        chunks: u32,
        /// On whose word.
        by: VoucherView,
    },
    /// What had arrived was compared with a file that became another.
    Compared {
        /// Chunks that are in it as they are.
        same: u32,
        /// Chunks that are not.
        changed: u32,
    },
    /// All that goes to its destination is held back.
    Held {
        /// Why, and until when: `throttled` or `waiting`.
        state: StateView,
    },
    /// Something else, in words.
    Told {
        /// They.
        sentence: String,
    },
}

/// Whose word it is that a chunk is in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum VoucherView {
    /// The destination told its digest, which is the file's.
    Remote,
    /// What was written down when the destination confirmed it.
    Journal,
}
