//! Offsets. [`ChunkLayout`] owns all arithmetic between a file and its chunks, and alone mints a [`ChunkIndex`].

use std::fmt;
use std::num::NonZeroU32;
use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::units::MIB;

mod alike;
mod joined;
mod lanes;
#[cfg(test)]
mod tests;

pub use joined::joined;
pub use lanes::Lanes;

/// The smallest chunk, in bytes: BLAKE3 subtrees merge only at powers of two, and smaller ones cost more than they save.
pub const MIN_CHUNK_LEN: u64 = MIB;

/// Bytes `start..end`, half-open. Empty ranges exist; reversed ones do not, not even in what was written down.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "UncheckedRange")]
pub struct ByteRange {
    start: u64,
    end: u64,
}

impl ByteRange {
    /// `start..end`, or none when it would run backwards.
    pub fn new(start: u64, end: u64) -> Option<Self> {
        (start <= end).then_some(Self { start, end })
    }

    /// `len` bytes from `start` on, cut at the end of the number space.
    pub fn at(start: u64, len: u64) -> Self {
        Self { start, end: start.saturating_add(len) }
    }

    /// The first byte.
    pub fn start(self) -> u64 {
        self.start
    }

    /// The byte after the last.
    pub fn end(self) -> u64 {
        self.end
    }

    /// How many bytes.
    pub fn len(self) -> u64 {
        self.end - self.start
    }

    /// Whether there is no byte in it.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether every byte of `other` is in this range.
    pub fn contains(self, other: Self) -> bool {
        other.is_empty() || (self.start <= other.start && other.end <= self.end)
    }

    /// The bytes in both, or none when they share no byte.
    pub fn intersection(self, other: Self) -> Option<Self> {
        let (start, end) = (self.start.max(other.start), self.end.min(other.end));
        (start < end).then_some(Self { start, end })
    }

    /// The same range without its first `bytes`.
    pub fn without_first(self, bytes: u64) -> Self {
        Self { start: self.start.saturating_add(bytes).min(self.end), end: self.end }
    }
}

impl fmt::Debug for ByteRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

#[derive(Deserialize)]
struct UncheckedRange {
    start: u64,
    end: u64,
}

impl TryFrom<UncheckedRange> for ByteRange {
    type Error = String;

    fn try_from(found: UncheckedRange) -> Result<Self, String> {
        Self::new(found.start, found.end).ok_or_else(|| format!("bytes {}..{} run backwards", found.start, found.end))
    }
}

/// The number of a chunk in its layout, from 0. Only a [`ChunkLayout`] makes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct ChunkIndex(u32);

impl ChunkIndex {
    /// As a number, to store or to show.
    pub fn get(self) -> u32 {
        self.0
    }

    /// As a position in a list that has one place a chunk.
    pub fn position(self) -> usize {
        self.0 as usize
    }
}

/// Why a layout cannot be.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum LayoutError {
    /// A chunk length that is no power of two, or below [`MIN_CHUNK_LEN`].
    #[error("a chunk of {0} bytes: it must be a power of two of at least 1 MiB")]
    ChunkLen(u64),
    /// No permitted chunk length gives few enough chunks.
    #[error("{size} bytes do not fit in {max_chunks} chunks of at most {max_len} bytes")]
    TooManyChunks {
        /// The file's size in bytes.
        size: u64,
        /// How many chunks the remote takes.
        max_chunks: u32,
        /// The longest chunk that the remote takes, in bytes.
        max_len: u64,
    },
}

/// How a file of a known size is cut into chunks of one power-of-two length; the last may be shorter.
///
/// An empty file has no chunk at all. What was written down is checked again when it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "UncheckedLayout")]
pub struct ChunkLayout {
    size: u64,
    chunk_len: u64,
}

#[derive(Deserialize)]
struct UncheckedLayout {
    size: u64,
    chunk_len: u64,
}

impl TryFrom<UncheckedLayout> for ChunkLayout {
    type Error = LayoutError;

    fn try_from(found: UncheckedLayout) -> Result<Self, LayoutError> {
        Self::new(found.size, found.chunk_len)
    }
}

impl ChunkLayout {
    /// `size` bytes in chunks of `chunk_len` bytes.
    pub fn new(size: u64, chunk_len: u64) -> Result<Self, LayoutError> {
        if !chunk_len.is_power_of_two() || chunk_len < MIN_CHUNK_LEN {
            return Err(LayoutError::ChunkLen(chunk_len));
        }
        let too_many = LayoutError::TooManyChunks { size, max_chunks: u32::MAX, max_len: chunk_len };
        u32::try_from(size.div_ceil(chunk_len)).map_err(|_| too_many)?;
        Ok(Self { size, chunk_len })
    }

    /// The layout with the shortest chunks that `lens` and `max_chunks` allow and that are not below `preferred`.
    pub fn plan(
        size: u64,
        preferred: u64,
        lens: &RangeInclusive<u64>,
        max_chunks: NonZeroU32,
    ) -> Result<Self, LayoutError> {
        let first = preferred.max(*lens.start()).max(MIN_CHUNK_LEN).checked_next_power_of_two();
        let refusal = LayoutError::TooManyChunks { size, max_chunks: max_chunks.get(), max_len: *lens.end() };
        let fits = |len: &u64| size.div_ceil(*len) <= u64::from(max_chunks.get());
        std::iter::successors(first, |len| len.checked_mul(2))
            .take_while(|len| len <= lens.end())
            .find(fits)
            .ok_or(refusal)
            .and_then(|len| Self::new(size, len))
    }

    /// The file's size in bytes.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The length of every chunk but the last, in bytes.
    pub fn chunk_len(&self) -> u64 {
        self.chunk_len
    }

    /// How many chunks there are.
    pub fn count(&self) -> u32 {
        // `new` refused anything above.
        self.size.div_ceil(self.chunk_len) as u32
    }

    /// The whole file as a range.
    pub fn whole(&self) -> ByteRange {
        ByteRange { start: 0, end: self.size }
    }

    /// The chunk with this number, if there is one.
    pub fn index(&self, number: u32) -> Option<ChunkIndex> {
        (number < self.count()).then_some(ChunkIndex(number))
    }

    /// Every chunk in order.
    pub fn indices(&self) -> impl DoubleEndedIterator<Item = ChunkIndex> + ExactSizeIterator + use<> {
        (0..self.count()).map(ChunkIndex)
    }

    /// The chunk that holds the byte at `offset`, if the file has that byte.
    pub fn chunk_at(&self, offset: u64) -> Option<ChunkIndex> {
        (offset < self.size).then(|| ChunkIndex((offset / self.chunk_len) as u32))
    }

    /// Where the chunk lies.
    ///
    /// # Panics
    /// When `index` was minted by a longer layout.
    pub fn range(&self, index: ChunkIndex) -> ByteRange {
        assert!(index.0 < self.count(), "chunk {} of a layout with {} chunks", index.0, self.count());
        let start = u64::from(index.0) * self.chunk_len;
        ByteRange { start, end: start.saturating_add(self.chunk_len).min(self.size) }
    }

    /// The chunks that share at least one byte with `range`, in order.
    pub fn touching(&self, range: ByteRange) -> impl DoubleEndedIterator<Item = ChunkIndex> + use<> {
        let shared = range.intersection(self.whole());
        let (first, end) = shared.map_or((0, 0), |bytes| {
            ((bytes.start() / self.chunk_len) as u32, bytes.end().div_ceil(self.chunk_len) as u32)
        });
        (first..end).map(ChunkIndex)
    }

    /// The chunks that lie in `range` whole, in order.
    pub fn within(&self, range: ByteRange) -> impl DoubleEndedIterator<Item = ChunkIndex> + use<> {
        let layout = *self;
        self.touching(range).filter(move |index| range.contains(layout.range(*index)))
    }
}
