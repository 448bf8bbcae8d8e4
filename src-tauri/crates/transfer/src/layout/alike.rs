//! Which chunks two layouts have in common.

use super::{ChunkIndex, ChunkLayout};

impl ChunkLayout {
    /// Whether the chunk of this number is the same bytes in both layouts, and its digest of the same kind: that of an
    /// only chunk is the root itself, of one among others a chaining value ([`crate::tree`]).
    pub fn shares(&self, other: &Self, index: ChunkIndex) -> bool {
        let number = index.get();
        let there = |layout: &Self| layout.index(number).map(|index| layout.range(index));
        there(self).is_some() && there(self) == there(other) && (self.count() == 1) == (other.count() == 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::MIB;

    fn shared(one: u64, other: u64) -> Vec<u32> {
        let layout = |size| ChunkLayout::new(size, MIB).expect("a layout");
        let (one, other) = (layout(one), layout(other));
        let alike: Vec<u32> = one.indices().filter(|index| one.shares(&other, *index)).map(ChunkIndex::get).collect();
        let back: Vec<u32> = other.indices().filter(|index| other.shares(&one, *index)).map(ChunkIndex::get).collect();
        assert_eq!(alike, back, "whichever is asked");
        alike
    }

    #[test]
    fn whole_chunks_are_shared_and_a_cut_one_is_not() {
        assert_eq!(shared(3 * MIB, 5 * MIB), [0, 1, 2], "more came behind them");
        assert_eq!(shared(3 * MIB - 1, 5 * MIB), [0, 1], "the last one was short and is whole now");
        assert_eq!(shared(3 * MIB + 1, 3 * MIB + 1), [0, 1, 2, 3], "the same file");
        assert_eq!(shared(3 * MIB + 1, 3 * MIB + 2), [0, 1, 2], "a byte more in the last");
        assert_eq!(shared(0, 3 * MIB), [0; 0], "an empty file has no chunk");
    }

    #[test]
    fn the_digest_of_an_only_chunk_is_of_another_kind() {
        assert_eq!(shared(MIB, MIB + 1), [0; 0], "alone it is hashed as the whole, beside another as a part");
        assert_eq!(shared(MIB, MIB), [0], "alone in both");
    }
}
