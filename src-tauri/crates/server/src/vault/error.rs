//! Why a vault does not open, or has nothing to read.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;
use transfer::ids::ObjectId;
use transfer::name::FileName;

use super::trouble;
use crate::ports::PortError;

/// A failure of the vault itself; failures of uploads are [`transfer::error::RemoteError`].
#[derive(Debug, Error)]
pub enum VaultError {
    /// The folder cannot be used.
    #[error("cannot use the vault {}: {why}", folder.display())]
    Folder {
        /// Which folder.
        folder: PathBuf,
        /// Half a sentence for a person.
        why: String,
        /// What lay beneath.
        #[source]
        source: io::Error,
    },
    /// The database failed.
    #[error(transparent)]
    Database(#[from] PortError),
    /// There is no such object, finished or not.
    #[error("the vault has no object {0}")]
    Unknown(ObjectId),
    /// The film's file is not where it was.
    #[error("the film {} is not where it was", .0.shown())]
    Gone(FileName),
    /// Another film, or anything else in the folder, has that name.
    #[error("{} is there already", .0.shown())]
    NameTaken(FileName),
    /// The file system takes no file of that name.
    #[error("the vault's file system takes no file named {:?}", .0.shown())]
    NoName(FileName),
    /// The film could not be taken away, or brought back; it is where it was.
    #[error("the film {} was not moved: {source}", name.shown())]
    NotMoved {
        /// Which.
        name: FileName,
        /// What whoever should move it said.
        source: io::Error,
    },
    /// The vault is no longer there to ask.
    #[error("the vault is closed")]
    Closed,
}

impl VaultError {
    pub(super) fn folder(folder: &Path, source: io::Error) -> Self {
        Self::Folder { folder: folder.to_owned(), why: trouble::sentence(&source), source }
    }
}
