//! Why an open database did not take or give something, and whose fault an SQLite error is.

use rusqlite::{Error, ErrorCode, ffi};
use thiserror::Error;

/// Why an open database did not take or give something. What was asked for has then left no trace.
#[derive(Debug, Error)]
pub(crate) enum Fault {
    /// No room for the write.
    #[error("the disk is full; nothing that was stored is lost")]
    Full(#[source] Error),
    /// The file is not what was written. The next start looks at it and sets it aside if it has to.
    #[error("the database is damaged; close Pawl and keep a copy of its folder before you go on")]
    Damaged(#[source] Error),
    /// It speaks of something that is not there.
    #[error("there is no such {0}")]
    Missing(&'static str),
    /// The database was closed before the call.
    #[error("the database is closed")]
    Closed,
    /// Anything else.
    #[error("SQLite failed")]
    Sqlite(#[source] Error),
}

/// Whose fault an SQLite error is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Blame {
    /// The contents of the file.
    Contents,
    /// The disk's room.
    Room,
    /// The permission to write.
    Permission,
    /// The device, the memory, a lock, or the statement.
    Else,
}

/// Whose fault it is.
pub(crate) fn blame(error: &Error) -> Blame {
    if let Some(failure) = failure(error) {
        return match failure.code {
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Blame::Contents,
            ErrorCode::DiskFull => Blame::Room,
            ErrorCode::ReadOnly => Blame::Permission,
            _ => Blame::Else,
        };
    }
    match error {
        Error::FromSqlConversionFailure(..)
        | Error::InvalidColumnType(..)
        | Error::IntegralValueOutOfRange(..)
        | Error::Utf8Error(..) => Blame::Contents,
        _ => Blame::Else,
    }
}

/// What SQLite itself said, if it is SQLite that failed.
pub(crate) fn failure(error: &Error) -> Option<&ffi::Error> {
    match error {
        Error::SqliteFailure(failure, _) | Error::SqlInputError { error: failure, .. } => Some(failure),
        _ => None,
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        match blame(&error) {
            Blame::Contents => Self::Damaged(error),
            Blame::Room => Self::Full(error),
            Blame::Permission | Blame::Else => Self::Sqlite(error),
        }
    }
}
