//! What a look finds. Plain values, without GStreamer's types, so that they can be kept.

use serde::{Deserialize, Serialize};

/// What is known of a film's inside.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// Its length in seconds, where it is said.
    pub duration: Option<f64>,
    /// What it is packed in: `MP4`, `Matroska`.
    pub container: Option<String>,
    /// What is in it, pictures first.
    pub tracks: Vec<Track>,
    /// Bytes.
    pub size: u64,
    /// Its index (`moov`) stands behind its pictures, so that a player must read there first.
    pub index_at_end: bool,
}

/// One track.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Track {
    /// What it carries.
    pub kind: TrackKind,
    /// Its codec as people call it: `H.264`, `AAC`.
    pub codec: String,
    /// Whether a decoder for it is installed.
    pub decodable: bool,
    /// Pixels across as shown: square pixels, turned if it says so.
    pub width: Option<u32>,
    /// Pixels down as shown.
    pub height: Option<u32>,
    /// Frames a second, on average.
    pub frame_rate: Option<f64>,
    /// Degrees clockwise by which it is turned to be shown: 0, 90, 180 or 270.
    pub rotation: u16,
    /// Channels of sound.
    pub channels: Option<u32>,
    /// Samples of sound a second.
    pub sample_rate: Option<u32>,
    /// Its language as the film writes it (ISO 639).
    pub language: Option<String>,
}

/// What a track carries. In the order in which tracks are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrackKind {
    /// Pictures.
    Video,
    /// Sound.
    Audio,
    /// Words.
    Text,
}
