//! What goes into the log of events besides states and chunks: each thing once, by whoever can say most of it.

use std::sync::Arc;

use tokio::time::Instant;

use super::actor::Actor;
use super::overview::Hold;
use super::words::What;
use crate::error::Trouble;
use crate::ids::{DestinationId, TransferId};
use crate::state::TransferState;

impl Actor {
    /// Logs what went wrong, unless the line of a state or of a chunk says it.
    pub(super) fn tell(&self, id: TransferId, trouble: Trouble) {
        let of_chunk = self.transfers.get(&id).is_some_and(|transfer| transfer.failing.is_some());
        if !of_chunk && !self.says_why(id) {
            self.log(id, What::Told(trouble));
        }
    }

    /// Whether its state is one that says in a sentence what happened.
    pub(super) fn says_why(&self, id: TransferId) -> bool {
        self.transfers.get(&id).is_some_and(|transfer| says_why(&transfer.record.state))
    }

    /// Logs that a destination is left alone, for all that are at work there but the one whose state says so.
    pub(super) fn log_hold(&self, destination: &Arc<DestinationId>, by_state: Option<TransferId>) {
        let Some(hold) = self.hold(destination) else { return };
        let here = self.transfers.values().filter(|transfer| transfer.label.destination == *destination);
        let at_work = here.filter(|transfer| is_at_work(&transfer.record.state));
        let ids = at_work.map(|transfer| transfer.record.id).filter(|id| Some(*id) != by_state);
        ids.for_each(|id| self.log(id, What::Held(hold)));
    }

    /// Whether it is preparing, sending or finishing.
    pub(super) fn is_at_work(&self, id: TransferId) -> bool {
        self.transfers.get(&id).is_some_and(|transfer| is_at_work(&transfer.record.state))
    }

    /// Why nothing leaves for a destination now.
    pub(super) fn hold(&self, destination: &Arc<DestinationId>) -> Option<Hold> {
        let (until, cause) = self.gates.hold(destination, Instant::now())?;
        Some(Hold { cause, until: until.map(|until| self.time.shown(until)) })
    }
}

fn says_why(state: &TransferState) -> bool {
    match state {
        TransferState::Waiting(_) | TransferState::Failed(_) | TransferState::Skipped(_) => true,
        TransferState::Queued
        | TransferState::Preparing
        | TransferState::Active
        | TransferState::Completing
        | TransferState::Paused
        | TransferState::Cancelling
        | TransferState::Cancelled
        | TransferState::Done(_) => false,
    }
}

fn is_at_work(state: &TransferState) -> bool {
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
