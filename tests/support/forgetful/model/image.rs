//! The bytes of one file in one state: a size and the sectors that were ever written.
//!
//! Invariant: every byte at or past `size` is zero, and an absent sector is all zeros; a file that grows therefore
//! never shows old bytes again.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::extents::Extents;

/// The unit that reaches the disk whole or not at all, in bytes.
pub(super) const SECTOR: u64 = 4096;

/// The content of one sector. Shared: the volatile state, the history and the durable state hold the same bytes.
pub(super) type Sector = Arc<[u8]>;

/// Size, content and reserved space of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Image {
    pub(super) size: u64,
    pub(super) sectors: BTreeMap<u64, Sector>,
    pub(super) allocated: Extents,
}

impl Image {
    /// Up to `length` bytes from `offset`; shorter at the end of the file.
    pub(super) fn read(&self, offset: u64, length: usize) -> Vec<u8> {
        let end = offset.saturating_add(length as u64).min(self.size);
        let mut bytes = vec![0; end.saturating_sub(offset) as usize];
        let mut done = 0;
        while done < bytes.len() {
            let at = offset + done as u64;
            let within = (at % SECTOR) as usize;
            let length = (SECTOR as usize - within).min(bytes.len() - done);
            if let Some(sector) = self.sectors.get(&(at / SECTOR)) {
                bytes[done..done + length].copy_from_slice(&sector[within..within + length]);
            }
            done += length;
        }
        bytes
    }

    /// Replaces one sector; `None` makes it a hole.
    pub(super) fn put(&mut self, number: u64, sector: Option<Sector>) {
        match sector {
            Some(sector) => self.sectors.insert(number, sector),
            None => self.sectors.remove(&number),
        };
    }

    /// The sector's bytes with `piece` laid over them at `within`.
    pub(super) fn patched(&self, number: u64, within: usize, piece: &[u8]) -> Sector {
        if piece.len() == SECTOR as usize {
            return Arc::from(piece);
        }
        let mut bytes = self.sectors.get(&number).map_or_else(|| vec![0; SECTOR as usize], |sector| sector.to_vec());
        bytes[within..within + piece.len()].copy_from_slice(piece);
        Arc::from(bytes)
    }

    /// Sets the size and forgets everything past it.
    pub(super) fn cut_to(&mut self, size: u64) {
        self.size = size;
        let tail = (size % SECTOR) as usize;
        let mut beyond = self.sectors.split_off(&(size / SECTOR));
        if let Some(last) = beyond.remove(&(size / SECTOR)).filter(|_| tail > 0) {
            let mut bytes = last.to_vec();
            bytes[tail..].fill(0);
            self.sectors.insert(size / SECTOR, Arc::from(bytes));
        }
    }
}
