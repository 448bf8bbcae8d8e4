//! A look at a vault's database that changes nothing: a copy of it is opened, somewhere else, while the folder's lock is
//! held. So an older database can be brought to the newest version, and a log be folded, while nothing but the lock is
//! written there; and what lies on a disk that cannot be written can be looked at too.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;

use tempfile::TempDir;

use crate::aside::{Why, with_end};
use crate::error::OpenError;
use crate::folder_lock::FolderLock;
use crate::vault::SqliteVault;

/// What makes up a database that nobody has open.
const FILES: [&str; 3] = ["", "-wal", "-journal"];

/// The database of a vault as it stood when this was opened. Nobody else can open the vault while this lives.
#[derive(Debug)]
pub struct VaultCopy {
    /// The copy.
    pub vault: Arc<SqliteVault>,
    /// Why the original cannot be used, if it cannot: then the copy is an empty one.
    pub unusable: Option<Why>,
    _folder: TempDir,
    _lock: FolderLock,
}

impl VaultCopy {
    /// Takes the lock of `folder` (the vault's own folder within the vault) and opens a copy of the database there.
    ///
    /// # Errors
    /// [`OpenError::NoVault`] where there is none, [`OpenError::Locked`] where another Pawl has it open.
    pub async fn open(folder: &Path) -> Result<Self, OpenError> {
        let (here, failed) = (folder.to_owned(), folder.to_owned());
        let copied = tokio::task::spawn_blocking(move || copied(&here)).await;
        let (lock, copy) = copied.unwrap_or_else(|gone| Err(OpenError::of_io(&failed, io::Error::other(gone))))?;
        let opened = SqliteVault::open(copy.path()).await?;
        let unusable = opened.set_aside.map(|aside| aside.why);
        Ok(Self { vault: Arc::new(opened.value), unusable, _folder: copy, _lock: lock })
    }

    /// Ends it and frees the folder.
    pub async fn close(self) {
        self.vault.close().await;
    }
}

fn copied(folder: &Path) -> Result<(FolderLock, TempDir), OpenError> {
    let failed = |error| OpenError::of_io(folder, error);
    let database = folder.join(SqliteVault::FILE);
    if !database.try_exists().map_err(failed)? {
        return Err(OpenError::NoVault { folder: folder.to_owned() });
    }
    let lock = FolderLock::take_to_read(folder)?;
    let copy = TempDir::with_prefix("pawl-").map_err(failed)?;
    for end in FILES {
        copy_bytes(&with_end(&database, end), &with_end(&copy.path().join(SqliteVault::FILE), end)).map_err(failed)?;
    }
    Ok((lock, copy))
}

/// The bytes alone: what may not be written over there may be written here.
fn copy_bytes(from: &Path, to: &Path) -> io::Result<()> {
    match File::open(from) {
        Ok(mut from) => io::copy(&mut from, &mut File::create(to)?).map(drop),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}
