//! What is to be written into the journal, in order. The actor lays it down here and never waits for the database.
//!
//! Invariant: nothing is dropped and nothing overtakes. A write that fails stays first in line and is tried again;
//! only who waits for it is told. (A new transfer is the exception: it is refused instead.)

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use super::words::EngineError;
use crate::journal::{Change, JournalError};

const FIRST_REST: Duration = Duration::from_secs(1);
const LONGEST_REST: Duration = Duration::from_secs(30);

/// A place in the line to the database.
#[derive(Debug)]
pub(super) enum Slip {
    /// Write this.
    Write(Change),
    /// Tell this one that everything before is written.
    Tell(oneshot::Sender<Result<(), Arc<JournalError>>>),
}

impl Slip {
    /// What it writes, if it does.
    pub(super) fn change(&self) -> Option<&Change> {
        match self {
            Self::Write(change) => Some(change),
            Self::Tell(_) => None,
        }
    }

    /// It is done, and everything before it.
    pub(super) fn settle(self) {
        if let Self::Tell(tell) = self {
            // Who no longer waits need not be told.
            let _ = tell.send(Ok(()));
        }
    }
}

/// What came of a stack of slips: those that are not done, the failed one first, and why it failed.
#[derive(Debug)]
pub(super) struct Scribed {
    pub(super) left: VecDeque<Slip>,
    pub(super) failure: Option<Arc<JournalError>>,
}

/// Resolves once everything that was laid down before is in the journal.
#[derive(Debug)]
pub(super) struct Written(oneshot::Receiver<Result<(), Arc<JournalError>>>);

impl Written {
    /// As if it were.
    pub(super) fn already() -> Self {
        let (tell, written) = oneshot::channel();
        // Its receiver is there, in the next line.
        let _ = tell.send(Ok(()));
        Self(written)
    }

    pub(super) async fn settled(self) -> Result<(), EngineError> {
        self.0.await.map_err(|_| EngineError::Stopped)?.map_err(EngineError::Journal)
    }
}

/// The line to the scribe.
#[derive(Debug)]
pub(super) struct Docket {
    slips: VecDeque<Slip>,
    scribe: mpsc::Sender<VecDeque<Slip>>,
    pace: Pace,
    /// Stacks that failed in a row.
    failures: u32,
}

/// What the scribe is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pace {
    Ready,
    Writing,
    /// A write failed; the next try comes later.
    Resting,
    /// The engine ends and could not write: nothing may come after what is missing.
    GivenUp,
}

impl Docket {
    pub(super) fn new(scribe: mpsc::Sender<VecDeque<Slip>>) -> Self {
        Self { slips: VecDeque::new(), scribe, pace: Pace::Ready, failures: 0 }
    }

    /// Lays a write down.
    pub(super) fn push(&mut self, change: Change) {
        self.line_up(Slip::Write(change));
    }

    /// To wait for everything so far.
    pub(super) fn written(&mut self) -> Written {
        let (tell, written) = oneshot::channel();
        self.line_up(Slip::Tell(tell));
        Written(written)
    }

    fn line_up(&mut self, slip: Slip) {
        if self.pace != Pace::GivenUp {
            self.slips.push_back(slip);
        }
    }

    /// Gives everything so far to the scribe, unless it still works or rests after a failure.
    pub(super) fn hand_over(&mut self) {
        // The scribe holds one stack at a time, so there is room; it is gone only when the engine ends.
        if self.pace == Pace::Ready
            && !self.slips.is_empty()
            && self.scribe.try_send(std::mem::take(&mut self.slips)).is_ok()
        {
            self.pace = Pace::Writing;
        }
    }

    /// Takes back what the scribe did not write. After a failure: why, and how long to rest.
    pub(super) fn take_back(&mut self, scribed: Scribed) -> Option<(Arc<JournalError>, Duration)> {
        self.pace = Pace::Ready;
        let Some(failure) = scribed.failure else {
            self.failures = 0;
            return None;
        };
        let newer = std::mem::take(&mut self.slips);
        self.slips = scribed.left.into_iter().chain(newer).filter_map(|slip| kept(slip, &failure)).collect();
        self.pace = Pace::Resting;
        let rest = FIRST_REST.saturating_mul(1 << self.failures.min(10)).min(LONGEST_REST);
        self.failures += 1;
        Some((failure, rest))
    }

    /// Whether the journal could not be written and is left alone for a while, or is only just tried again.
    pub(super) fn is_failing(&self) -> bool {
        self.failures > 0
    }

    /// Ends the rest after a failure. Where nothing is left that could be tried, the next write will show how it is.
    pub(super) fn try_again(&mut self) {
        if self.pace == Pace::Resting {
            self.pace = Pace::Ready;
            self.failures = if self.slips.is_empty() { 0 } else { self.failures };
        }
    }

    /// Gives up what could not be written, and whatever would come after it: the engine ends, and the next start asks the
    /// remotes. A journal with a hole would say that every chunk is acknowledged, and not know one of them.
    pub(super) fn abandon(&mut self) {
        self.slips.clear();
        self.pace = Pace::GivenUp;
    }

    /// Whether nothing is left to write.
    pub(super) fn is_clear(&self) -> bool {
        match self.pace {
            Pace::Ready => self.slips.is_empty(),
            Pace::GivenUp => true,
            Pace::Writing | Pace::Resting => false,
        }
    }
}

/// What stays in line after a failure: the writes, but no new transfers and nobody who waits.
fn kept(slip: Slip, failure: &Arc<JournalError>) -> Option<Slip> {
    match slip {
        Slip::Write(Change::Create(_)) => None,
        Slip::Write(change) => Some(Slip::Write(change)),
        Slip::Tell(tell) => {
            // Who no longer waits need not be told.
            let _ = tell.send(Err(Arc::clone(failure)));
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::TransferId;

    fn saved(scribed: &mut mpsc::Receiver<VecDeque<Slip>>) -> Vec<TransferId> {
        let stack = scribed.try_recv().unwrap_or_default();
        let ids = |slip| if let Slip::Write(Change::Remove(ids)) = slip { ids } else { Vec::new() };
        stack.into_iter().flat_map(ids).collect()
    }

    fn failure() -> Option<Arc<JournalError>> {
        Some(Arc::new(JournalError { what: "be written", source: "a test broke it".into() }))
    }

    #[test]
    fn what_failed_stays_first_in_line() {
        let (stacks, mut scribe) = mpsc::channel(1);
        let (mut docket, ids) = (Docket::new(stacks), [(); 3].map(|()| TransferId::random()));
        docket.push(Change::Remove(vec![ids[0]]));
        docket.push(Change::Remove(vec![ids[1]]));
        docket.hand_over();
        docket.push(Change::Remove(vec![ids[2]]));
        docket.hand_over();
        assert_eq!(saved(&mut scribe), ids[..2], "the scribe has one stack at a time");

        let left = [Slip::Write(Change::Remove(vec![ids[1]]))].into();
        let rest = docket.take_back(Scribed { left, failure: failure() }).map(|(_, rest)| rest);
        assert_eq!(rest, Some(FIRST_REST), "after a failure the journal is left alone");
        docket.hand_over();
        assert_eq!(saved(&mut scribe), [], "for a while");
        docket.try_again();
        docket.hand_over();
        assert_eq!(saved(&mut scribe), ids[1..], "then in the old order");
        assert!(docket.is_failing(), "until it went well nobody relies on it");
        docket.take_back(Scribed { left: VecDeque::new(), failure: None });
        assert!(!docket.is_failing() && docket.is_clear(), "now it did, and nothing is left");
    }

    #[test]
    fn who_waits_learns_of_a_failure_and_new_transfers_are_refused() {
        let (stacks, _scribe) = mpsc::channel(1);
        let mut docket = Docket::new(stacks);
        docket.push(Change::Create(Vec::new()));
        let mut written = docket.written();
        docket.hand_over();
        let (tell, mut told) = oneshot::channel();
        docket.take_back(Scribed {
            left: [Slip::Write(Change::Create(Vec::new())), Slip::Tell(tell)].into(),
            failure: failure(),
        });
        assert!(told.try_recv().is_ok_and(|told| told.is_err()), "who waits need not wait for ever");
        assert!(written.0.try_recv().is_err(), "the other one is still in the scribe's hands");
        docket.try_again();
        assert!(!docket.is_failing() && docket.is_clear(), "nothing is left that could fail again");
    }
}
