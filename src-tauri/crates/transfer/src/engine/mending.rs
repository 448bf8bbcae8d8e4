//! The way to a destination may be mended: what was believed of it is forgotten, and who waits for it goes on.

use std::sync::Arc;

use tokio::time::Instant;

use super::actor::Actor;
use super::alarms::Alarm;
use super::breaker::Cause;
use super::transfer::Transfer;
use crate::ids::{DestinationId, TransferId};
use crate::state::{TransferState, WaitReason};

/// How soon a half-open breaker is looked at again whose probe was cut.
const GLANCE: std::time::Duration = std::time::Duration::from_millis(100);

impl Actor {
    /// A person wants one transfer to go on: the destination is asked now, by one probe where it asked for a break, and who
    /// waits for its credentials goes on too.
    pub(super) fn insisted(&mut self, destination: &Arc<DestinationId>) {
        let now = Instant::now();
        let changed = match self.gates.hold(destination, now) {
            Some((_, Cause::Throttled)) => {
                self.gates.of(destination).insist(now);
                true
            }
            // Somebody insisted a moment ago: the probe decides.
            None if self.gates.is_half_open(destination, now) => false,
            Some(_) | None => self.gates.of(destination).forget(now),
        };
        self.wake_all(destination, changed, |reason| reason == WaitReason::Credentials);
    }

    /// Somebody mended the destination, or opened it: everybody who waits for it goes on. Only a break that it asked for
    /// is kept to its end.
    pub(super) fn try_again(&mut self, destination: &Arc<DestinationId>) {
        let changed = self.gates.of(destination).forget(Instant::now());
        self.wake_all(destination, changed, |reason| matches!(reason, WaitReason::Credentials | WaitReason::Remote));
        let here = |transfer: &&Transfer| transfer.label.destination == *destination;
        let ending = |transfer: &&Transfer| transfer.is_being_cancelled() && transfer.is_quiet();
        let ids: Vec<_> = self.transfers.values().filter(here).filter(ending).map(|it| it.record.id).collect();
        ids.into_iter().for_each(|id| self.wake(id));
    }

    /// While credentials are refused somebody waits for them, and can be asked. Where nobody does any more (the last one was
    /// paused, or given up), the next in line finds out for itself.
    pub(super) fn stopped_waiting(&mut self, id: TransferId, before: &TransferState) {
        let waits = |state: &TransferState| matches!(state, TransferState::Waiting(wait) if wait.reason == WaitReason::Credentials);
        let Some(label) = self.label(id).filter(|_| waits(before)) else { return };
        let mut others = self.transfers.values().filter(|transfer| transfer.label.destination == label.destination);
        let forlorn = !others.any(|transfer| waits(&transfer.record.state));
        if forlorn && self.gates.of(&label.destination).mended(Instant::now()) {
            self.gates_changed();
        }
    }

    fn wake_all(&mut self, destination: &Arc<DestinationId>, changed: bool, of: impl Fn(WaitReason) -> bool) {
        let waits = |transfer: &&Transfer| {
            let waits = matches!(&transfer.record.state, TransferState::Waiting(wait) if of(wait.reason));
            waits && transfer.label.destination == *destination
        };
        let places: Vec<_> = self.transfers.values().filter(waits).map(Transfer::place).collect();
        places.into_iter().for_each(|place| self.line.wake(place));
        if changed {
            self.gates_changed();
        }
    }

    /// A probe that is cut makes no report: while somebody waits at a half-open breaker, it is looked at again and again.
    pub(super) fn watch_probes(&mut self) {
        let now = Instant::now();
        let waits = self.line.waiting_or_active().any(|place| {
            let label = self.transfers.get(&place.id).map(|transfer| &transfer.label);
            label.is_some_and(|label| self.gates.is_half_open(&label.destination, now))
        });
        if waits {
            self.alarms.set_by(Alarm::Dispatch, now + GLANCE);
        }
    }
}
