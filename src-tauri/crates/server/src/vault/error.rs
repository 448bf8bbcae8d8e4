//! Why a vault does not open, or has nothing to read.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;
use transfer::ids::ObjectId;

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
}

impl VaultError {
    pub(super) fn folder(folder: &Path, source: io::Error) -> Self {
        Self::Folder { folder: folder.to_owned(), why: trouble::sentence(&source), source }
    }
}
