//! Vaults to test: a folder and its database, opened and opened again; bodies that a test feeds by hand; a ledger that
//! tells how many chunks each of its writes acknowledged.

mod fed;
mod groups;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use anyhow::Result;
use bytes::Bytes;
use futures::TryStreamExt;
use server::ports::Video;
use server::vault::{Vault, VaultSetup};
use store::SqliteVault;
use transfer::engine::Clock;
use transfer::ids::ObjectId;
use transfer::layout::ByteRange;
use transfer::remote::{Remote, UploadHandle, UploadStatus};
use transfer::testing::Film;
use transfer::units::Timestamp;

pub use fed::{Fed, Feeder};
pub use groups::GroupLedger;

/// Where a vault is, and its time.
#[derive(Debug, Clone)]
pub struct Site {
    folder: PathBuf,
    database: PathBuf,
    clock: Arc<HandClock>,
}

/// A clock that goes when it is told to.
#[derive(Debug)]
struct HandClock(AtomicI64);

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

impl Site {
    /// A vault in `folder`, its database where the programs put it.
    pub fn new(folder: &Path) -> Self {
        Self::apart(folder, &folder.join(".pawl"))
    }

    /// A vault in `folder` whose database is in another one, for disks on which a database could not live.
    pub fn apart(folder: &Path, database: &Path) -> Self {
        let clock = Arc::new(HandClock(AtomicI64::new(1_700_000_000_000)));
        Self { folder: folder.to_owned(), database: database.to_owned(), clock }
    }

    /// Opens it.
    pub async fn open(&self) -> Result<Open> {
        let store = self.store().await?;
        let ledger = Arc::new(GroupLedger::new(store.clone()));
        let setup = VaultSetup::new(self.folder.clone(), ledger.clone(), store.clone());
        let vault = Vault::open(VaultSetup { clock: self.clock.clone(), ..setup }).await?;
        Ok(Open { vault, ledger, store })
    }

    /// Its database alone, to change what a vault would find there.
    pub async fn store(&self) -> Result<Arc<SqliteVault>> {
        Ok(Arc::new(SqliteVault::open(&self.database).await?.value))
    }

    /// Lets time pass.
    pub fn pass(&self, time: Duration) {
        self.clock.0.fetch_add(time.as_millis() as i64, Ordering::SeqCst);
    }

    /// The files of unfinished uploads.
    pub fn parts(&self) -> Result<Vec<PathBuf>> {
        let entries = std::fs::read_dir(self.folder.join(".pawl/incoming"))?;
        Ok(entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?)
    }

    /// Where the bytes of an unfinished upload are.
    pub fn part(&self, handle: &UploadHandle) -> PathBuf {
        self.folder.join(".pawl/incoming").join(format!("{}.part", handle.0))
    }

    /// Where a finished film is.
    pub fn film(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

/// A vault that runs.
#[derive(Debug)]
pub struct Open {
    /// It.
    pub vault: Vault,
    /// Its ledger.
    pub ledger: Arc<GroupLedger>,
    store: Arc<SqliteVault>,
}

impl Open {
    /// Ends it, as a program does that is asked to.
    pub async fn close(self) {
        self.vault.close().await;
        self.store.close().await;
    }

    /// Begins an upload of `film`.
    pub async fn begin(&self, film: &Film) -> Result<UploadHandle> {
        Ok(self.vault.begin(&film.upload()).await?)
    }

    /// Sends chunks of `film`, one after the other.
    pub async fn send(&self, film: &Film, handle: &UploadHandle, chunks: &[u32]) -> Result<()> {
        film.send(&self.vault, handle, chunks.iter().map(|number| film.chunk(*number))).await?;
        Ok(())
    }

    /// The numbers of the chunks that are there; none of an upload that is not unfinished.
    pub async fn there(&self, film: &Film, handle: &UploadHandle) -> Result<Option<Vec<u32>>> {
        match self.vault.status(handle, &film.layout).await? {
            UploadStatus::Receiving(received) => {
                Ok(Some(received.chunks.iter().map(|(index, _)| index.get()).collect()))
            }
            UploadStatus::Completed(_) | UploadStatus::Unknown => Ok(None),
        }
    }

    /// Bytes of an object, finished or not.
    pub async fn read(&self, object: &ObjectId, range: ByteRange) -> Result<Bytes> {
        let reader = self.vault.reader(object).await?;
        let pieces: Vec<Bytes> = reader.read(range).await?.try_collect().await?;
        Ok(pieces.concat().into())
    }

    /// Every finished film.
    pub async fn library(&self) -> Result<Vec<Video>> {
        Ok(self.vault.library(None, 100).await?)
    }
}
