//! A file divided in lanes: contiguous parts of whole chunks, each sent in order, side by side.

use std::num::NonZeroU32;

use super::{ByteRange, ChunkIndex, ChunkLayout};

/// The chunks of a layout in contiguous parts whose lengths differ by one chunk at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lanes {
    layout: ChunkLayout,
    count: NonZeroU32,
}

impl Lanes {
    /// As many as `wanted`, and no more than chunks; none at all without a chunk.
    pub fn of(layout: &ChunkLayout, wanted: NonZeroU32) -> Option<Self> {
        let count = NonZeroU32::new(wanted.get().min(layout.count()))?;
        Some(Self { layout: *layout, count })
    }

    /// How many.
    pub fn count(&self) -> u32 {
        self.count.get()
    }

    /// The bytes of a lane, from 0.
    pub fn bytes(&self, lane: u32) -> ByteRange {
        let start =
            |chunk: u32| self.layout.index(chunk).map_or(self.layout.size(), |index| self.layout.range(index).start());
        let (first, end) = self.chunks(lane);
        ByteRange { start: start(first), end: start(end) }
    }

    /// The lane of a chunk: the inverse of what gives its first chunk.
    pub fn lane(&self, index: ChunkIndex) -> u32 {
        self.holding(index.get())
    }

    /// First chunk of a lane, and the one after its last.
    pub(crate) fn chunks(&self, lane: u32) -> (u32, u32) {
        let count = u64::from(self.layout.count());
        let start = |lane: u32| (u64::from(lane) * count / u64::from(self.count.get())) as u32;
        (start(lane), start(lane + 1))
    }

    pub(crate) fn holding(&self, chunk: u32) -> u32 {
        (((u64::from(chunk) + 1) * u64::from(self.count.get()) - 1) / u64::from(self.layout.count())) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::MIB;

    #[test]
    fn lanes_cover_the_file_in_order_and_end_at_chunks() {
        for size in [1, MIB, MIB + 1, 4 * MIB, 10 * MIB - 1, 103 * MIB + 7] {
            let layout = ChunkLayout::new(size, MIB).expect("a layout");
            let lanes = Lanes::of(&layout, NonZeroU32::new(4).expect("four")).expect("there is a chunk");
            let mut at = 0;
            for lane in 0..lanes.count() {
                let bytes = lanes.bytes(lane);
                assert_eq!(bytes.start(), at, "{size}: no byte is left out or in two lanes");
                assert!(!bytes.is_empty(), "{size}: a lane without a byte is none");
                at = bytes.end();
            }
            assert_eq!(at, size, "all of it");
            for index in layout.indices() {
                let lane = lanes.bytes(lanes.lane(index));
                assert!(lane.contains(layout.range(index)), "{size}: a chunk lies in its lane whole");
            }
        }
        let empty = ChunkLayout::new(0, MIB).expect("a layout");
        assert_eq!(Lanes::of(&empty, NonZeroU32::MIN), None, "nothing has no lanes");
    }
}
