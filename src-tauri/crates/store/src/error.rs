//! Why a database does not open, in sentences that say what is safe and what to do.

use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// Why a database does not open. Nothing that was stored is changed by any of these.
#[derive(Debug, Error)]
pub enum OpenError {
    /// A second opener.
    #[error("another Pawl{} uses {}: close it and try again; nothing was touched", of_process(*.pid), .folder.display())]
    Locked {
        /// The folder that both want.
        folder: PathBuf,
        /// The other's process, if it could be read.
        pid: Option<u32>,
    },
    /// There is nothing to look at.
    #[error("{} holds no vault: name the folder of one; nothing was touched", .folder.display())]
    NoVault {
        /// Where one was looked for.
        folder: PathBuf,
    },
    /// The file system or the permissions forbid to write.
    #[error("{} is read-only: let Pawl write there, or choose another folder; nothing was touched", .folder.display())]
    ReadOnly {
        /// The folder.
        folder: PathBuf,
        /// What lay beneath.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// No room for what opening has to write.
    #[error("the disk of {} is full: make room and try again; what is stored there is safe", .folder.display())]
    Full {
        /// The folder.
        folder: PathBuf,
        /// What lay beneath.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// The device or the folder failed.
    #[error("{} cannot be used: {source}; nothing was touched", .folder.display())]
    Io {
        /// The folder.
        folder: PathBuf,
        /// What lay beneath.
        #[source]
        source: io::Error,
    },
    /// SQLite failed for a reason that is no damage: the device, the memory, another program's lock.
    #[error("{} cannot be opened: {source}; nothing was touched, try again", .path.display())]
    Sqlite {
        /// The database.
        path: PathBuf,
        /// What lay beneath.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
}

fn of_process(pid: Option<u32>) -> String {
    pid.map_or_else(String::new, |pid| format!(" (process {pid})"))
}

impl OpenError {
    /// What a failed call on `folder` or a file in it means.
    pub(crate) fn of_io(folder: &Path, source: io::Error) -> Self {
        let folder = folder.to_owned();
        match source.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                Self::ReadOnly { folder, source: source.into() }
            }
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full { folder, source: source.into() },
            _ => Self::Io { folder, source },
        }
    }
}
