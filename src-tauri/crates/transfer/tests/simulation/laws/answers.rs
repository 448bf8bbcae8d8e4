//! What is known once the engine heard an answer.

use std::collections::{BTreeMap, BTreeSet};

use transfer::error::{Class, RemoteError};
use transfer::layout::{ChunkIndex, ChunkLayout};
use transfer::remote::{Amendment, ChunkReceipt, Received, UploadHandle, UploadStatus};
use transfer::tree::Cv;

use crate::books::Book;
use crate::world::World;

/// A chunk was acknowledged.
pub(crate) fn put(world: &World, number: usize, handle: &UploadHandle, chunk: u32, len: u64, receipt: &ChunkReceipt) {
    let mut inside = world.inside();
    let now = inside.now();
    let book = &mut inside.books[number];
    book.bytes.arrived += len;
    book.eased.push(now);
    if book.record.handle.as_ref() == Some(handle) {
        book.told.given.entry(chunk).or_default().insert(receipt.0.clone());
        book.told.known.insert(chunk);
        book.told.heads.remove(&chunk);
    }
}

/// The remote said what it has.
pub(crate) fn status(world: &World, number: usize, layout: &ChunkLayout, answer: &Result<UploadStatus, RemoteError>) {
    let Ok(status) = answer else { return };
    let mut inside = world.inside();
    let now = inside.now();
    let book = &mut inside.books[number];
    match status {
        UploadStatus::Unknown => {}
        UploadStatus::Completed(_) => {
            let all = layout.indices().map(|index| (index, None)).collect();
            book.eased.push(now);
            heard(book, layout, &Received { chunks: all, ..Received::default() }, world);
        }
        UploadStatus::Receiving(received) => {
            let found = received.chunks.iter().any(|(index, _)| !book.acked.contains_key(&index.get()));
            heard(book, layout, received, world);
            if found || !received.partial.is_empty() {
                book.eased.push(now);
            }
        }
    }
}

fn heard(book: &mut Book, layout: &ChunkLayout, received: &Received, world: &World) {
    let receipts: BTreeMap<_, _> = received.receipts.iter().map(|(index, receipt)| (index.get(), receipt)).collect();
    let ours = |index: &ChunkIndex| layout.index(index.get()).is_some();
    let mut known = BTreeSet::new();
    book.told.asked = true;
    for (index, cv) in received.chunks.iter().filter(|(index, _)| ours(index)) {
        let chunk = index.get();
        book.told.given.entry(chunk).or_default().insert(String::new());
        // Of an edited film the engine may rightly find that what is there is none of it.
        let right = cv.is_none_or(|cv| cv != Cv([7; 32]) && !book.is_edited());
        let held = receipts.get(&chunk).is_none_or(|theirs| book.acked.get(&chunk) == Some(*theirs));
        if right && held && !(world.plan.kind.tells_receipts() && (book.is_edited() || book.skipped)) {
            known.insert(chunk);
        }
    }
    let is_rest = |(index, head): &&(ChunkIndex, u64)| ours(index) && *head < layout.range(*index).len();
    let heads = received.partial.iter().filter(is_rest).filter(|(index, _)| !known.contains(&index.get()));
    book.told.heads = heads.map(|(index, head)| (index.get(), *head)).collect();
    book.replace_known(known);
}

/// The remote answered that it keeps what both films have: the progress is that of the film of now.
pub(crate) fn amend(world: &World, number: usize, amendment: &Amendment, answer: &Result<UploadHandle, RemoteError>) {
    let mut inside = world.inside();
    let now = inside.now();
    let book = &mut inside.books[number];
    if answer.is_ok() {
        let (keep, acked) = (amendment.keep.len(), book.acked.len());
        book.reset_at = now;
        book.eased.push(now);
        let kept = |chunk: &u32| amendment.keep.iter().any(|index| index.get() == *chunk);
        let known = book.told.known.iter().copied().filter(kept).collect();
        book.replace_known(known);
        book.told.heads.clear();
        inside.say(|| format!("film {number}: {keep} of {acked} are kept"));
    }
}

/// The remote answered that it forgets an upload, or that it will not.
pub(crate) fn abort(world: &World, number: usize, answer: &Result<(), RemoteError>) {
    let stubborn = matches!(answer, Err(error) if matches!(error.class, Class::Expired | Class::Taken | Class::Fatal));
    if stubborn {
        world.inside().books[number].may_leave_bytes = true;
    }
}
