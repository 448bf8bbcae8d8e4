//! Which chunk goes next.
//!
//! What a person clicked goes first, the last click before the others; then what readers wait for, the newest wish
//! first; then the last chunk and the first, where films keep what a player needs to begin; then the file's order. A
//! remote that wants an order gets it before all.

use std::num::NonZeroU32;

use super::ChunkMap;
use crate::layout::{ByteRange, ChunkIndex, Lanes};
use crate::remote::Order;

/// The next free chunk in the order that the remote permits.
pub(super) fn next(map: &ChunkMap, wishes: &[ByteRange], order: Order) -> Option<ChunkIndex> {
    let number = match order {
        Order::Sequential => next_in_sequence(map, 0, map.layout.count()),
        Order::Lanes(lanes) => next_in_lanes(map, wishes, lanes),
        Order::AnyOrder => next_of_any(map, wishes),
    };
    number.and_then(|number| map.layout.index(number))
}

fn next_of_any(map: &ChunkMap, wishes: &[ByteRange]) -> Option<u32> {
    let count = map.layout.count();
    let wanted = wanted(map, wishes).find_map(|(first, end)| map.taken.gap(first, end));
    wanted.or_else(|| map.taken.gap(count.checked_sub(1)?, count)).or_else(|| map.taken.gap(0, count))
}

/// The first unacknowledged chunk of `first..end`, unless it is under way or rests: then the others wait for it.
fn next_in_sequence(map: &ChunkMap, first: u32, end: u32) -> Option<u32> {
    map.acked.gap(first, end).filter(|number| !map.taken.has(*number))
}

/// Lanes whose part of the file somebody waits for go first: what stands before a wanted chunk must go before it.
fn next_in_lanes(map: &ChunkMap, wishes: &[ByteRange], lanes: NonZeroU32) -> Option<u32> {
    let lanes = Lanes::of(&map.layout, lanes)?;
    let wanted = wanted(map, wishes).find_map(|(first, end)| {
        (lanes.holding(first)..=lanes.holding(end - 1)).find_map(|lane| {
            let (start, stop) = lanes.chunks(lane);
            map.acked.gap(first.max(start), end.min(stop))?;
            next_in_sequence(map, start, stop)
        })
    });
    wanted.or_else(|| {
        (0..lanes.count()).find_map(|lane| {
            let (start, stop) = lanes.chunks(lane);
            next_in_sequence(map, start, stop)
        })
    })
}

/// What goes before all else, the most urgent first: each as its first chunk and the one after its last.
fn wanted<'a>(map: &'a ChunkMap, wishes: &'a [ByteRange]) -> impl Iterator<Item = (u32, u32)> + 'a {
    let clicked = map.hastened().map(|index| (index.get(), index.get() + 1));
    clicked.chain(wishes.iter().filter_map(|wish| chunks_of(map, *wish)))
}

/// First chunk and the one after the last that a wish touches, if it touches any.
fn chunks_of(map: &ChunkMap, wish: ByteRange) -> Option<(u32, u32)> {
    let touched = wish.intersection(map.layout.whole())?;
    Some((map.layout.chunk_at(touched.start())?.get(), map.layout.chunk_at(touched.end() - 1)?.get() + 1))
}
