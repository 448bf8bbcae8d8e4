//! Buffers that come back: a 100 GiB file passes through a few of them instead of 400,000 allocations.
//!
//! The pool bounds what it keeps, not what it lends: how many pieces are out at once is the engine's business, and a
//! pool that waited would let one slow remote hold up another transfer's reads.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The length of a buffer, in bytes, but of a shorter file's.
pub(super) const PIECE_LEN: usize = crate::source::PIECE_LEN as usize;

/// Buffers kept of one file while nobody needs them.
const SPARE_MOST: usize = 4;

/// The spare buffers of one file.
#[derive(Debug)]
pub(super) struct Pieces {
    /// Of a buffer, in bytes.
    len: usize,
    spare: Mutex<Vec<Box<[u8]>>>,
}

impl Pieces {
    /// For a file of so many bytes.
    pub(super) fn of(size: u64) -> Self {
        Self { len: usize::try_from(size).unwrap_or(PIECE_LEN).min(PIECE_LEN), spare: Mutex::default() }
    }

    /// A buffer of `len` bytes, at most [`PIECE_LEN`] and the file's size. What is in it is of no meaning.
    pub(super) fn take(self: &Arc<Self>, len: usize) -> Piece {
        let spare = self.spare().pop();
        let buffer = spare.unwrap_or_else(|| vec![0; self.len].into());
        Piece { buffer, len: len.min(self.len), home: Arc::clone(self) }
    }

    fn put_back(&self, buffer: Box<[u8]>) {
        let mut spare = self.spare();
        if spare.len() < SPARE_MOST {
            spare.push(buffer);
        }
    }

    /// A list of buffers is right whoever panicked while holding it.
    fn spare(&self) -> MutexGuard<'_, Vec<Box<[u8]>>> {
        self.spare.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[cfg(test)]
    pub(super) fn spares(&self) -> usize {
        self.spare().len()
    }
}

/// A buffer that goes home when its last reader is done with it.
#[derive(Debug)]
pub(super) struct Piece {
    buffer: Box<[u8]>,
    len: usize,
    home: Arc<Pieces>,
}

impl AsRef<[u8]> for Piece {
    fn as_ref(&self) -> &[u8] {
        &self.buffer[..self.len]
    }
}

impl AsMut<[u8]> for Piece {
    fn as_mut(&mut self) -> &mut [u8] {
        &mut self.buffer[..self.len]
    }
}

impl Drop for Piece {
    fn drop(&mut self) {
        self.home.put_back(std::mem::take(&mut self.buffer));
    }
}
