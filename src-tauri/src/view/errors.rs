//! Errors, and how they cross.

use serde::Serialize;
use ts_rs::TS;

/// Any error that crosses to the window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ErrorView {
    /// What to do about it, for the window's own table of words.
    pub code: ErrorCode,
    /// What happened, for a person.
    pub message: String,
    /// More, on demand.
    pub detail: Option<String>,
}

/// Codes exist only where the window acts on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// The row is gone: drop it.
    UnknownTransfer,
    /// It cannot be done in this state: nothing to do, the row will say why.
    NotNow,
    /// The film is not where it was.
    MediaGone,
    /// The file that was pointed at is another film: ask whether to send it instead.
    AnotherFilm,
    /// Another film has that name already: ask for another one.
    NameTaken,
    /// There is no trash where the film lies: ask whether to delete it for good.
    NoTrash,
    /// Anything else: show the message.
    Other,
}
