//! In which order an [`Upload`] takes its chunks: what [`Order`] promises, enforced as a strict server would.

use std::num::NonZeroU32;

use super::upload::{Refusal, Upload};
use crate::error::Class;
use crate::layout::{ByteRange, ChunkIndex, Lanes};
use crate::remote::Order;

impl Upload {
    pub(super) fn in_order(&self, index: ChunkIndex, body: ByteRange, order: &Order) -> Result<(), Refusal> {
        let fine = match order {
            Order::Sequential => self.continues(index, body),
            Order::Lanes(lanes) => !self.follows_a_written(index, *lanes) && self.lanes_with(index) <= lanes.get(),
            Order::AnyOrder => true,
        };
        if fine { Ok(()) } else { Err(Refusal(Class::Desync, "the chunk is out of order")) }
    }

    /// Whether the body begins at the very byte that comes next, and nobody else is writing.
    fn continues(&self, index: ChunkIndex, body: ByteRange) -> bool {
        let part = self.arriving.get(&index).map_or(0, |part| part.bytes.len() as u64);
        let next = body.start() == self.layout.range(index).start() + part;
        let alone = self.arriving.iter().all(|(other, part)| *other == index || part.writer.is_none());
        next && alone && index.position() == self.acked.len()
    }

    /// Whether the chunk before it in its lane is still being written.
    fn follows_a_written(&self, index: ChunkIndex, lanes: NonZeroU32) -> bool {
        let before = index.get().checked_sub(1).and_then(|number| self.layout.index(number));
        let lanes = Lanes::of(&self.layout, lanes);
        let before = before.zip(lanes).filter(|(before, lanes)| lanes.lane(*before) == lanes.lane(index));
        before.and_then(|(before, _)| self.arriving.get(&before)).is_some_and(|part| part.writer.is_some())
    }

    /// How many unbroken runs of chunks there would be with this one: each lane makes one.
    fn lanes_with(&self, index: ChunkIndex) -> u32 {
        let mut there: Vec<u32> = self.acked.keys().chain(self.arriving.keys()).map(|index| index.get()).collect();
        there.push(index.get());
        there.sort_unstable();
        there.dedup();
        1 + there.windows(2).filter(|pair| pair[0] + 1 != pair[1]).count() as u32
    }
}
