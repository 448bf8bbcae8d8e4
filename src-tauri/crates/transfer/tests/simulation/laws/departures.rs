//! What must hold when a request leaves.

use std::sync::Arc;
use std::time::Duration;

use transfer::error::Operation;
use transfer::remote::{ChunkReceipt, Completion, PutChunk, UploadHandle};
use transfer::state::TransferState;

use super::answers;
use crate::books::Book;
use crate::ports::store::Echo;
use crate::world::{Inside, World};

/// How long what is in flight may go on after a pause or before a wait.
const GRACE: Duration = Duration::from_secs(2);

/// More calls than the longest life has.
const WILD: usize = 5000;

/// A chunk under way. Gone with the request, however that ends.
pub(crate) struct Flight {
    world: Arc<World>,
    number: usize,
    chunk: u32,
    len: u64,
    handle: UploadHandle,
}

/// A put that leaves.
struct Put<'a> {
    now: Duration,
    handle: &'a UploadHandle,
    chunk: u32,
    /// How far from the chunk's start its bytes begin.
    head: u64,
    /// In eighths of a place, this one included.
    in_flight: usize,
    /// In places.
    most_in_flight: usize,
}

type PutLaw = fn(&Book, &Put<'_>) -> bool;

const PUT_LAWS: [(&str, PutLaw); 7] = [
    ("the handle is written down before the first chunk leaves", |book, put| {
        book.record.handle.as_ref() == Some(put.handle)
    }),
    ("every road to Active asks the remote first", |book, _| book.told.asked),
    ("no chunk is under way twice", |book, put| !book.flying.contains(&put.chunk)),
    ("what the remote has is not sent again", |book, put| !book.told.known.contains(&put.chunk)),
    ("a rest is sent as a rest", |book, put| put.head == book.told.heads.get(&put.chunk).copied().unwrap_or(0)),
    ("nothing leaves for what is held, failed or given up", |book, put| may_send(book, put.now)),
    ("no more is in flight than permitted", |_, put| put.in_flight < put.most_in_flight * 8 + 8),
];

fn may_send(book: &Book, now: Duration) -> bool {
    match book.record.state {
        TransferState::Preparing | TransferState::Active => true,
        // Who was on the way to the door may still go.
        TransferState::Paused | TransferState::Waiting(_) => now <= book.since + GRACE,
        TransferState::Queued
        | TransferState::Completing
        | TransferState::Failed(_)
        | TransferState::Cancelling
        | TransferState::Cancelled
        | TransferState::Skipped(_)
        | TransferState::Done(_) => false,
    }
}

/// What a chunk of it takes of a place: eight tiny films share one.
fn eighths(book: &Book) -> usize {
    if book.record.fingerprint.size <= 512 << 10 { 1 } else { 8 }
}

/// A chunk leaves.
pub(crate) fn put(world: &Arc<World>, number: usize, put: &PutChunk) -> Flight {
    let (chunk, range) = (put.index.get(), put.body.range());
    let mut inside = world.inside();
    departs(&mut inside, number, Operation::Put);
    let leaving = Put {
        now: inside.now(),
        handle: &put.handle,
        chunk,
        head: range.start() - put.layout.range(put.index).start(),
        in_flight: inside.books.iter().map(|book| book.flying.len() * eighths(book)).sum::<usize>()
            + eighths(&inside.books[number]),
        most_in_flight: inside.most_in_flight,
    };
    for (law, holds) in PUT_LAWS {
        let holds = holds(&inside.books[number], &leaving);
        inside.hold(law, holds, || format!("film {number}, chunk {chunk}, {range:?}"));
    }
    inside.books[number].flying.push(chunk);
    inside.say(|| format!("film {number}: chunk {chunk} leaves, {range:?}"));
    drop(inside);
    Flight { world: Arc::clone(world), number, chunk, len: range.len(), handle: put.handle.clone() }
}

impl Flight {
    /// The engine hears that it is there.
    pub(crate) fn arrived(self, receipt: &ChunkReceipt) {
        answers::put(&self.world, self.number, &self.handle, self.chunk, self.len, receipt);
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        let mut inside = self.world.inside();
        let flying = &mut inside.books[self.number].flying;
        if let Some(at) = flying.iter().position(|chunk| *chunk == self.chunk) {
            flying.remove(at);
        }
    }
}

/// A call that is no chunk leaves.
pub(crate) fn call(
    world: &World,
    number: usize,
    operation: Operation,
    handle: Option<&UploadHandle>,
    request: Option<&Echo>,
) {
    let mut inside = world.inside();
    departs(&mut inside, number, operation);
    let now = inside.now();
    let book = &inside.books[number];
    let (law, holds) = match (operation, request) {
        (Operation::Begin, _) => ("the intent to begin is written down before the request", begins(book, now)),
        (Operation::Status, _) => ("the remote is asked for the upload that is written down", asks(book, now, handle)),
        (Operation::Complete, Some(Echo::Complete(completion))) => {
            ("that it is complete is written down before the request", completes(book, now, completion))
        }
        (Operation::Abort, _) => ("that it is given up is written down before the request", aborts(book, now)),
        (Operation::Amend, _) => {
            ("that it is another film is written down before the request", amends(book, now, handle))
        }
        (Operation::Complete | Operation::Put | Operation::Read, _) => ("no other call is made", false),
    };
    let state = book.record.state.word();
    inside.books[number].amended |= operation == Operation::Amend;
    inside.hold(law, holds, || format!("film {number}, on disk {state}"));
    inside.say(|| format!("film {number}: {operation} leaves"));
}

/// Whether it is in this state on disk, or was held on the way to the door, and perhaps let go again.
fn is_at(book: &Book, state: &TransferState, now: Duration) -> bool {
    let held = matches!(book.record.state, TransferState::Paused | TransferState::Waiting(_) | TransferState::Queued);
    book.record.state == *state || (held && now <= book.since + GRACE)
}

/// One that is given up meanwhile goes on: what is begun can then be told to end.
fn begins(book: &Book, now: Duration) -> bool {
    let wanted = is_at(book, &TransferState::Preparing, now) || book.record.state == TransferState::Cancelling;
    wanted && book.record.handle.is_none()
}

fn asks(book: &Book, now: Duration, handle: Option<&UploadHandle>) -> bool {
    is_at(book, &TransferState::Preparing, now) && book.record.handle.as_ref() == handle
}

fn amends(book: &Book, now: Duration, handle: Option<&UploadHandle>) -> bool {
    book.record.amending && asks(book, now, handle)
}

/// With every chunk, and the receipts that were given.
fn completes(book: &Book, now: Duration, completion: &Completion) -> bool {
    let receipts = book.acked.values().eq(&completion.receipts);
    let root = book.record.root == Some(completion.root);
    is_at(book, &TransferState::Completing, now) && root && receipts
}

/// Of a transfer that is given up, or before another upload of it begins.
fn aborts(book: &Book, now: Duration) -> bool {
    let given_up = book.record.state == TransferState::Cancelling;
    given_up || (is_at(book, &TransferState::Preparing, now) && book.record.handle.is_none())
}

/// Nothing leaves for a remote that wants a break. What follows an old upload's farewell is one call with it.
fn departs(inside: &mut Inside, number: usize, operation: Operation) {
    let now = inside.now();
    let follows = operation == Operation::Begin && inside.books[number].bade_farewell;
    let held = inside.breaks.iter().any(|(from, until)| *from < now && now < *until);
    let calls = inside.departures.len();
    inside.hold("the engine does not run wild", calls < WILD, || format!("{calls} calls in this life"));
    inside.hold("a break is kept", !held || follows, || format!("film {number}: {operation} at {now:?}"));
    inside.books[number].bade_farewell = operation == Operation::Abort;
    if !follows {
        inside.departures.push((now, operation));
    }
}
