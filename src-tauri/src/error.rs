//! Any error on its way to the window: a code where the window acts on it, a sentence, details on demand.

use std::io;
use std::sync::Arc;

use serde::{Serialize, Serializer};
use server::vault::VaultError;
use transfer::engine::EngineError;

use crate::view::{ErrorCode, ErrorView};

/// What a command can fail with.
#[derive(Debug)]
pub(crate) enum Error {
    /// The app could not open.
    CannotStart(Arc<anyhow::Error>),
    /// The engine refused.
    Engine(EngineError),
    /// The film to play or show is not there.
    MediaGone(String),
    /// Another film has that name.
    NameTaken(String),
    /// There is no trash where the film lies.
    NoTrash(String),
    /// Anything else.
    Other(anyhow::Error),
}

impl From<EngineError> for Error {
    fn from(error: EngineError) -> Self {
        Self::Engine(error)
    }
}

impl From<VaultError> for Error {
    fn from(error: VaultError) -> Self {
        let sentence = format!("{error}.");
        match &error {
            VaultError::NameTaken(_) => Self::NameTaken(sentence),
            VaultError::NotMoved { source, .. } if source.kind() == io::ErrorKind::Unsupported => {
                Self::NoTrash(sentence)
            }
            VaultError::Unknown(_) | VaultError::Gone(_) => Self::MediaGone(sentence),
            VaultError::NotMoved { .. }
            | VaultError::NoName(_)
            | VaultError::Folder { .. }
            | VaultError::Database(_)
            | VaultError::Closed => Self::Other(error.into()),
        }
    }
}

impl From<anyhow::Error> for Error {
    fn from(error: anyhow::Error) -> Self {
        match error.downcast() {
            Ok(engine) => Self::Engine(engine),
            Err(other) => Self::Other(other),
        }
    }
}

impl Error {
    fn view(&self) -> ErrorView {
        match self {
            Self::CannotStart(error) => chained(error),
            Self::Engine(error) => ErrorView { code: code(error), message: error.to_string(), detail: None },
            Self::MediaGone(message) => plain(ErrorCode::MediaGone, message),
            Self::NameTaken(message) => plain(ErrorCode::NameTaken, message),
            Self::NoTrash(message) => plain(ErrorCode::NoTrash, message),
            Self::Other(error) => chained(error),
        }
    }
}

fn plain(code: ErrorCode, message: &str) -> ErrorView {
    ErrorView { code, message: message.to_owned(), detail: None }
}

/// The outermost sentence, and beneath it what caused it.
fn chained(error: &anyhow::Error) -> ErrorView {
    let causes: Vec<String> = error.chain().skip(1).map(ToString::to_string).collect();
    let detail = (!causes.is_empty()).then(|| causes.join(": "));
    ErrorView { code: ErrorCode::Other, message: error.to_string(), detail }
}

fn code(error: &EngineError) -> ErrorCode {
    match error {
        EngineError::UnknownTransfer(_) => ErrorCode::UnknownTransfer,
        EngineError::NotNow { .. }
        | EngineError::NoChunk { .. }
        | EngineError::NoReceipt(_)
        | EngineError::NotMissing => ErrorCode::NotNow,
        EngineError::AnotherFilm(_) => ErrorCode::AnotherFilm,
        EngineError::AllOrNothing(_) | EngineError::Source(_) | EngineError::Journal(_) | EngineError::Stopped => {
            ErrorCode::Other
        }
    }
}

impl Serialize for Error {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.view().serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use anyhow::anyhow;

    use super::*;

    #[test]
    fn an_error_crosses_with_its_sentence_and_its_causes() {
        let error = Error::from(anyhow!("disk full").context("cannot save the limit"));
        let view = serde_json::to_value(&error).expect("it serialises");
        assert_eq!(view["message"], "cannot save the limit", "what was done stands first");
        assert_eq!(view["detail"], "disk full", "the cause is there on demand");
    }

    #[test]
    fn a_row_that_is_gone_has_a_code_of_its_own() {
        let gone = EngineError::UnknownTransfer(transfer::ids::TransferId::random());
        let error = Error::from(anyhow::Error::new(gone));
        assert_eq!(error.view().code, ErrorCode::UnknownTransfer, "the window drops the row by that code");
    }
}
