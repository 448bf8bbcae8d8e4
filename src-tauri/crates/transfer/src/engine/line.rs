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
    /// Whether its time goes in round trips, not in bytes.
    pub(super) small: bool,
}

/// The line. Invariant: a transfer stands in one of the sets at most.
#[derive(Debug, Default)]
pub(super) struct Line {
    /// In line, or woken from a wait.
    ready: BTreeSet<Place>,
    /// The small ones of those that are ready stand by themselves, so that the next of either kind is found at once.
    ready_small: BTreeSet<Place>,
    /// Being prepared.
    preparing: BTreeSet<Place>,
    /// Chunks travel.
    active: BTreeSet<Place>,
    /// All of it is there, and the destination is asked to finish it.
    completing: BTreeSet<Place>,
}

impl Line {
    /// Puts a transfer where its state belongs.
    pub(super) fn put(&mut self, place: Place, state: &TransferState) {
        self.remove(place);
        match state {
            TransferState::Queued => self.ready_of(place.small),
            TransferState::Preparing => &mut self.preparing,
            TransferState::Active => &mut self.active,
            TransferState::Completing => &mut self.completing,
            TransferState::Waiting(_)
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
        self.ready_of(place.small).insert(place);
    }

    /// Somebody wants it to stand elsewhere.
    pub(super) fn moved(&mut self, from: Place, to: Place) {
        for set in self.sets() {
            if set.remove(&from) {
                set.insert(to);
            }
        }
    }

    /// Wherever it stands, also when its file became another that is small, or no longer.
    pub(super) fn remove(&mut self, place: Place) {
        for small in [false, true] {
            self.sets().into_iter().for_each(|set| _ = set.remove(&Place { small, ..place }));
        }
    }

    /// The large ones that may be admitted, first come first.
    pub(super) fn ready_large(&self) -> impl Iterator<Item = Place> + '_ {
        self.ready.iter().copied()
    }

    /// The small ones that may be admitted, first come first.
    pub(super) fn ready_small(&self) -> impl Iterator<Item = Place> + '_ {
        self.ready_small.iter().copied()
    }

    /// Those that may go as soon as their destination lets them: in line, or with chunks to send.
    pub(super) fn waiting_or_active(&self) -> impl Iterator<Item = Place> + '_ {
        self.ready.iter().chain(&self.ready_small).chain(&self.active).copied()
    }

    fn ready_of(&mut self, small: bool) -> &mut BTreeSet<Place> {
        if small { &mut self.ready_small } else { &mut self.ready }
    }

    fn sets(&mut self) -> [&mut BTreeSet<Place>; 5] {
        [&mut self.ready, &mut self.ready_small, &mut self.preparing, &mut self.active, &mut self.completing]
    }

    /// Those that are being prepared or active.
    pub(super) fn at_work(&self) -> impl Iterator<Item = Place> + '_ {
        self.preparing.iter().chain(&self.active).copied()
    }

    /// The small ones that are at work, or being finished.
    pub(super) fn small_at_work(&self) -> impl Iterator<Item = Place> + '_ {
        self.at_work().chain(self.completing.iter().copied()).filter(|place| place.small)
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
        let place = |position| Place { priority: Priority::Normal, position, id: TransferId::random(), small: false };
        let places: Vec<_> = (0..3).map(place).collect();
        places.iter().for_each(|place| line.put(*place, &TransferState::Active));
        let turns = |last| line.active_after(last).map(|place| place.position).collect::<Vec<_>>();
        assert_eq!(turns(None), [0, 1, 2], "the first turn goes in line order");
        assert_eq!(turns(Some(places[1])), [2, 0, 1], "who had a turn waits for all others");
        assert_eq!(turns(Some(place(9))), [0, 1, 2], "one that has left does not stop the round");
    }
}
