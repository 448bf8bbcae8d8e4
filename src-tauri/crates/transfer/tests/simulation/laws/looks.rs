//! What must hold of what is shown.

use std::time::Duration;

use transfer::engine::{Cell, Picture, Snapshot};
use transfer::ids::TransferId;
use transfer::state::{Intent, TransferState};

use crate::books::Book;
use crate::world::World;

/// How long what is in flight may go on after a pause, and a moment for it to land.
const GRACE: Duration = Duration::from_millis(2100);

/// What was shown of a transfer when one last looked, in this life.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen {
    at: Duration,
    acked: u64,
    upload: TransferId,
    chunk_len: u64,
}

/// A look at one transfer. Gives what the next look is compared with.
pub(crate) fn look(world: &World, number: usize, snapshot: &Snapshot, picture: &Picture, before: Option<Seen>) -> Seen {
    let mut inside = world.inside();
    let now = inside.now();
    let book = &inside.books[number];
    let laws = [
        ("progress goes back only with a word", goes_forward(book, snapshot, before)),
        ("progress is what the remote acknowledged", is_truth(book, snapshot, picture)),
        ("nothing is in flight for what is held", is_quiet(book, snapshot, now)),
        ("what the person wanted holds, over restarts too", is_as_wanted(book, snapshot)),
        ("what is shown agrees with itself", agrees(snapshot, picture)),
        ("a priority holds, over restarts too", book.priority.is_none_or(|wanted| snapshot.priority == wanted)),
    ];
    for (law, holds) in laws {
        inside.hold(law, holds, || format!("film {number}, before {before:?}, now {snapshot:?}"));
    }
    Seen { at: now, acked: snapshot.bytes_acked, upload: snapshot.upload, chunk_len: snapshot.chunk_len }
}

/// The first look of a life: what is on disk, and no less.
pub(crate) fn after_start(world: &World, number: usize, snapshot: &Snapshot) {
    let mut inside = world.inside();
    let book = &inside.books[number];
    // Of a file that became shorter no more is shown than it has.
    let acked = book.acked_bytes().min(book.record.fingerprint.size);
    let ended = book.record.state.is_terminal();
    let wanted = is_as_wanted(book, snapshot);
    inside.hold("a restart shows what was written", ended || snapshot.bytes_acked == acked, || {
        format!("film {number}: {acked} on disk, {} shown", snapshot.bytes_acked)
    });
    inside.hold("what the person wanted holds, over restarts too", wanted, || format!("film {number}: {snapshot:?}"));
}

fn goes_forward(book: &Book, snapshot: &Snapshot, before: Option<Seen>) -> bool {
    let Some(before) = before else { return true };
    let given_up = matches!(snapshot.state, TransferState::Cancelled | TransferState::Skipped(_));
    let another = snapshot.upload != before.upload || snapshot.chunk_len != before.chunk_len;
    let said = snapshot.lost_ground || another || given_up || book.reset_at >= before.at;
    snapshot.bytes_acked >= before.acked || said
}

fn is_truth(book: &Book, snapshot: &Snapshot, picture: &Picture) -> bool {
    let done = matches!(snapshot.state, TransferState::Done(_));
    let told = |chunk: usize| book.told.given.contains_key(&(chunk as u32));
    done || picture.cells.iter().enumerate().all(|(chunk, cell)| *cell != Cell::Acked || told(chunk))
}

fn is_quiet(book: &Book, snapshot: &Snapshot, now: Duration) -> bool {
    let held = snapshot.state == TransferState::Paused && book.record.state == TransferState::Paused;
    let ended = snapshot.state.is_terminal();
    let long_ago = ended || (held && book.since + GRACE < now);
    snapshot.chunks_in_flight == 0 || !long_ago
}

fn is_as_wanted(book: &Book, snapshot: &Snapshot) -> bool {
    let given_up = matches!(snapshot.state, TransferState::Cancelling | TransferState::Cancelled);
    (!book.held || snapshot.state == TransferState::Paused) && (!book.given_up || given_up)
}

fn agrees(snapshot: &Snapshot, picture: &Picture) -> bool {
    let acked = picture.cells.iter().filter(|cell| **cell == Cell::Acked).count();
    let paused = snapshot.state != TransferState::Paused || snapshot.intent == Intent::Pause;
    acked == snapshot.chunks_acked as usize && snapshot.bytes_acked <= snapshot.bytes_total && paused
}
