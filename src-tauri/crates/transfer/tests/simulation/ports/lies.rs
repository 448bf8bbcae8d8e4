//! A remote that does not tell the truth about what it has. Every lie here is one that shows, at the latest when the
//! upload is to be finished.

use rand::RngExt;
use rand::rngs::StdRng;
use transfer::layout::{ChunkIndex, ChunkLayout};
use transfer::remote::{ChunkReceipt, Completed, Proof, Received, UploadStatus};
use transfer::tree::Cv;
use transfer::units::MIB;

use crate::world::World;

/// What the remote says instead of the truth.
pub(crate) fn told(world: &World, number: usize, layout: &ChunkLayout, truth: UploadStatus) -> UploadStatus {
    let mut inside = world.inside();
    if inside.calm || !inside.chance.random_bool(world.plan.lie_odds) {
        return truth;
    }
    let was_finished = inside.books[number].record.root.is_some();
    let lie = lie(truth, layout, was_finished, &mut inside.chance);
    inside.say(|| format!("film {number}: the status is a lie"));
    lie
}

fn lie(truth: UploadStatus, layout: &ChunkLayout, was_finished: bool, chance: &mut StdRng) -> UploadStatus {
    let UploadStatus::Receiving(received) = truth else { return UploadStatus::Unknown };
    match chance.random_range(0..7) {
        0 => UploadStatus::Unknown,
        // Who was asked to finish, with a root, is believed: the protocol shows no more than that word.
        1 if !was_finished => UploadStatus::Completed(Completed { object: nowhere(), proof: Proof::Root }),
        2 | 3 => UploadStatus::Receiving(has_what_it_has_not(received, layout, chance)),
        4 => UploadStatus::Receiving(hides(received, chance)),
        5 => UploadStatus::Receiving(beyond(received, layout)),
        _ => UploadStatus::Receiving(mistaken(received, layout, chance)),
    }
}

fn nowhere() -> transfer::ids::ObjectId {
    transfer::ids::ObjectId("nowhere".to_owned())
}

fn any(layout: &ChunkLayout, chance: &mut StdRng) -> Option<ChunkIndex> {
    layout.index(chance.random_range(0..layout.count().max(1)))
}

fn has_what_it_has_not(mut received: Received, layout: &ChunkLayout, chance: &mut StdRng) -> Received {
    let more = (0..2).filter_map(|_| any(layout, chance)).map(|index| (index, None));
    received.chunks.extend(more.collect::<Vec<_>>());
    received
}

fn hides(mut received: Received, chance: &mut StdRng) -> Received {
    received.chunks.retain(|_| chance.random());
    received.partial.clear();
    received
}

/// Offsets and chunks past the end of the film.
fn beyond(mut received: Received, layout: &ChunkLayout) -> Received {
    let longer = ChunkLayout::new(layout.size() + 3 * layout.chunk_len(), layout.chunk_len()).expect("a layout");
    received.chunks.extend(longer.index(layout.count() + 1).map(|index| (index, None)));
    received.partial.extend(longer.index(layout.count()).map(|index| (index, 7)));
    received.partial.extend(layout.index(0).map(|index| (index, layout.chunk_len() + 9 * MIB)));
    received
}

/// Wrong digests, wrong receipts, heads longer than they are.
fn mistaken(mut received: Received, layout: &ChunkLayout, chance: &mut StdRng) -> Received {
    received.chunks.iter_mut().for_each(|(_, cv)| *cv = cv.map(|_| Cv([7; 32])));
    received.receipts.iter_mut().for_each(|(_, receipt)| *receipt = ChunkReceipt("another".to_owned()));
    let head = chance.random_range(1..layout.chunk_len());
    received.partial.extend(any(layout, chance).map(|index| (index, head)));
    received
}
