//! The vault on a real folder and a ledger in memory: what needs a look inside, or a ledger that fails when told to.
//! Whole vaults with their database are tested in the workspace's `tests`.

mod allowances;
mod amending;
mod appends;
mod flushing;
mod parts;
mod reading;
mod together;
mod uploads;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use futures::TryStreamExt;
use tempfile::TempDir;
use transfer::engine::Clock;
use transfer::layout::ByteRange;
use transfer::range::{RangeReader, ReadError};
use transfer::remote::{Remote, UploadHandle};
use transfer::testing::Film;
use transfer::units::{MIB, Timestamp};

use super::testing::MemoryLedger;
use super::{Vault, VaultSetup};

/// Long enough for the slowest machine; a test that waits for it has failed.
const DEADLINE: Duration = Duration::from_secs(60);

/// A folder, a ledger and a clock, from which vaults are opened.
struct Home {
    folder: TempDir,
    ledger: Arc<MemoryLedger>,
    clock: Arc<HandClock>,
}

/// A clock that goes when it is told to.
#[derive(Debug, Default)]
struct HandClock(AtomicI64);

impl HandClock {
    fn pass(&self, time: Duration) {
        self.0.fetch_add(time.as_millis() as i64, Ordering::SeqCst);
    }
}

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

impl Home {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        Self { folder, ledger: Arc::default(), clock: Arc::default() }
    }

    fn setup(&self) -> VaultSetup {
        let ledger = self.ledger.clone();
        let setup = VaultSetup::new(self.folder.path().to_owned(), ledger.clone(), ledger);
        VaultSetup { clock: self.clock.clone(), ..setup }
    }

    async fn open(&self) -> Vault {
        Vault::open(self.setup()).await.expect("a vault opens on a fresh folder")
    }

    /// The files of unfinished uploads.
    fn parts(&self) -> Vec<PathBuf> {
        let incoming = self.folder.path().join(".pawl/incoming");
        let entries = std::fs::read_dir(incoming).expect("the folder of what arrives");
        entries.map(|entry| entry.expect("an entry").path()).collect()
    }
}

/// A film of so many chunks of 1 MiB, the last one short.
fn film(vault: &Vault, seed: u64, chunks: u64) -> Film {
    Film::new(vault, seed, chunks * MIB - 5)
}

async fn begin(vault: &Vault, film: &Film) -> UploadHandle {
    vault.begin(&film.upload()).await.expect("the vault begins an upload")
}

async fn send(vault: &Vault, film: &Film, handle: &UploadHandle, chunks: impl IntoIterator<Item = u32>) {
    let chunks = chunks.into_iter().map(|number| film.chunk(number));
    film.send(vault, handle, chunks).await.expect("the vault takes a chunk that is right");
}

async fn reader(vault: &Vault, handle: &UploadHandle) -> Arc<dyn RangeReader> {
    let object = vault.object_of(handle).expect("an unfinished upload has its object already");
    vault.reader(&object).await.expect("an unfinished object can be read")
}

/// The whole range, or how the read ended.
async fn read(reader: &dyn RangeReader, range: ByteRange) -> Result<Bytes, ReadError> {
    let pieces: Vec<Bytes> = reader.read(range).await?.try_collect().await?;
    Ok(pieces.concat().into())
}

/// The end of what must not take for ever.
async fn soon<T>(what: &str, future: impl Future<Output = T>) -> T {
    match tokio::time::timeout(DEADLINE, future).await {
        Ok(value) => value,
        Err(_) => panic!("{what} must happen, and did not within {DEADLINE:?}"),
    }
}
