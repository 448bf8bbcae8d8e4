//! When the actor has to look again, and at what. Setting an alarm again moves it.

use std::collections::{BTreeSet, HashMap};

use tokio::time::Instant;

use crate::ids::TransferId;

/// What an alarm is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Alarm {
    /// A transfer waited long enough.
    Wake(TransferId),
    /// The grace for what a transfer has in flight is over.
    Cut(TransferId),
    /// Chunks rested.
    Dispatch,
    /// Chunks in flight are to be looked at.
    Stalls,
    /// A gate opens.
    Gates,
    /// Acknowledgements are due in the journal.
    Flush,
    /// Progress is due in the news.
    Progress,
    /// The journal may take writes again.
    Journal,
    /// The engine's last grace is over.
    End,
}

/// All alarms. Invariant: the two views hold the same alarms.
#[derive(Debug, Default)]
pub(super) struct Alarms {
    by_time: BTreeSet<(Instant, Alarm)>,
    set: HashMap<Alarm, Instant>,
}

impl Alarms {
    /// Sets the alarm, instead of wherever it stood.
    pub(super) fn set(&mut self, alarm: Alarm, at: Instant) {
        self.clear(alarm);
        self.set.insert(alarm, at);
        self.by_time.insert((at, alarm));
    }

    /// Sets the alarm unless it already rings earlier.
    pub(super) fn set_by(&mut self, alarm: Alarm, at: Instant) {
        if self.set.get(&alarm).is_none_or(|earlier| at < *earlier) {
            self.set(alarm, at);
        }
    }

    pub(super) fn clear(&mut self, alarm: Alarm) {
        if let Some(at) = self.set.remove(&alarm) {
            self.by_time.remove(&(at, alarm));
        }
    }

    /// When the next one rings.
    pub(super) fn next(&self) -> Option<Instant> {
        self.by_time.first().map(|(at, _)| *at)
    }

    /// Takes one that rings.
    pub(super) fn pop(&mut self, now: Instant) -> Option<Alarm> {
        let (at, alarm) = *self.by_time.first()?;
        (at <= now).then(|| {
            self.clear(alarm);
            alarm
        })
    }
}
