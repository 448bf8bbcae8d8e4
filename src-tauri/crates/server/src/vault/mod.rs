//! The vault: a folder of films that keeps what it acknowledged, whatever happens next.
//!
//! Owner of the whole: [`Vault`], a handle on two tasks and on what they share. Bytes of an upload are written in place
//! at their offset (`receive`), many chunks are made durable by one flush (`flush`), uploads begin and end in order
//! (`lifecycle`), bytes that come in order without chunks of their sender's are taken too (`append`), films are renamed
//! and taken out (`library`), everything can be read again to see whether it is still right (`scrub`), and everything can
//! be read from its first acknowledged byte on (`unfinished`, `film`).
//!
//! Invariants: a chunk is acknowledged only when it is on disk and its digest matched; an acknowledged byte is never
//! written again, unless its sender amends the upload, which is another film's then (`amending`); no file that stands in
//! the folder is ever replaced.

mod allowance;
mod amending;
mod append;
mod begin;
mod chunks;
mod disk;
mod error;
mod film;
mod flush;
mod folder;
mod library;
mod lifecycle;
mod moving;
mod owned;
mod pen;
mod progress;
mod publish;
mod receive;
mod recent;
mod recovery;
mod register;
mod remote;
mod removal;
mod renaming;
mod replacing;
mod scrub;
mod setup;
mod shared;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod trouble;
mod unfinished;
mod upload;
mod wishes;

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio_util::task::TaskTracker;
use tracing::{Instrument, info_span};
use transfer::ids::ObjectId;
use transfer::name::FileName;
use transfer::range::RangeReader;
use transfer::remote::UploadHandle;
use transfer::tree::Root;
use transfer::units::Timestamp;

use crate::ports::{Owner, UploadId, Video};
use flush::{Flusher, Flushes};
use lifecycle::{Lifecycle, Step};
use shared::Shared;
use unfinished::UnfinishedReader;

pub use allowance::Allowance;
pub use append::{AppendBody, AppendError, AppendStage, AppendView, NewAppend, NewRole};
pub use error::VaultError;
pub use owned::{Known, OwnedVault};
pub use progress::{Count, Progress};
pub use scrub::{Finding, Harm, ScrubCourse, ScrubReport, ScrubStep, scrub};
pub use setup::VaultSetup;

/// Steps that wait for their turn, and that are looked at together; a caller above that waits in its own task.
const STEPS: usize = 64;

/// An opened vault. Clones are handles on the same one; it ends with [`Vault::close`] or with the last of them.
#[derive(Debug, Clone)]
pub struct Vault {
    shared: Arc<Shared>,
    steps: mpsc::Sender<Step>,
    flushes: Flushes,
    tasks: TaskTracker,
}

/// An object that is still arriving.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfinished {
    /// Its id; it keeps it when it is finished.
    pub object: ObjectId,
    /// The upload, as its owner calls it from afar.
    pub handle: UploadHandle,
    /// Who sends it.
    pub owner: Owner,
    /// What its sender calls it.
    pub name: FileName,
    /// Bytes that it will have.
    pub size: u64,
    /// Bytes of it that are acknowledged.
    pub received: u64,
    /// When it began.
    pub created_at: Timestamp,
    /// When it last received something, or word of its sender.
    pub heard_at: Timestamp,
}

/// What there is to say about any object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Who sent it, or sends it.
    pub owner: Owner,
    /// The name of its file; of an unfinished one, what its sender calls it.
    pub name: FileName,
    /// Bytes, all of them.
    pub size: u64,
    /// Bytes that are there.
    pub received: u64,
    /// Its BLAKE3, when it is finished.
    pub root: Option<Root>,
    /// When it was finished, or begun while it is not.
    pub created_at: Timestamp,
}

impl Vault {
    /// Opens the folder: publishes what was being published, drops files that nobody owns and uploads that expired.
    ///
    /// Whoever calls holds the folder's lock (it comes with the ledger).
    pub async fn open(setup: VaultSetup) -> Result<Self, VaultError> {
        let shared = Arc::new(recovery::open(setup).await?);
        let (tasks, (steps, turns)) = (TaskTracker::new(), mpsc::channel(STEPS));
        let (flushes, flusher) = Flusher::new(shared.clone());
        tasks.spawn(flusher.run().instrument(info_span!("vault_flush")));
        let lifecycle = Lifecycle::new(shared.clone(), flushes.clone());
        tasks.spawn(lifecycle.run(turns).instrument(info_span!("vault_lifecycle")));
        let vault = Self { shared, steps, flushes, tasks };
        append::take_up_all(&vault);
        Ok(vault)
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        self.shared.folder.root()
    }

    /// Finished films, newest first, after `after` in that order, at most `limit`.
    pub async fn library(&self, after: Option<&ObjectId>, limit: u32) -> Result<Vec<Video>, VaultError> {
        Ok(self.shared.catalogue.videos(after, limit).await?)
    }

    /// What is still arriving, newest first.
    pub async fn unfinished(&self) -> Result<Vec<Unfinished>, VaultError> {
        let mut all: Vec<_> = self.shared.register.all().iter().filter_map(|upload| upload.view()).collect();
        all.sort_by(|a, b| (b.created_at, &b.object).cmp(&(a.created_at, &a.object)));
        Ok(all)
    }

    /// An object, finished or not.
    pub async fn find(&self, object: &ObjectId) -> Result<Option<Found>, VaultError> {
        if let Some(view) = self.shared.register.by_object(object).and_then(|upload| upload.view()) {
            let Unfinished { owner, name, size, received, created_at, .. } = view;
            return Ok(Some(Found { owner, name, size, received, root: None, created_at }));
        }
        let video = self.shared.films.video(object).await?;
        Ok(video.map(|video| Found {
            owner: video.owner.clone(),
            name: video.name.clone(),
            size: video.size,
            received: video.size,
            root: Some(video.root),
            created_at: video.created_at,
        }))
    }

    /// A reader of any object. Its validator is the object's id, before and after the object is finished; bytes that
    /// have not arrived are waited for as long as their sender means to send them.
    pub async fn reader(&self, object: &ObjectId) -> Result<Arc<dyn RangeReader>, VaultError> {
        match self.shared.register.by_object(object) {
            Some(upload) => Ok(Arc::new(UnfinishedReader::new(upload, &self.shared))),
            None => Ok(Arc::new(self.shared.films.reader(object).await?)),
        }
    }

    /// The object that an unfinished upload becomes.
    pub fn object_of(&self, handle: &UploadHandle) -> Option<ObjectId> {
        self.shared.register.by_id(&UploadId(handle.0.clone())).map(|upload| upload.object.clone())
    }

    /// The unfinished upload that becomes an object, as its owner calls it from afar.
    pub fn upload_of(&self, object: &ObjectId) -> Option<UploadHandle> {
        self.shared.register.by_object(object).and_then(|upload| upload.view()).map(|view| view.handle)
    }

    /// Counts up whenever the list of finished or unfinished films changes.
    pub fn library_changed(&self) -> watch::Receiver<u64> {
        self.shared.library.subscribe()
    }

    /// Whether it was closed.
    pub fn is_open(&self) -> bool {
        !self.shared.closed.is_cancelled()
    }

    /// Tries whether the disk below the folder can be written; what it has free then, in bytes.
    pub async fn try_disk(&self) -> io::Result<u64> {
        let folder = self.shared.folder.clone();
        disk::blocking_io(move || folder.try_writing().and_then(|()| folder.free_bytes())).await
    }

    /// What its clock says.
    pub(crate) fn now(&self) -> Timestamp {
        self.shared.clock.now()
    }

    /// What the disk below the folder has free, in bytes.
    pub fn free_bytes(&self) -> io::Result<u64> {
        self.shared.folder.free_bytes()
    }

    /// How long after its last byte an unfinished upload is kept.
    pub fn expiry(&self) -> Duration {
        self.shared.expiry
    }

    /// How long it is until then, by the vault's clock; zero when it is past.
    pub fn time_until(&self, then: Timestamp) -> Duration {
        then.since(self.shared.clock.now())
    }

    /// Makes durable what is written, tells its senders, and ends the tasks. Calls after that fail as Transient.
    pub async fn close(&self) {
        self.shared.closed.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}
