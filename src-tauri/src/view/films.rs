//! Films: what is finished, what is known of their insides, what to play.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A finished video.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct VideoView {
    /// Its object id.
    pub id: String,
    /// Its name, safe to show.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// BLAKE3 in hex.
    pub blake3: String,
    /// When it was finished.
    pub created_at: i64,
}

/// Something to play.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct MediaView {
    /// Where the player reads it; good until the window closes.
    pub url: String,
    /// Its name, safe to show.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// Where the person was, in seconds; none at the beginning.
    pub position: Option<f64>,
}

/// What to play.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum MediaRequest {
    /// The source file of a transfer, or what is there of its object when the file is gone.
    Transfer {
        /// Which.
        id: String,
    },
    /// A finished video.
    Video {
        /// Its object id.
        id: String,
    },
    /// A file that was opened and not sent.
    Opened {
        /// See [`OpenedView`].
        id: String,
    },
}

/// What is known of a film's inside.
#[derive(Debug, Clone, Default, PartialEq, Serialize, TS)]
pub struct FactsView {
    /// The address of its poster, an image of at most 640 pixels; none where none could be made.
    pub poster: Option<String>,
    /// Its length in seconds.
    pub duration: Option<f64>,
    /// What it is packed in: `MP4`, `Matroska`.
    pub container: Option<String>,
    /// What is in it, pictures first.
    pub tracks: Vec<TrackView>,
    /// Its index stands at its end, so that a player must read there first.
    pub index_at_end: bool,
    /// Why nothing is known of it, in words; none when all is well.
    pub trouble: Option<String>,
}

/// One track of a film.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct TrackView {
    /// What it carries.
    pub kind: TrackKindView,
    /// Its codec as people call it: `H.264`, `AAC`.
    pub codec: String,
    /// Whether this computer can decode it.
    pub decodable: bool,
    /// Pixels across, of a picture as it is shown (turned if it says so).
    pub width: Option<u32>,
    /// Pixels down.
    pub height: Option<u32>,
    /// Frames a second, on average.
    pub frame_rate: Option<f64>,
    /// Degrees clockwise by which it is turned to be shown: 0, 90, 180 or 270.
    pub rotation: u16,
    /// Channels of sound.
    pub channels: Option<u32>,
    /// Samples of sound a second.
    pub sample_rate: Option<u32>,
    /// Its language (BCP 47 or ISO 639), where it is said.
    pub language: Option<String>,
}

/// What a track carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TrackKindView {
    /// Pictures.
    Video,
    /// Sound.
    Audio,
    /// Words.
    Text,
}

/// Captions that lie beside a film.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct CaptionsView {
    /// What to call them: the language in the file's name (`de`), or the name itself.
    pub label: String,
    /// The language (BCP 47), where the file's name says one.
    pub language: Option<String>,
    /// All of them as WebVTT, whatever the file was.
    pub text: String,
}

/// A file that *Open with Pawl* or `--open` brought: it plays, and nothing of it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct OpenedView {
    /// By which it is asked for; good while the window lives.
    pub id: String,
    /// Its name, safe to show.
    pub name: String,
}
