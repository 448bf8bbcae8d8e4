//! Which chunks are there, and who writes at the others. Pure bookkeeping; [`super::upload::Upload`] owns it.
//!
//! A chunk is missing (perhaps written at), then *sealed* (all bytes written, digest right, not yet durable), then
//! there. Invariant: from its seal on, nobody writes at it, unless its flush failed.

use std::collections::BTreeMap;

use tokio::sync::watch;
use transfer::error::Trouble;
use transfer::layout::{ChunkIndex, ChunkLayout};
use transfer::tree::Cv;

use super::pen::{Desk, Pen};

/// How a flush ended, for all who wait for it; none while it runs.
pub(super) type Outcome = watch::Receiver<Option<Result<(), Trouble>>>;

/// What a put may do.
#[derive(Debug)]
pub(super) enum Admission {
    /// Write the chunk.
    Write(Pen),
    /// It is written already: compare, and wait for its flush if that still runs.
    Compare(Cv, Option<Outcome>),
}

/// The chunks of one upload.
#[derive(Debug)]
pub(super) struct Chunks {
    layout: ChunkLayout,
    there: Vec<Option<Cv>>,
    missing: u32,
    received: u64,
    open: BTreeMap<ChunkIndex, Open>,
}

/// A chunk that is not there and that somebody has written at.
#[derive(Debug, Default)]
struct Open {
    desk: Desk,
    sealed: Option<(Cv, Outcome)>,
}

impl Chunks {
    /// The chunks of `layout`, of which those in `there` are.
    pub(super) fn new(layout: ChunkLayout, there: &[(u32, Cv)]) -> Self {
        let count = layout.count();
        let nothing = vec![None; count as usize];
        let mut chunks = Self { layout, there: nothing, missing: count, received: 0, open: BTreeMap::new() };
        let known = there.iter().filter_map(|(number, cv)| Some((layout.index(*number)?, *cv)));
        known.for_each(|(index, cv)| chunks.keep(index, cv));
        chunks
    }

    /// The same chunks in another layout, of which those in `keep` stay. Whoever wrote before has no pen any more; the desks
    /// stay, for a write that was begun may still be under way.
    pub(super) fn amended(&self, layout: ChunkLayout, keep: &[ChunkIndex]) -> Self {
        let kept = |index: &ChunkIndex| Some((index.get(), self.there.get(index.position()).copied().flatten()?));
        let there: Vec<_> = keep.iter().filter(|index| self.layout.shares(&layout, **index)).filter_map(kept).collect();
        let mut chunks = Self::new(layout, &there);
        for (index, open) in self.open.iter().filter(|(index, _)| layout.index(index.get()).is_some()) {
            drop(open.desk.next());
            chunks.open.insert(*index, Open { desk: open.desk.clone(), sealed: None });
        }
        chunks
    }

    /// Lets a put in. On a chunk that is only written at, it takes the older writer's place.
    pub(super) fn admit(&mut self, index: ChunkIndex) -> Admission {
        if let Some(cv) = self.there[index.position()] {
            return Admission::Compare(cv, None);
        }
        let open = self.open.entry(index).or_default();
        match &open.sealed {
            Some((cv, outcome)) => Admission::Compare(*cv, Some(outcome.clone())),
            None => Admission::Write(open.desk.next()),
        }
    }

    /// Everything of the chunk is written, and nobody may write at it from now on. False: a newer writer came first.
    pub(super) fn seal(&mut self, index: ChunkIndex, pen: &Pen, cv: Cv, outcome: Outcome) -> bool {
        let open = self.open.get_mut(&index).filter(|open| open.sealed.is_none() && pen.is_newest());
        open.map(|open| open.sealed = Some((cv, outcome))).is_some()
    }

    /// The sealed chunk is durable and written down.
    pub(super) fn keep(&mut self, index: ChunkIndex, cv: Cv) {
        self.open.remove(&index);
        if self.there[index.position()].replace(cv).is_none() {
            self.missing -= 1;
            self.received += self.layout.range(index).len();
        }
    }

    /// The sealed chunk did not become durable: it is missing again.
    pub(super) fn break_seal(&mut self, index: ChunkIndex) {
        if let Some(open) = self.open.get_mut(&index) {
            open.sealed = None;
        }
    }

    /// Takes the pen from every writer.
    pub(super) fn stop_writers(&mut self) {
        self.open.values().for_each(|open| drop(open.desk.next()));
    }

    /// The digest of a chunk that is there.
    pub(super) fn cv(&self, index: ChunkIndex) -> Option<Cv> {
        self.there[index.position()]
    }

    /// The chunks that are there.
    pub(super) fn there(&self) -> impl Iterator<Item = (ChunkIndex, Cv)> {
        self.layout.indices().zip(&self.there).filter_map(|(index, cv)| Some((index, (*cv)?)))
    }

    /// Every digest, in order, when nothing is missing.
    pub(super) fn all(&self) -> Option<Vec<Cv>> {
        if self.missing > 0 { None } else { self.there.iter().copied().collect() }
    }

    /// Whether a chunk is about to be there.
    pub(super) fn is_any_sealed(&self) -> bool {
        self.open.values().any(|open| open.sealed.is_some())
    }

    /// How many chunks are there.
    pub(super) fn count(&self) -> u32 {
        self.layout.count() - self.missing
    }

    /// Bytes that are there.
    pub(super) fn received(&self) -> u64 {
        self.received
    }
}

#[cfg(test)]
mod tests {
    use transfer::layout::MIN_CHUNK_LEN;

    use super::*;

    const CV: Cv = Cv([7; 32]);

    fn two_chunks() -> (Chunks, ChunkIndex) {
        let layout = ChunkLayout::new(MIN_CHUNK_LEN + 1, MIN_CHUNK_LEN).expect("a layout");
        (Chunks::new(layout, &[]), layout.index(1).expect("a second chunk"))
    }

    fn pen(chunks: &mut Chunks, index: ChunkIndex) -> Pen {
        match chunks.admit(index) {
            Admission::Write(pen) => pen,
            Admission::Compare(..) => panic!("the chunk is missing, it must be written"),
        }
    }

    fn running() -> Outcome {
        watch::Sender::new(None).subscribe()
    }

    #[test]
    fn the_newest_writer_wins_until_the_chunk_is_sealed() {
        let (mut chunks, index) = two_chunks();
        let (older, newer) = (pen(&mut chunks, index), pen(&mut chunks, index));
        assert!(!chunks.seal(index, &older, CV, running()), "the older writer's bytes may be overwritten already");
        assert!(chunks.seal(index, &newer, CV, running()), "the newest writer's bytes are the chunk");
        let admission = chunks.admit(index);
        assert!(matches!(admission, Admission::Compare(CV, Some(_))), "a sealed chunk is written at by nobody");
    }

    #[test]
    fn a_chunk_whose_flush_failed_is_missing_again() {
        let (mut chunks, index) = two_chunks();
        let first = pen(&mut chunks, index);
        assert!(chunks.seal(index, &first, CV, running()), "nobody else writes");
        chunks.break_seal(index);
        let second = pen(&mut chunks, index);
        assert!(!first.is_newest() && second.is_newest(), "the same desk goes on: old writes stay locked out");
    }

    #[test]
    fn stopped_writers_cannot_seal() {
        let (mut chunks, index) = two_chunks();
        let writer = pen(&mut chunks, index);
        chunks.stop_writers();
        assert!(!chunks.seal(index, &writer, CV, running()), "what it wrote may be lost");
    }

    #[test]
    fn bytes_are_counted_once() {
        let (mut chunks, index) = two_chunks();
        chunks.keep(index, CV);
        chunks.keep(index, CV);
        assert_eq!(chunks.received(), 1, "the last chunk has one byte, however often it is kept");
        assert_eq!(chunks.all(), None, "the first chunk is missing");
        assert_eq!(chunks.there().map(|(index, _)| index.get()).collect::<Vec<_>>(), [1], "the second is there");
    }
}
