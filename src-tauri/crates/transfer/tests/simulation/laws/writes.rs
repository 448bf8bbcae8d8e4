//! What must hold of what is written down.

use transfer::ids::TransferId;
use transfer::journal::{AckedChunk, TransferRecord};
use transfer::state::TransferState;

use crate::film::Film;
use crate::world::World;

/// A record is on disk now.
pub(crate) fn saved(world: &World, record: &TransferRecord) {
    let mut inside = world.inside();
    let Some(number) = inside.books.iter().position(|book| book.id() == record.id) else { return };
    inside.say(|| format!("film {number}: on disk {}", record.state.word()));
    let book = &inside.books[number];
    match &record.state {
        TransferState::Completing => {
            let (acked, all) = (book.acked.len(), record.layout.map_or(0, |layout| layout.count()) as usize);
            inside.hold("Completing means that every chunk is acknowledged", acked == all, || {
                format!("film {number}: {acked} of {all}")
            });
        }
        TransferState::Done(completed) => {
            let given_up = book.given_up;
            inside.hold("what was given up is not Done", !given_up, || format!("film {number}"));
            let object = world.store.inner.object_bytes(&completed.object);
            let right = object.is_some_and(|bytes| bytes == Film::promised(&record.fingerprint).content());
            inside.hold("Done means that every byte is there", right, || format!("film {number}, {completed:?}"));
        }
        TransferState::Cancelling | TransferState::Cancelled => {
            let wanted = book.cancelled_by_user;
            inside.hold("nobody but the user gives up", wanted, || format!("film {number}"));
        }
        TransferState::Queued
        | TransferState::Preparing
        | TransferState::Active
        | TransferState::Waiting(_)
        | TransferState::Paused
        | TransferState::Failed(_)
        | TransferState::Skipped(_) => {}
    }
}

/// Acknowledgements are about to be on disk.
pub(crate) fn acked(world: &World, id: TransferId, chunks: &[AckedChunk]) {
    let mut inside = world.inside();
    let Some(number) = inside.books.iter().position(|book| book.id() == id) else { return };
    for chunk in chunks {
        let given = inside.books[number].told.given.get(&chunk.index.get());
        let given = given.is_some_and(|receipts| receipts.contains(&chunk.receipt.0));
        inside.hold("no acknowledgement is written that the remote never gave", given, || {
            format!("film {number}, chunk {}, {:?}", chunk.index.get(), chunk.receipt)
        });
    }
}
