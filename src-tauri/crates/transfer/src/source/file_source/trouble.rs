//! What an error of the system means for a source: not there, not permitted, not what it was, or a broken device.

use std::io::{Error, ErrorKind};
use std::path::Path;

use rustix::io::Errno;

use crate::source::SourceError;

/// Of a call on the path or on the open file.
pub(super) fn of_path(path: &Path, error: Error) -> SourceError {
    match Errno::from_io_error(&error) {
        Some(code) if may_come_back(code) => SourceError::Gone(path.to_owned()),
        Some(Errno::ACCESS | Errno::PERM) => SourceError::Denied(path.to_owned()),
        Some(_) | None => SourceError::Io { path: path.to_owned(), source: error },
    }
}

/// Of a read that wanted all its bytes: when there are fewer, the file shrank.
pub(super) fn of_read(path: &Path, error: Error) -> SourceError {
    if error.kind() == ErrorKind::UnexpectedEof { SourceError::Changed } else { of_path(path, error) }
}

/// Deleted or moved; a card taken out; a network drive or a FUSE mount whose other side is away.
fn may_come_back(code: Errno) -> bool {
    [
        Errno::NOENT,
        Errno::NOTDIR,
        Errno::STALE,
        Errno::NODEV,
        Errno::NXIO,
        Errno::NOMEDIUM,
        Errno::NOTCONN,
        Errno::CONNABORTED,
        Errno::HOSTDOWN,
        Errno::HOSTUNREACH,
        Errno::NETDOWN,
        Errno::NETUNREACH,
        Errno::TIMEDOUT,
    ]
    .contains(&code)
}
