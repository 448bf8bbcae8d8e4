//! What the cache did, for whoever looks.

use std::sync::atomic::{AtomicU64, Ordering};

/// Since the cache was opened; and how much it holds now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Blocks that a reader came to and found in memory.
    pub memory_hits: u64,
    /// Blocks that were found on the disk.
    pub disk_hits: u64,
    /// Blocks that had to be fetched, or were being fetched.
    pub misses: u64,
    /// Bytes that came from the remotes.
    pub bytes_fetched: u64,
    /// How much memory the blocks take, in bytes; fetches under way are not in it.
    pub memory_bytes: u64,
    /// How much of the disk they take, in bytes.
    pub disk_bytes: u64,
}

/// Where a reader found a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    Memory,
    Disk,
    Remote,
}

#[derive(Debug, Default)]
pub(super) struct Counters {
    memory_hits: AtomicU64,
    disk_hits: AtomicU64,
    misses: AtomicU64,
    bytes_fetched: AtomicU64,
}

impl Counters {
    pub(super) fn found(&self, origin: Origin) {
        let counter = match origin {
            Origin::Memory => &self.memory_hits,
            Origin::Disk => &self.disk_hits,
            Origin::Remote => &self.misses,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn fetched(&self, bytes: u64) {
        self.bytes_fetched.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(super) fn counts(&self, memory_bytes: u64, disk_bytes: u64) -> Counts {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Counts {
            memory_hits: read(&self.memory_hits),
            disk_hits: read(&self.disk_hits),
            misses: read(&self.misses),
            bytes_fetched: read(&self.bytes_fetched),
            memory_bytes,
            disk_bytes,
        }
    }
}
