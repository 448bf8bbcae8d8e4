//! What a failure of the disk or of the database means to a sender: its class and a sentence. The only place where
//! system errors are read.

use std::io::{self, ErrorKind};

use transfer::error::{Class, Operation, RemoteError};

use super::error::VaultError;
use crate::ports::PortError;

/// Half a sentence about a failure of the disk.
pub(super) fn sentence(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::StorageFull => "the vault's disk is full".to_owned(),
        ErrorKind::QuotaExceeded => "the quota on the vault's disk is used up".to_owned(),
        ErrorKind::ReadOnlyFilesystem => "it is on a read-only file system".to_owned(),
        ErrorKind::PermissionDenied => "no permission to write in the vault's folder".to_owned(),
        ErrorKind::FileTooLarge => "the vault's file system takes no file this large".to_owned(),
        ErrorKind::NotFound | ErrorKind::NotADirectory => "the vault's folder is not there".to_owned(),
        _ => format!("the vault's disk failed ({error})"),
    }
}

/// A failed call, because of the disk.
pub(super) fn of_disk(operation: Operation, error: io::Error) -> RemoteError {
    RemoteError::new(operation, class(&error), sentence(&error)).because(error)
}

/// A failed call, because of the database.
pub(super) fn of_ledger(operation: Operation, error: PortError) -> RemoteError {
    let class = match &error {
        PortError::Full { .. } => FULL,
        PortError::Failed { .. } => Class::Transient,
    };
    RemoteError::new(operation, class, error.to_string()).because(error)
}

/// A read that could not begin.
pub(super) fn of_vault(error: VaultError) -> RemoteError {
    match error {
        VaultError::Folder { source, .. } => of_disk(Operation::Read, source),
        VaultError::Database(error) => of_ledger(Operation::Read, error),
        VaultError::Unknown(_) | VaultError::Gone(_) => {
            RemoteError::new(Operation::Read, Class::Expired, error.to_string())
        }
        VaultError::Closed => closed(Operation::Read),
        VaultError::NameTaken(_) | VaultError::NoName(_) | VaultError::NotMoved { .. } => {
            RemoteError::new(Operation::Read, Class::Fatal, error.to_string())
        }
    }
}

/// The vault is no longer there to ask.
pub(super) fn closed(operation: Operation) -> RemoteError {
    RemoteError::new(operation, Class::Transient, "the vault is closed")
}

/// No upload has this handle.
pub(super) fn unknown(operation: Operation) -> RemoteError {
    RemoteError::new(operation, Class::Expired, "the vault knows no such upload")
}

/// The sender's chunks are not ours.
pub(super) fn other_layout(operation: Operation) -> RemoteError {
    RemoteError::new(operation, Class::Desync, "the upload has other chunks")
}

const FULL: Class = Class::NoSpace { needed: None, free: None };

fn class(error: &io::Error) -> Class {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => FULL,
        ErrorKind::ReadOnlyFilesystem
        | ErrorKind::PermissionDenied
        | ErrorKind::FileTooLarge
        | ErrorKind::InvalidFilename => Class::Fatal,
        // A disk that was pulled out may come back; one that fails for good is told by its repeated sentence.
        _ => Class::Transient,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class_of(errno: rustix::io::Errno) -> Class {
        of_disk(Operation::Put, errno.into()).class
    }

    #[test]
    fn each_failure_of_a_disk_has_the_reaction_that_can_mend_it() {
        use rustix::io::Errno;
        assert_eq!(class_of(Errno::NOSPC), FULL, "room can be made");
        assert_eq!(class_of(Errno::DQUOT), FULL, "a quota is room");
        assert_eq!(class_of(Errno::ROFS), Class::Fatal, "trying again does not make it writable");
        assert_eq!(class_of(Errno::FBIG), Class::Fatal, "the file will not become smaller");
        assert_eq!(class_of(Errno::NOENT), Class::Transient, "a disk that was pulled out may come back");
        assert_eq!(class_of(Errno::IO), Class::Transient, "a cable may be loose");
    }
}
