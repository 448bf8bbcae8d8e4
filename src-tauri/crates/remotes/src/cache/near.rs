//! Everything that is near, in one place: memory, disk, what they count, and how far readers may run ahead. Owned by the
//! cache and by every object that is read through it.

use std::sync::Arc;

use tokio::sync::Semaphore;
use transfer::layout::ByteRange;

use super::block::{BlockLen, Extent};
use super::counting::Counters;
use super::disk::Disk;
use super::key::{BlockKey, ObjectKey};
use super::memory::Memory;

/// How blocks are cut, and how far is read ahead.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    pub(super) block_len: BlockLen,
    /// How far beyond its reader a fetch always is, in bytes: pieces pass without waiting for each other.
    pub(super) lead: u64,
    /// How far it may be beyond a reader that goes on and on, in bytes.
    pub(super) ahead: u64,
    /// How many may be so far at once.
    pub(super) far: usize,
}

#[derive(Debug)]
pub(super) struct Near {
    pub(super) shape: Shape,
    pub(super) memory: Memory,
    pub(super) disk: Option<Disk>,
    pub(super) counters: Counters,
    pub(super) far: Arc<Semaphore>,
}

impl Near {
    pub(super) fn key(&self, object: ObjectKey, position: u64) -> BlockKey {
        BlockKey { object, block: self.shape.block_len.of(position) }
    }

    /// Which bytes of the block of `position` are in memory, and which on the disk.
    pub(super) fn ranges(&self, object: ObjectKey, position: u64) -> [Option<ByteRange>; 2] {
        let key = self.key(object, position);
        [self.memory.range(key), self.disk.as_ref().and_then(|disk| disk.range(key))]
    }

    /// The extent with this byte, from the disk: it is in memory from then on.
    pub(super) async fn on_disk(&self, object: ObjectKey, position: u64) -> Option<Extent> {
        let (disk, key) = (self.disk.as_ref()?, self.key(object, position));
        disk.range(key).filter(|range| range.contains(ByteRange::at(position, 1)))?;
        let extent = disk.read(key).await?;
        // Not what is kept of the block from now on: that may be another, longer part of it.
        self.memory.keep(key, extent.clone());
        Some(extent)
    }
}
