//! What the one subscription carries, and the settings that it tells.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{DestinationView, TransferView, VideoView};

/// What the one subscription carries: first a whole, then deltas, at most ten a second.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum FeedView {
    /// Everything, at the start.
    Whole {
        /// The list in line order.
        transfers: Vec<TransferView>,
        /// The finished videos, newest first.
        videos: Vec<VideoView>,
        /// Where films can go: the default first, then by name.
        destinations: Vec<DestinationView>,
        /// Settings and totals.
        status: StatusView,
        /// What the person should know since the start: a database that was set aside, say.
        notices: Vec<NoticeView>,
    },
    /// What changed.
    Delta {
        /// New or changed rows.
        changed: Vec<TransferView>,
        /// Rows that are gone.
        removed: Vec<String>,
        /// The finished videos, when they changed.
        videos: Option<Vec<VideoView>>,
        /// Where films can go, when that changed.
        destinations: Option<Vec<DestinationView>>,
        /// Settings and totals, when they changed.
        status: Option<StatusView>,
        /// New notices.
        notices: Vec<NoticeView>,
    },
}

/// What the status bar shows beside what follows from the rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct StatusView {
    /// The speed limit in bytes a second.
    pub limit: Option<u64>,
    /// The vault's folder, safe to show.
    pub vault: String,
    /// Bytes free there.
    pub free: Option<u64>,
    /// The settings in force.
    pub settings: SettingsView,
    /// What was played from far away.
    pub near: NearView,
}

/// What was played from destinations on the network, and is kept near.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct NearView {
    /// Bytes on the disk.
    pub kept: u64,
    /// The most bytes there.
    pub most: u64,
    /// Pieces that a player wanted in this run and found near.
    pub found: u64,
    /// Pieces that had to travel.
    pub fetched: u64,
    /// Bytes that travelled for that.
    pub bytes_fetched: u64,
}

/// The settings in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct SettingsView {
    /// How many chunks travel at once, 1 to 16.
    pub parallel: u32,
    /// Light, dark, or as the system is.
    pub theme: ThemeView,
    /// Whether Pawl starts with the person's session.
    pub autostart: bool,
    /// Whether the computer is kept from sleeping while something uploads.
    pub keep_awake: bool,
}

/// How the window looks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ThemeView {
    /// As the system is.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// One setting, changed. The speed limit has a command of its own, and the vault's folder a dialog.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum SettingChange {
    /// How many chunks travel at once.
    Parallel {
        /// So many, 1 to 16.
        count: u32,
    },
    /// How the window looks.
    Theme {
        /// So.
        theme: ThemeView,
    },
    /// Whether Pawl starts with the person's session.
    Autostart {
        /// Whether.
        on: bool,
    },
    /// Whether the computer is kept from sleeping while something uploads.
    KeepAwake {
        /// Whether.
        on: bool,
    },
}

/// What goes on next time, asked before Pawl ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct QuitView {
    /// Transfers that are not finished and will go on by themselves at the next start.
    pub unfinished: u32,
}

/// Something that a person should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct NoticeView {
    /// Which, to dismiss it.
    pub id: u64,
    /// `info` or `warning`.
    pub level: LevelView,
    /// What happened, what is safe, what to do.
    pub sentence: String,
}

/// How grave a notice is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LevelView {
    /// Good to know.
    Info,
    /// Something needs a look.
    Warning,
}
