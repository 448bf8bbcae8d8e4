//! The arithmetic of offsets, at the sizes where it goes wrong and at random ones.

use proptest::prelude::*;

use super::*;

fn layout(size: u64, chunk_len: u64) -> ChunkLayout {
    ChunkLayout::new(size, chunk_len).expect("a possible layout")
}

fn most(chunks: u32) -> NonZeroU32 {
    NonZeroU32::new(chunks).expect("not zero")
}

/// Sizes around the borders of chunks, and random ones; a chunk length for each.
fn layouts() -> impl Strategy<Value = ChunkLayout> {
    let near_a_border = (0..60u64, 0..=2u64).prop_map(|(chunks, off)| (chunks * MIB + off).saturating_sub(1));
    let sizes = prop_oneof![Just(0), Just(1), near_a_border, 0..200 * MIB, Just(100 << 30)];
    (sizes, 0..5u32).prop_map(|(size, doublings)| layout(size, MIB << doublings))
}

fn ranges() -> impl Strategy<Value = ByteRange> {
    let start = prop_oneof![0..200 * MIB, any::<u64>()];
    (start, prop_oneof![0..50 * MIB, any::<u64>()]).prop_map(|(start, len)| ByteRange::at(start, len))
}

#[test]
fn the_sizes_around_a_chunk_have_the_chunks_that_one_expects() {
    let lens = |size| layout(size, MIB).indices().map(|index| layout(size, MIB).range(index).len()).collect::<Vec<_>>();
    assert_eq!(lens(0).len(), 0, "an empty file has no chunk");
    assert_eq!(lens(1), [1], "the last chunk is as long as the rest");
    assert_eq!(lens(MIB - 1), [MIB - 1], "one byte short of a chunk is one chunk");
    assert_eq!(lens(MIB), [MIB], "a full chunk has no empty one behind it");
    assert_eq!(lens(MIB + 1), [MIB, 1], "one byte more is one chunk more");
}

#[test]
fn only_powers_of_two_of_a_mebibyte_or_more_are_chunk_lengths() {
    for len in [0, 1, MIB / 2, MIB + 1, 3 * MIB, u64::MAX] {
        assert_eq!(ChunkLayout::new(9, len), Err(LayoutError::ChunkLen(len)), "hash trees do not merge at {len}");
    }
    assert!(ChunkLayout::new(u64::MAX, MIB).is_err(), "more chunks than a number has room for");
    assert!(ChunkLayout::new(u64::MAX, 1 << 63).is_ok(), "the end of the number space is no special case");
}

#[test]
fn a_plan_takes_the_shortest_chunks_that_the_remote_allows() {
    let plan = |size, lens, chunks| ChunkLayout::plan(size, 4 * MIB, &lens, most(chunks)).map(|plan| plan.chunk_len());
    assert_eq!(plan(100 << 30, MIB..=1 << 30, u32::MAX), Ok(4 * MIB), "the preferred length fits");
    assert_eq!(plan(100 << 30, MIB..=1 << 30, 10_000), Ok(16 * MIB), "longer ones where the number is limited");
    assert_eq!(plan(5, 8 * MIB..=8 * MIB, 1), Ok(8 * MIB), "the remote takes nothing shorter");
    assert_eq!(plan(5, 5_000_000..=9_000_000, 1), Ok(8 * MIB), "the next power of two of an odd minimum");
    let error = LayoutError::TooManyChunks { size: 3 * MIB, max_chunks: 2, max_len: MIB };
    assert_eq!(ChunkLayout::plan(3 * MIB, MIB, &(0..=MIB), most(2)), Err(error), "it cannot be, and says why");
    assert!(plan(5, u64::MAX..=u64::MAX, 1).is_err(), "there is no such power of two");
}

#[test]
fn what_was_written_down_is_checked_when_it_is_read() {
    let text = serde_json::to_string(&layout(MIB + 5, MIB)).expect("plain numbers");
    assert_eq!(serde_json::from_str::<ChunkLayout>(&text).ok(), Some(layout(MIB + 5, MIB)), "it comes back as it went");
    assert!(serde_json::from_str::<ChunkLayout>(r#"{"size":5,"chunk_len":0}"#).is_err(), "or it would divide by zero");
    let text = serde_json::to_string(&ByteRange::at(3, 4)).expect("plain numbers");
    assert_eq!(serde_json::from_str::<ByteRange>(&text).ok(), Some(ByteRange::at(3, 4)), "it comes back as it went");
    assert!(serde_json::from_str::<ByteRange>(r#"{"start":5,"end":4}"#).is_err(), "or its length would be below zero");
}

#[test]
fn ranges_keep_within_the_number_space() {
    let end = ByteRange::at(u64::MAX - 1, 9);
    assert_eq!((end.len(), end.end()), (1, u64::MAX), "cut, not wrapped");
    assert_eq!(ByteRange::new(5, 4), None, "a reversed range is none");
    assert!(ByteRange::at(7, 3).without_first(u64::MAX).is_empty(), "nothing is left, and not less");
    assert!(ByteRange::at(7, 3).contains(ByteRange::at(0, 0)), "an empty range is everywhere");
}

proptest! {
    #[test]
    fn chunks_lie_side_by_side_and_cover_the_file(layout in layouts()) {
        let mut next = 0;
        for index in layout.indices() {
            let range = layout.range(index);
            prop_assert_eq!(range.start(), next, "no gap and no overlap before chunk {}", index.get());
            prop_assert!(!range.is_empty() && range.len() <= layout.chunk_len(), "no chunk is empty or too long");
            next = range.end();
        }
        prop_assert_eq!(next, layout.size(), "the last byte belongs to the last chunk");
        prop_assert_eq!(layout.indices().len(), layout.count() as usize, "as many as counted");
        prop_assert_eq!(layout.index(layout.count()), None, "and none more");
    }

    #[test]
    fn each_byte_has_the_chunk_that_holds_it(layout in layouts(), offset in prop_oneof![0..200 * MIB, any::<u64>()]) {
        match layout.chunk_at(offset) {
            Some(index) => prop_assert!(layout.range(index).contains(ByteRange::at(offset, 1)), "it is in its chunk"),
            None => prop_assert!(offset >= layout.size(), "only bytes past the end have none"),
        }
    }

    #[test]
    fn the_chunks_of_a_range_are_those_that_share_a_byte_with_it(layout in layouts(), range in ranges()) {
        prop_assume!(layout.count() < 1_000);
        let touching = layout.indices().filter(|index| range.intersection(layout.range(*index)).is_some());
        prop_assert!(layout.touching(range).eq(touching), "exactly these, in order");
        let within = layout.indices().filter(|index| range.contains(layout.range(*index)));
        prop_assert!(layout.within(range).eq(within), "exactly those that lie in it whole");
    }

    #[test]
    fn an_intersection_holds_what_is_in_both(one in ranges(), other in ranges(), byte: u64) {
        let holds = |range: ByteRange| range.contains(ByteRange::at(byte.min(u64::MAX - 1), 1));
        let shared = one.intersection(other);
        prop_assert_eq!(shared, other.intersection(one), "whichever is named first");
        prop_assert_eq!(shared.is_some_and(holds), holds(one) && holds(other), "byte {}", byte);
        prop_assert!(shared.is_none_or(|shared| !shared.is_empty()), "nothing shared is no range at all");
    }

    #[test]
    fn a_plan_keeps_what_the_remote_says(
        size in 0..1u64 << 44, preferred: u64, shortest: u64, longest: u64, chunks in 1..20_000u32,
    ) {
        let lens = shortest..=longest;
        if let Ok(plan) = ChunkLayout::plan(size, preferred, &lens, most(chunks)) {
            prop_assert!(lens.contains(&plan.chunk_len()), "a length that the remote takes");
            prop_assert!(plan.count() <= chunks, "no more chunks than the remote takes");
            prop_assert!(plan.chunk_len() >= preferred, "not shorter than what was preferred");
        }
    }
}
