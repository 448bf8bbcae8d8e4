//! What the readers of an unfinished object wait for. Level-triggered: whoever sends is told the whole set, newest
//! reader first, and again at every change. A wish is gone with the read that held it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;
use transfer::layout::ByteRange;
use transfer::remote::Wishes;

/// The wishes of one upload's readers.
#[derive(Debug)]
pub(super) struct WishBoard {
    held: Mutex<Held>,
    told: watch::Sender<Wishes>,
}

#[derive(Debug, Default)]
struct Held {
    readers: u64,
    ranges: BTreeMap<u64, ByteRange>,
}

/// One reader's place on the board; empty at first.
#[derive(Debug)]
pub(super) struct Wish {
    board: Arc<WishBoard>,
    rank: u64,
    /// What stands on the board, so that a read of what is there touches no lock.
    held: Option<ByteRange>,
}

impl WishBoard {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self { held: Mutex::default(), told: watch::Sender::new(Wishes::from([])) })
    }

    /// A place for a new reader, before all others.
    pub(super) fn join(self: &Arc<Self>) -> Wish {
        let mut held = self.held();
        held.readers += 1;
        Wish { board: self.clone(), rank: held.readers, held: None }
    }

    pub(super) fn subscribe(&self) -> watch::Receiver<Wishes> {
        self.told.subscribe()
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Told under the lock, so that no older set is told after a newer one.
    fn change<T>(&self, change: impl FnOnce(&mut BTreeMap<u64, ByteRange>) -> T) {
        let mut held = self.held();
        change(&mut held.ranges);
        let now: Wishes = held.ranges.values().rev().copied().collect();
        self.told.send_replace(now);
    }
}

impl Wish {
    /// Wants these bytes, and no others any more.
    pub(super) fn hold(&mut self, range: ByteRange) {
        if self.held.replace(range) != Some(range) {
            self.board.change(|ranges| ranges.insert(self.rank, range));
        }
    }

    /// Wants nothing now.
    pub(super) fn withdraw(&mut self) {
        if self.held.take().is_some() {
            self.board.change(|ranges| ranges.remove(&self.rank));
        }
    }
}

impl Drop for Wish {
    fn drop(&mut self) {
        self.withdraw();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_reader_comes_first_and_keeps_its_place() {
        let board = WishBoard::new();
        let told = board.subscribe();
        let (mut older, mut newer) = (board.join(), board.join());
        newer.hold(ByteRange::at(50, 5));
        older.hold(ByteRange::at(10, 5));
        let both = [ByteRange::at(50, 5), ByteRange::at(10, 5)];
        assert_eq!(**told.borrow(), both, "the reader that came last is the one somebody looks at now");
        older.hold(ByteRange::at(15, 5));
        assert_eq!(told.borrow()[1], ByteRange::at(15, 5), "a reader that moves on keeps its place");
        drop(newer);
        assert_eq!(**told.borrow(), [ByteRange::at(15, 5)], "a reader that is gone wants nothing");
    }

    #[test]
    fn nobody_is_told_what_did_not_change() {
        let board = WishBoard::new();
        let mut told = board.subscribe();
        let mut reader = board.join();
        reader.withdraw();
        assert!(!told.has_changed().expect("the board is there"), "an empty set that stays empty is no news");
        reader.hold(ByteRange::at(0, 1));
        told.mark_unchanged();
        reader.hold(ByteRange::at(0, 1));
        assert!(!told.has_changed().expect("the board is there"), "the same wish again is no news");
    }
}
