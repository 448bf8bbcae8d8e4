//! Where the blocks of an object lie, and which bytes of one are near. Pure. Invariant: an [`Extent`] lies in one block.

use bytes::Bytes;
use transfer::layout::ByteRange;

/// The number of a block in its object, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Block(u64);

/// How long every block is, in bytes; an object's last may be shorter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct BlockLen(u32);

impl BlockLen {
    /// A power of two.
    pub(super) const fn new(bytes: u32) -> Self {
        assert!(bytes.is_power_of_two(), "offsets are cut at blocks");
        Self(bytes)
    }

    pub(super) fn get(self) -> u64 {
        self.0.into()
    }

    /// The block that a byte lies in.
    pub(super) fn of(self, position: u64) -> Block {
        Block(position / self.get())
    }

    /// The byte after the last of the block that a byte lies in.
    pub(super) fn end_of(self, position: u64) -> u64 {
        (position - position % self.get()).saturating_add(self.get())
    }

    /// Whether `range` is bytes of one block.
    pub(super) fn holds(self, range: ByteRange) -> bool {
        !range.is_empty() && range.end() <= self.end_of(range.start())
    }
}

/// Bytes of one block that follow each other: all of it, or what of it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Extent {
    pub(super) start: u64,
    pub(super) bytes: Bytes,
}

impl Extent {
    pub(super) fn range(&self) -> ByteRange {
        ByteRange::at(self.start, self.bytes.len() as u64)
    }

    /// The bytes from `position` on, if that one is here.
    pub(super) fn from(&self, position: u64) -> Option<Bytes> {
        let skipped = position.checked_sub(self.start).and_then(|skipped| usize::try_from(skipped).ok())?;
        (skipped < self.bytes.len()).then(|| self.bytes.slice(skipped..))
    }

    /// Both, where they touch; else the longer, for a block has one extent. They are of the same block.
    pub(super) fn joined(self, other: Self) -> Self {
        let (first, second) = if self.start <= other.start { (self, other) } else { (other, self) };
        if second.start > first.range().end() {
            return if first.bytes.len() > second.bytes.len() { first } else { second };
        }
        match second.from(first.range().end()) {
            None => first.longest(second),
            Some(rest) => Self { start: first.start, bytes: [first.bytes, rest].concat().into() },
        }
    }

    /// Of two that end alike, or of which one holds the other.
    fn longest(self, other: Self) -> Self {
        if self.bytes.len() >= other.bytes.len() { self } else { other }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn extent(range: std::ops::Range<u8>) -> Extent {
        Extent { start: range.start.into(), bytes: range.collect::<Vec<_>>().into() }
    }

    #[test]
    fn extents_that_touch_become_one_and_others_leave_the_longer() {
        for (one, other, both) in [
            (0..4, 4..8, 0..8),
            (0..6, 2..8, 0..8),
            (0..8, 2..4, 0..8),
            (0..8, 0..8, 0..8),
            (0..2, 0..8, 0..8),
            (0..2, 4..8, 4..8),
            (0..5, 6..8, 0..5),
        ] {
            assert_eq!(
                extent(one.clone()).joined(extent(other.clone())),
                extent(both.clone()),
                "{one:?} and {other:?}"
            );
            assert_eq!(extent(other.clone()).joined(extent(one.clone())), extent(both), "{other:?} and {one:?}");
        }
    }

    #[test]
    fn a_range_over_a_border_is_of_no_block() {
        let len = BlockLen::new(8);
        assert!(len.holds(ByteRange::at(8, 8)), "a whole one");
        assert!(!len.holds(ByteRange::at(8, 9)), "a byte of the next");
        assert!(!len.holds(ByteRange::at(8, 0)), "nothing is of no block");
        assert_eq!((len.end_of(7), len.end_of(8)), (8, 16), "the border belongs to the next");
    }
}
