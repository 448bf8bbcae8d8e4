//! What there is to say of single unacknowledged chunks: failures, rests, heads that the remote has already.
//!
//! Most chunks never need an entry, so a million of them cost nothing here. An entry that says nothing is removed.

use std::collections::{BTreeMap, BTreeSet};

use crate::layout::ChunkIndex;
use crate::units::Timestamp;

/// One chunk's entry.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Exception {
    /// Charged failures since anything was acknowledged.
    pub(super) attempts: u32,
    /// How often it arrived corrupt in a row.
    pub(super) corrupt: u32,
    /// It is not sent before.
    pub(super) rest_until: Option<Timestamp>,
    /// Bytes from its start that the remote has.
    pub(super) head: u64,
    /// The most that it ever had of them.
    pub(super) furthest: u64,
}

/// The entries, and an index over the rests among them: exactly those with a `rest_until`, the first to end first.
#[derive(Debug, Clone, Default)]
pub(super) struct Exceptions {
    entries: BTreeMap<ChunkIndex, Exception>,
    rests: BTreeSet<(Timestamp, ChunkIndex)>,
}

impl Exceptions {
    /// The chunk's entry; of most chunks the empty one.
    pub(super) fn of(&self, index: ChunkIndex) -> Exception {
        self.entries.get(&index).copied().unwrap_or_default()
    }

    pub(super) fn charge(&mut self, index: ChunkIndex) {
        self.change(index, |entry| entry.attempts = entry.attempts.saturating_add(1));
    }

    pub(super) fn note_corrupt(&mut self, index: ChunkIndex) -> u32 {
        self.change(index, |entry| entry.corrupt = entry.corrupt.saturating_add(1));
        self.of(index).corrupt
    }

    pub(super) fn rest(&mut self, index: ChunkIndex, until: Timestamp) {
        self.end_rest(index);
        self.change(index, |entry| entry.rest_until = Some(until));
        self.rests.insert((until, index));
    }

    /// Ends a chunk's rest, and says whether there was one.
    pub(super) fn end_rest(&mut self, index: ChunkIndex) -> bool {
        let Some(until) = self.of(index).rest_until else { return false };
        self.change(index, |entry| entry.rest_until = None);
        self.rests.remove(&(until, index))
    }

    /// A chunk whose rest is over at `now`, if one rests still.
    pub(super) fn rested(&self, now: Timestamp) -> Option<ChunkIndex> {
        self.rests.first().filter(|(until, _)| *until <= now).map(|(_, index)| *index)
    }

    /// When the first rest that lasts longer than `now` ends.
    pub(super) fn next_rest(&self, now: Timestamp) -> Option<Timestamp> {
        self.rests.iter().map(|(until, _)| *until).find(|until| *until > now)
    }

    pub(super) fn forget(&mut self, index: ChunkIndex) {
        self.end_rest(index);
        self.entries.remove(&index);
    }

    /// Failures of the link count no more.
    pub(super) fn forget_attempts(&mut self) {
        self.change_all(|entry| entry.attempts = 0);
    }

    /// No failure counts any more.
    pub(super) fn forget_failures(&mut self) {
        self.change_all(|entry| (entry.attempts, entry.corrupt) = (0, 0));
    }

    /// What the remote has of chunks that are not there whole, replacing what it had. Says whether that is more of any
    /// of them than ever before: a remote that gives and takes back gets nowhere.
    pub(super) fn replace_heads(&mut self, heads: impl Iterator<Item = (ChunkIndex, u64)>) -> bool {
        self.change_all(|entry| entry.head = 0);
        heads.fold(false, |advanced, (index, head)| {
            let before = self.of(index).furthest;
            self.change(index, |entry| (entry.head, entry.furthest) = (head, before.max(head)));
            advanced || head > before
        })
    }

    fn change(&mut self, index: ChunkIndex, change: impl FnOnce(&mut Exception)) {
        let entry = self.entries.entry(index).or_default();
        change(entry);
        if *entry == Exception::default() {
            self.entries.remove(&index);
        }
    }

    fn change_all(&mut self, change: impl Fn(&mut Exception)) {
        self.entries.retain(|_, entry| {
            change(entry);
            *entry != Exception::default()
        });
    }
}
