//! What stands in the way of opening a database: what it holds, or what is around it. The difference decides whether
//! it is set aside or left alone.

use std::io;
use std::path::Path;

use rusqlite::{Error, ErrorCode};

use crate::aside::Why;
use crate::error::OpenError;
use crate::fault::{Blame, Fault, blame, failure};

/// What stands in the way of opening a database.
#[derive(Debug)]
pub(crate) enum Obstacle {
    /// What it holds: it is set aside.
    Unusable(Why),
    /// The device, the permissions, the room, another program: it is left alone.
    Sqlite(Error),
    /// The same, met outside SQLite.
    Io(io::Error),
}

impl Obstacle {
    /// As the error of opening the database at `path`.
    pub(crate) fn at(self, path: &Path) -> OpenError {
        let folder = path.parent().unwrap_or(path);
        let error = match self {
            Self::Unusable(_) => {
                return OpenError::of_io(folder, io::Error::other("what was just written reads back wrong"));
            }
            Self::Io(error) => return OpenError::of_io(folder, error),
            Self::Sqlite(error) => error,
        };
        match blame(&error) {
            Blame::Room => OpenError::Full { folder: folder.to_owned(), source: error.into() },
            Blame::Permission => OpenError::ReadOnly { folder: folder.to_owned(), source: error.into() },
            Blame::Contents | Blame::Else => OpenError::Sqlite { path: path.to_owned(), source: error.into() },
        }
    }
}

impl From<Error> for Obstacle {
    /// Our statements are right and were tried: where SQLite refuses one, the database is not one of ours.
    fn from(error: Error) -> Self {
        let refused = matches!(
            failure(&error).map(|failure| failure.code),
            Some(ErrorCode::Unknown | ErrorCode::ConstraintViolation | ErrorCode::TypeMismatch | ErrorCode::TooBig)
        );
        if refused || blame(&error) == Blame::Contents {
            tracing::warn!(%error, "a database cannot be trusted");
            return Self::Unusable(Why::Damaged);
        }
        Self::Sqlite(error)
    }
}

impl From<io::Error> for Obstacle {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<Fault> for Obstacle {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Damaged(error) | Fault::Full(error) | Fault::Sqlite(error) => error.into(),
            Fault::Missing(_) => Self::Unusable(Why::Damaged),
            Fault::Closed => Self::Io(io::Error::other(fault)),
        }
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::ffi;

    use super::*;

    fn met(code: i32) -> Obstacle {
        Obstacle::from(Error::SqliteFailure(ffi::Error::new(code), None))
    }

    #[test]
    fn only_what_the_file_holds_sets_it_aside() {
        for code in [ffi::SQLITE_CORRUPT, ffi::SQLITE_CORRUPT_INDEX, ffi::SQLITE_NOTADB, ffi::SQLITE_ERROR] {
            assert!(matches!(met(code), Obstacle::Unusable(Why::Damaged)), "{code}: the file is not what was written");
        }
        for code in [ffi::SQLITE_CANTOPEN, ffi::SQLITE_IOERR_READ, ffi::SQLITE_BUSY, ffi::SQLITE_NOMEM] {
            let error = met(code).at(Path::new("/films/.pawl/vault.db"));
            assert!(matches!(error, OpenError::Sqlite { .. }), "{code}: a sound file must stay where it is");
        }
    }

    #[test]
    fn room_and_permission_are_told_apart() {
        let path = Path::new("/films/.pawl/vault.db");
        assert!(matches!(met(ffi::SQLITE_FULL).at(path), OpenError::Full { .. }), "the user must make room");
        let error = met(ffi::SQLITE_READONLY_DIRECTORY).at(path);
        assert!(matches!(error, OpenError::ReadOnly { .. }), "the user must permit to write: {error}");
        assert!(error.to_string().contains("/films/.pawl"), "the user must know where: {error}");
    }
}
