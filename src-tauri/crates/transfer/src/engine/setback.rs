//! Why a call or a chunk came to nothing, wherever that lay: at the remote, at the source, at our own journal.

use std::error::Error;

use super::words::EngineError;
use crate::error::{Class, RemoteError, Trouble};
use crate::source::SourceError;
use crate::state::SourceTrouble;

/// What a task reports instead of a success.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Setback {
    /// The remote, or the way to it.
    Remote(Trouble),
    /// The file.
    Source(SourceTrouble),
    /// Our own journal: nothing left for the remote.
    Journal(Trouble),
}

impl Setback {
    /// Trying again will not help.
    pub(super) fn fatal(sentence: impl Into<String>) -> Self {
        Self::Remote(Trouble { class: Class::Fatal, sentence: sentence.into() })
    }

    /// A task ended without a word.
    pub(super) fn panic() -> Self {
        Self::fatal("the program made a mistake; its log says where")
    }
}

impl From<RemoteError> for Setback {
    fn from(error: RemoteError) -> Self {
        tracing::debug!(error = %sentence(&error), "the remote failed");
        Self::Remote(error.trouble())
    }
}

impl From<&SourceError> for Setback {
    fn from(error: &SourceError) -> Self {
        Self::Source(match error {
            SourceError::Gone(_) => SourceTrouble::Gone(sentence(error)),
            SourceError::Changed => SourceTrouble::Changed,
            SourceError::NotAFile(_) | SourceError::Denied(_) | SourceError::Io { .. } => {
                SourceTrouble::Unreadable(sentence(error))
            }
        })
    }
}

impl From<SourceError> for Setback {
    fn from(error: SourceError) -> Self {
        Self::from(&error)
    }
}

/// What was not written down must not be acted upon: it is tried again, as after any transient trouble.
impl From<EngineError> for Setback {
    fn from(error: EngineError) -> Self {
        Self::Journal(unwritten(&error))
    }
}

/// The journal's trouble, as the state tells it.
pub(super) fn unwritten(error: &(dyn Error + 'static)) -> Trouble {
    Trouble { class: Class::Transient, sentence: sentence(error) }
}

/// An error with all that lay beneath it.
fn sentence(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(beneath) = cause {
        text = format!("{text}: {beneath}");
        cause = beneath.source();
    }
    text
}
