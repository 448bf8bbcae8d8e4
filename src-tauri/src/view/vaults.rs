//! What comes of reading everything in a vault again.

use serde::Serialize;
use ts_rs::TS;

/// How far the check of a vault is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
pub struct ScrubStepView {
    /// Bytes that were read.
    pub done: u64,
    /// Bytes to read.
    pub total: u64,
}

/// What came of the check of a vault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ScrubView {
    /// Finished films that were looked at.
    pub films: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Films that still arrive, of which what has arrived was looked at.
    pub unfinished: u64,
    /// Those of both that are not what arrived.
    pub harmed: Vec<HarmedView>,
    /// Files in the folder that are no films of the vault, safe to show.
    pub strays: Vec<String>,
    /// Whether all of it was looked at: it was not stopped.
    pub ended: bool,
}

/// A film that is not what arrived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct HarmedView {
    /// Its name, safe to show.
    pub name: String,
    /// Whether all of it had arrived.
    pub finished: bool,
    /// In what way.
    pub harm: HarmView,
}

/// In what way a film is not what arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum HarmView {
    /// There is no file.
    Missing,
    /// It is shorter or longer.
    Length,
    /// Bytes in it are others.
    Content,
    /// The disk does not give them.
    Unreadable,
}
