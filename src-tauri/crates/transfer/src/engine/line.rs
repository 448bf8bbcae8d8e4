//! Who waits to be admitted, who is at work: the transfers by what the schedule wants of them, in line order.

use std::collections::BTreeSet;

use crate::ids::TransferId;
use crate::state::{Priority, TransferState};

/// A place in line: by priority, then position, then name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) priority: Priority,
    pub(super) position: i64,
    pub(super) id: TransferId,
}

/// The line. Invariant: a transfer stands in one of the sets at most.
#[derive(Debug, Default)]
pub(super) struct Line {
    /// In line, or woken from a wait.
    ready: BTreeSet<Place>,
    /// Being prepared.
    preparing: BTreeSet<Place>,
    /// Chunks travel.
    active: BTreeSet<Place>,
}

impl Line {
    /// Puts a transfer where its state belongs.
    pub(super) fn put(&mut self, place: Place, state: &TransferState) {
        self.remove(place);
        match state {
            TransferState::Queued => &mut self.ready,
            TransferState::Preparing => &mut self.preparing,
            TransferState::Active => &mut self.active,
            TransferState::Completing
            | TransferState::Waiting(_)
            | TransferState::Paused
            | TransferState::Failed(_)
            | TransferState::Cancelling
            | TransferState::Cancelled
            | TransferState::Skipped(_)
            | TransferState::Done(_) => return,
        }
        .insert(place);
    }

    /// What this one waited for may be there: it is ready when a place is free.
    pub(super) fn wake(&mut self, place: Place) {
        self.ready.insert(place);
    }

    /// Somebody wants it to stand elsewhere.
    pub(super) fn moved(&mut self, from: Place, to: Place) {
        for set in [&mut self.ready, &mut self.preparing, &mut self.active] {
            if set.remove(&from) {
                set.insert(to);
            }
        }
    }

    pub(super) fn remove(&mut self, place: Place) {
        self.ready.remove(&place);
        self.preparing.remove(&place);
        self.active.remove(&place);
    }

    /// Those that may be admitted, first come first.
    pub(super) fn ready(&self) -> impl Iterator<Item = Place> + '_ {
        self.ready.iter().copied()
    }

    /// Those that may go as soon as their destination lets them: in line, or with chunks to send.
    pub(super) fn waiting_or_active(&self) -> impl Iterator<Item = Place> + '_ {
        self.ready.iter().chain(&self.active).copied()
    }

    /// Those that are being prepared or active.
    pub(super) fn at_work(&self) -> impl Iterator<Item = Place> + '_ {
        self.preparing.iter().chain(&self.active).copied()
    }

    /// The active ones, beginning after `last` and going round: everyone has a turn.
    pub(super) fn active_after(&self, last: Option<Place>) -> impl Iterator<Item = Place> + '_ {
        use std::ops::Bound::{Excluded, Included, Unbounded};
        let (start, end) = last.map_or((Unbounded, None), |last| (Excluded(last), Some(last)));
        let rest = end.map(|end| self.active.range((Unbounded, Included(end))));
        self.active.range((start, Unbounded)).chain(rest.into_iter().flatten()).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everyone_has_a_turn_and_the_one_who_had_it_comes_last() {
        let mut line = Line::default();
        let place = |position| Place { priority: Priority::Normal, position, id: TransferId::random() };
        let places: Vec<_> = (0..3).map(place).collect();
        places.iter().for_each(|place| line.put(*place, &TransferState::Active));
        let turns = |last| line.active_after(last).map(|place| place.position).collect::<Vec<_>>();
        assert_eq!(turns(None), [0, 1, 2], "the first turn goes in line order");
        assert_eq!(turns(Some(places[1])), [2, 0, 1], "who had a turn waits for all others");
        assert_eq!(turns(Some(place(9))), [0, 1, 2], "one that has left does not stop the round");
    }
}
