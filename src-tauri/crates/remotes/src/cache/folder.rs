//! The blocks on the disk, those used last. Owned by the disk's thread and by whoever reads. Invariant: the files that the
//! index names are within the bound, but for the one that was just written; what it does not name is never read.
//!
//! The folder may be emptied at any time, by anybody: what is missing is a block that is not near.

use std::fs::{self, DirEntry, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use moka::notification::RemovalCause;
use moka::policy::EvictionPolicy;
use moka::sync::Cache;
use tracing::debug;
use transfer::layout::ByteRange;

use super::block::{BlockLen, Extent};
use super::block_file::{self, Name};
use super::key::{BlockKey, ObjectKey, Standing};

/// What a file takes of the disk is counted in these, in bytes.
const SECTOR: u64 = 4096;

#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    len: BlockLen,
    index: Cache<BlockKey, ByteRange>,
    /// Held while files and index change together.
    changing: Mutex<()>,
}

impl Folder {
    /// The folder at `path`, made for its user alone where there is none. What is in it is not known before [`Self::scan`].
    pub(super) fn open(path: PathBuf, bound: u64, len: BlockLen) -> io::Result<Self> {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&path)?;
        fs::set_permissions(&path, Permissions::from_mode(0o700))?;
        let index = Cache::builder().max_capacity(bound).eviction_policy(EvictionPolicy::lru());
        let weight = |_: &BlockKey, range: &ByteRange| u32::try_from(weight(*range)).unwrap_or(u32::MAX);
        let evicting = path.clone();
        let index = index.weigher(weight).eviction_listener(move |key, range, cause| {
            // One that was replaced has the name of the new one, or was removed when that was written.
            if cause != RemovalCause::Replaced {
                remove(&evicting, key.object, range.start());
            }
        });
        Ok(Self { path, len, index: index.build(), changing: Mutex::new(()) })
    }

    /// Learns what earlier runs left, the use longest ago first, so that what is too much goes in that order.
    pub(super) fn scan(&self) -> io::Result<()> {
        let mut found: Vec<_> = fs::read_dir(&self.path)?.filter_map(|entry| self.found(&entry.ok()?)).collect();
        found.sort_by_key(|(used, ..)| *used);
        for (_, object, range) in found {
            self.admit(object, range);
        }
        Ok(())
    }

    fn found(&self, entry: &DirEntry) -> Option<(SystemTime, ObjectKey, ByteRange)> {
        match Name::of(entry.file_name().to_str()?) {
            Name::Foreign => None,
            Name::Aside => {
                fs::remove_file(entry.path()).ok();
                None
            }
            Name::Extent(object, start) => {
                let file = entry.metadata().ok()?;
                let range = block_file::range(start, file.len()).filter(|range| self.len.holds(*range));
                if range.is_none() {
                    remove(&self.path, object, start);
                }
                Some((file.modified().ok()?, object, range?))
            }
        }
    }

    fn key(&self, object: ObjectKey, position: u64) -> BlockKey {
        BlockKey { object, block: self.len.of(position) }
    }

    /// Enters a file into the index. A block has one.
    fn admit(&self, object: ObjectKey, range: ByteRange) {
        let key = self.key(object, range.start());
        let before = self.index.get(&key).filter(|before| before.start() != range.start());
        self.index.insert(key, range);
        if let Some(before) = before {
            remove(&self.path, object, before.start());
        }
        self.index.run_pending_tasks();
    }

    /// Which bytes of a block there are.
    pub(super) fn range(&self, key: BlockKey) -> Option<ByteRange> {
        self.index.contains_key(&key).then(|| self.index.get(&key))?
    }

    /// Reads what there is of a block. One that is damaged is removed, and is none. Blocks the thread.
    pub(super) fn read(&self, key: BlockKey) -> Option<Extent> {
        let range = self.index.get(&key)?;
        let read = block_file::read(&self.path, key.object, range);
        if let Err(error) = &read {
            let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
            if self.index.get(&key) == Some(range) {
                debug!(%error, "a block on the disk is missing or damaged");
                self.index.invalidate(&key);
            }
        }
        read.ok()
    }

    /// Keeps an extent, joined to what there was of its block. Blocks the thread.
    pub(super) fn keep(&self, object: ObjectKey, extent: Extent, standing: &Standing) -> io::Result<()> {
        let key = self.key(object, extent.start);
        let before = match self.range(key) {
            Some(before) if before.contains(extent.range()) => return Ok(()),
            Some(before) if extent.range().contains(before) => None,
            Some(_) => self.read(key),
            None => None,
        };
        let extent = before.map_or_else(|| extent.clone(), |before| before.joined(extent.clone()));
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        if standing.holds() {
            block_file::write(&self.path, object, &extent)?;
            self.admit(object, extent.range());
        }
        Ok(())
    }

    /// Removes everything of an object.
    pub(super) fn forget(&self, object: ObjectKey) {
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        for (key, _) in &self.index {
            if key.object == object {
                self.index.invalidate(&*key);
            }
        }
        self.index.run_pending_tasks();
    }

    /// Removes every file of ours, known or not.
    pub(super) fn clear(&self) -> io::Result<()> {
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        for entry in fs::read_dir(&self.path)? {
            let entry = entry?;
            if entry.file_name().to_str().is_some_and(|name| Name::of(name) != Name::Foreign) {
                fs::remove_file(entry.path())?;
            }
        }
        self.index.invalidate_all();
        self.index.run_pending_tasks();
        Ok(())
    }

    /// How much of the disk the blocks take, in bytes.
    pub(super) fn bytes(&self) -> u64 {
        self.index.run_pending_tasks();
        self.index.weighted_size()
    }
}

fn weight(range: ByteRange) -> u64 {
    block_file::file_len(range.len()).next_multiple_of(SECTOR)
}

/// A file that is gone already is gone.
fn remove(folder: &Path, object: ObjectKey, start: u64) {
    fs::remove_file(folder.join(block_file::name(object, start))).ok();
}
