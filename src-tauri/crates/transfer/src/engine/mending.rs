//! The way to a destination may be mended: what was believed of it is forgotten, and who waits for it goes on.

use std::sync::Arc;

use tokio::time::Instant;

use super::actor::Actor;
use super::alarms::Alarm;
use super::transfer::Transfer;
use crate::ids::DestinationId;
use crate::state::{TransferState, WaitReason};

/// How soon a half-open breaker is looked at again whose probe was cut.
const GLANCE: std::time::Duration = std::time::Duration::from_millis(100);

impl Actor {
    /// Somebody wants one transfer to go on: the destination is asked again at once, and who waits for its credentials
    /// goes on too.
    pub(super) fn mended(&mut self, destination: &Arc<DestinationId>) {
        self.wake_all(destination, |reason| reason == WaitReason::Credentials);
    }

    /// Somebody mended the destination, or opened it: everybody who waits for it goes on. Only a break that it asked for
    /// is kept to its end.
    pub(super) fn try_again(&mut self, destination: &Arc<DestinationId>) {
        self.wake_all(destination, |reason| matches!(reason, WaitReason::Credentials | WaitReason::Remote));
    }

    fn wake_all(&mut self, destination: &Arc<DestinationId>, of: impl Fn(WaitReason) -> bool) {
        self.gates.of(destination).forget();
        let waits = |transfer: &&Transfer| {
            let waits = matches!(&transfer.record.state, TransferState::Waiting(wait) if of(wait.reason));
            waits && transfer.label.destination == *destination
        };
        let places: Vec<_> = self.transfers.values().filter(waits).map(Transfer::place).collect();
        places.into_iter().for_each(|place| self.line.wake(place));
        self.gates_changed();
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
