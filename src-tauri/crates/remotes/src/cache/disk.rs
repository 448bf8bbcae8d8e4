//! What the disk is asked for, off the runtime. A thread of its own learns what is there, then writes what was fetched, one
//! after the other. Invariant: a reader never waits for a write: where the disk is slower than the network, blocks are not
//! kept.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use tokio::sync::oneshot;
use tokio::task::spawn_blocking;
use tracing::{debug, warn};
use transfer::layout::ByteRange;

use super::block::{BlockLen, Extent};
use super::folder::Folder;
use super::key::{BlockKey, ObjectKey, Standing};

/// How many blocks may wait to be written; they are in memory meanwhile.
const WAITING: usize = 16;

#[derive(Debug)]
pub(super) struct Disk {
    folder: Arc<Folder>,
    jobs: SyncSender<Job>,
}

#[derive(Debug)]
enum Job {
    Keep(ObjectKey, Extent, Standing),
    /// Answered when everything before it is done.
    Settle(oneshot::Sender<()>),
}

impl Disk {
    /// The thread ends when this is dropped and what waits is written.
    pub(super) fn open(path: PathBuf, bound: u64, len: BlockLen) -> io::Result<Self> {
        let folder = Arc::new(Folder::open(path, bound, len)?);
        let (jobs, received) = sync_channel(WAITING);
        let writes = Arc::clone(&folder);
        thread::Builder::new().name("block cache".to_owned()).spawn(move || work(&writes, &received))?;
        Ok(Self { folder, jobs })
    }

    /// Which bytes of a block there are.
    pub(super) fn range(&self, key: BlockKey) -> Option<ByteRange> {
        self.folder.range(key)
    }

    /// What there is of a block, if it is sound.
    pub(super) async fn read(&self, key: BlockKey) -> Option<Extent> {
        self.folder.range(key)?;
        let folder = Arc::clone(&self.folder);
        spawn_blocking(move || folder.read(key)).await.ok().flatten()
    }

    /// Writes an extent when its turn comes, or never when too many wait.
    pub(super) fn keep(&self, object: ObjectKey, extent: Extent, standing: Standing) {
        if self.jobs.try_send(Job::Keep(object, extent, standing)).is_err() {
            debug!("the disk is slower than the network: a block is not kept");
        }
    }

    /// Removes everything of an object.
    pub(super) async fn forget(&self, object: ObjectKey) {
        let folder = Arc::clone(&self.folder);
        spawn_blocking(move || folder.forget(object)).await.ok();
    }

    /// Removes all blocks.
    pub(super) async fn clear(&self) -> io::Result<()> {
        let folder = Arc::clone(&self.folder);
        spawn_blocking(move || folder.clear()).await?
    }

    /// Waits until the folder is known and all that was given is written.
    pub(super) async fn settled(&self) {
        let (done, is_done) = oneshot::channel();
        let jobs = self.jobs.clone();
        spawn_blocking(move || jobs.send(Job::Settle(done))).await.ok();
        is_done.await.ok();
    }

    pub(super) fn bytes(&self) -> u64 {
        self.folder.bytes()
    }
}

fn work(folder: &Folder, jobs: &Receiver<Job>) {
    if let Err(error) = folder.scan() {
        warn!(%error, "the blocks on the disk cannot be listed");
    }
    while let Ok(job) = jobs.recv() {
        match job {
            Job::Keep(object, extent, standing) => {
                if let Err(error) = folder.keep(object, extent, &standing) {
                    debug!(%error, "a block cannot be written");
                }
            }
            Job::Settle(done) => drop(done.send(())),
        }
    }
}
