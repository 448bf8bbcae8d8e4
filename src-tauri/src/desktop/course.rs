//! What the desktop needs to know of all transfers: how far they are together, and what has just ended or stopped.
//!
//! Owner: the watch. Pure: it only folds what the engine reported. Invariant: each end of a transfer is news once, and
//! what had ended before this run is none.

use std::collections::{BTreeMap, BTreeSet};

use transfer::engine::{Changes, Snapshot};
use transfer::ids::TransferId;
use transfer::remote::Proof;
use transfer::state::{TransferState, WaitReason};
use transfer::units::Timestamp;

/// How far all of it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    /// Films that are on their way, or will go on by themselves.
    pub(crate) running: usize,
    /// Films that the person paused.
    pub(crate) paused: usize,
    /// Whether bytes move now.
    pub(crate) moving: bool,
    /// The acknowledged share of what set out together, 0 to 99: all of it is no progress any more.
    pub(crate) percent: Option<u8>,
}

/// Something that a person who looks elsewhere may want to hear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct News {
    /// Of which transfer.
    pub(crate) id: TransferId,
    /// The film, safe to show.
    pub(crate) film: String,
    /// What happened.
    pub(crate) what: What,
}

/// What happened to a film.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum What {
    /// It is there.
    Done {
        /// Whether that rests on more than its size.
        verified: bool,
    },
    /// It stopped, and why.
    Failed(String),
    /// It waits for a person, and for what.
    Needed(String),
}

/// All transfers of this run.
#[derive(Debug)]
pub(crate) struct Course {
    began: Timestamp,
    films: BTreeMap<TransferId, Film>,
    /// Those that set out since nothing ran: one that arrives stays counted, or the share would fall.
    together: BTreeSet<TransferId>,
}

#[derive(Debug)]
struct Film {
    state: TransferState,
    bytes: u64,
    acked: u64,
}

impl Course {
    /// That of a run which began then.
    pub(crate) fn new(began: Timestamp) -> Self {
        Self { began, films: BTreeMap::new(), together: BTreeSet::new() }
    }

    /// Takes in what changed; answers what is news.
    pub(crate) fn take(&mut self, changes: Changes) -> Vec<News> {
        for id in changes.removed {
            self.films.remove(&id);
        }
        let news = changes.changed.into_iter().filter_map(|snapshot| self.took(snapshot)).collect();
        self.set_out();
        news
    }

    /// How far all of it is.
    pub(crate) fn totals(&self) -> Totals {
        let count = |is: fn(&TransferState) -> bool| self.films.values().filter(|film| is(&film.state)).count();
        Totals {
            running: count(TransferState::is_running),
            paused: count(|state| *state == TransferState::Paused),
            moving: count(moves) > 0,
            percent: self.percent(),
        }
    }

    fn took(&mut self, snapshot: Snapshot) -> Option<News> {
        let (id, film) = (snapshot.id, snapshot.name.shown());
        let fresh = snapshot.ended_at.is_none_or(|ended| ended >= self.began);
        let now = Film { state: snapshot.state, bytes: snapshot.bytes_total, acked: snapshot.bytes_acked };
        let what = what(&now.state);
        let before = self.films.insert(id, now).and_then(|before| self::what(&before.state));
        let same = before.as_ref().map(std::mem::discriminant) == what.as_ref().map(std::mem::discriminant);
        (fresh && !same).then_some(News { id, film, what: what? })
    }

    fn set_out(&mut self) {
        let running = self.films.iter().filter(|(_, film)| film.state.is_running()).map(|(id, _)| *id);
        let running: Vec<_> = running.collect();
        if running.is_empty() {
            self.together.clear();
        }
        self.together.extend(running);
    }

    fn percent(&self) -> Option<u8> {
        let films = self.together.iter().filter_map(|id| self.films.get(id));
        let given_up = |film: &&Film| matches!(film.state, TransferState::Cancelled | TransferState::Skipped(_));
        let counted = films.filter(|film| !given_up(film));
        let (acked, bytes) = counted.fold((0, 0), |(acked, bytes), film| (acked + film.acked, bytes + film.bytes));
        let percent = u128::from(acked) * 100;
        percent.checked_div(u128::from(bytes)).map(|percent| percent.min(99) as u8)
    }
}

fn moves(state: &TransferState) -> bool {
    match state {
        TransferState::Preparing | TransferState::Active | TransferState::Completing => true,
        TransferState::Queued
        | TransferState::Waiting(_)
        | TransferState::Paused
        | TransferState::Failed(_)
        | TransferState::Cancelling
        | TransferState::Cancelled
        | TransferState::Skipped(_)
        | TransferState::Done(_) => false,
    }
}

fn what(state: &TransferState) -> Option<What> {
    match state {
        TransferState::Done(completed) => Some(What::Done { verified: completed.proof != Proof::SizeOnly }),
        TransferState::Failed(failure) => Some(What::Failed(failure.sentence.clone())),
        TransferState::Waiting(wait) => match wait.reason {
            WaitReason::Credentials | WaitReason::Source => Some(What::Needed(wait.sentence.clone())),
            WaitReason::Network | WaitReason::Remote => None,
        },
        TransferState::Queued
        | TransferState::Preparing
        | TransferState::Active
        | TransferState::Completing
        | TransferState::Paused
        | TransferState::Cancelling
        | TransferState::Cancelled
        | TransferState::Skipped(_) => None,
    }
}

#[cfg(test)]
mod tests;
