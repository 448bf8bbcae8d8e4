//! Playing from far away: the bytes that were read of a remote's objects are kept near, in memory and on the disk.
//!
//! [`BlockCache::over`] puts it before any [`RangeReader`]. Only what is missing travels, each run of it in one request
//! (`object`, `fetch`, `run`), and it passes on as it arrives. What is kept is bounded in bytes, and what was used longest ago goes
//! first (`memory`, `folder`).
//!
//! Invariants: bytes of two versions never mix: the strong validator is in the key (`key`). Nothing here tries again what
//! failed. The folder may be emptied at any time. One process at a time has it: what another one leaves there is found,
//! and counted, when it is opened next.

mod block;
mod block_file;
mod counting;
mod disk;
mod fetch;
mod folder;
mod key;
mod memory;
mod near;
mod object;
mod progress;
mod reader;
mod run;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::Semaphore;
use transfer::range::RangeReader;
use transfer::units::MIB;

use block::BlockLen;
use counting::Counters;
pub use counting::Counts;
use disk::Disk;
pub use key::ObjectAt;
use key::ObjectKey;
use memory::Memory;
use near::{Near, Shape};
use object::CachedObject;
use reader::CachedReader;

/// 512 KiB: what is kept, checked and thrown away together. Latency does not depend on it, for a run begins with the byte
/// that is wanted; 256 KiB are twice as many files on the disk, and of 1 MiB blocks a seek leaves twice as much unfinished.
const BLOCK: BlockLen = BlockLen::new(512 << 10);
/// About what a connection gives at once.
const LEAD: u64 = 64 << 10;
/// Some seconds of a film at the bit rates of cameras: what a bad link may be silent for.
const AHEAD: u64 = 16 * MIB;
/// How many films may be so far ahead at once.
const FAR: usize = 4;

/// Where blocks are kept, and how many.
#[derive(Debug, Clone)]
pub struct BlockCacheSetup {
    /// A folder for the blocks alone. It is made, for its user only (0700); files in it that are not the cache's stay.
    pub folder: PathBuf,
    /// How many bytes of blocks may be in memory. Beside it, what is read ahead takes at most as much again, and each other
    /// request under way two blocks (1 MiB).
    pub memory: u64,
    /// How many bytes of blocks may be on the disk; 0 for none, and then the folder is not touched. One block more may be
    /// there while it is written.
    pub disk: u64,
}

/// Blocks of remote objects, kept near. Cloning gives the same cache.
#[derive(Debug, Clone)]
pub struct BlockCache {
    near: Arc<Near>,
    /// Those that are being read, so that their readers share what is on its way.
    objects: Arc<Mutex<HashMap<ObjectKey, Weak<CachedObject>>>>,
}

impl BlockCache {
    /// Opens the cache, and learns in the background what an earlier run left on the disk: until then that is not found.
    ///
    /// # Errors
    /// When the folder cannot be made, or belongs to somebody else.
    pub fn open(setup: BlockCacheSetup) -> io::Result<Self> {
        let ahead = AHEAD.min(setup.memory / FAR as u64).max(LEAD);
        Self::shaped(setup, Shape { block_len: BLOCK, lead: LEAD, ahead, far: FAR })
    }

    fn shaped(setup: BlockCacheSetup, shape: Shape) -> io::Result<Self> {
        let disk = match setup.disk {
            0 => None,
            bound => Some(Disk::open(setup.folder, bound, shape.block_len)?),
        };
        let (memory, far) = (Memory::new(setup.memory), Arc::new(Semaphore::new(shape.far)));
        let near = Arc::new(Near { shape, memory, disk, counters: Counters::default(), far });
        Ok(Self { near, objects: Arc::default() })
    }

    /// Reads `reader` through the cache. What it reads is the object `at`, in the version that its validator names.
    ///
    /// Without a strong validator (an empty one, or one that begins with `W/`) what was read is kept in memory, and only
    /// while somebody reads. `reader` is asked for bytes only when some are missing: one that knows length and validator
    /// without its remote, from an earlier time, plays what is near while the remote is away.
    ///
    /// The streams need a tokio runtime. They end with the error of `reader`, after the bytes that came before it;
    /// [`transfer::range::ReadError::Changed`] also removes what was kept of the object.
    pub fn over(&self, at: &ObjectAt, reader: Arc<dyn RangeReader>) -> Arc<dyn RangeReader> {
        let object = match ObjectKey::lasting(at, reader.as_ref(), self.near.shape.block_len) {
            Some(key) => self.object(key, reader.len()),
            None => Arc::new(CachedObject::passing(Arc::clone(&self.near), reader.len())),
        };
        Arc::new(CachedReader { object, reader })
    }

    fn object(&self, key: ObjectKey, len: u64) -> Arc<CachedObject> {
        let mut objects = self.objects.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(object) = objects.get(&key).and_then(Weak::upgrade) {
            return object;
        }
        objects.retain(|_, object| object.strong_count() > 0);
        let object = Arc::new(CachedObject::lasting(Arc::clone(&self.near), key, len));
        objects.insert(key, Arc::downgrade(&object));
        object
    }

    /// What the cache did and holds.
    pub fn counts(&self) -> Counts {
        let disk_bytes = self.near.disk.as_ref().map_or(0, Disk::bytes);
        self.near.counters.counts(self.near.memory.bytes(), disk_bytes)
    }

    /// Removes every block. What is being read goes on, and is kept anew from then on.
    ///
    /// # Errors
    /// When a file cannot be removed; the rest of them may then be left too.
    pub async fn clear(&self) -> io::Result<()> {
        self.settled().await;
        self.near.memory.clear();
        match &self.near.disk {
            Some(disk) => disk.clear().await,
            None => Ok(()),
        }
    }

    /// Waits until the disk's blocks are known and what was read so far is written: before a process ends, if it likes.
    pub async fn settled(&self) {
        if let Some(disk) = &self.near.disk {
            disk.settled().await;
        }
    }
}
