//! Carrying effects out. What an effect forgets was forgotten together with the new state ([`super::rewrite`]).

use std::time::Duration;

use rand::RngExt;
use tokio::time::Instant;

use super::actor::Actor;
use super::alarms::Alarm;
use super::sabotage::Sabotage;
use super::transfer::CallKind;
use crate::error::{Class, Trouble};
use crate::ids::TransferId;
use crate::retry::retry_after;
use crate::state::{Effect, Event, TransferState, WaitReason};

/// How long what is in flight may go on after a pause or before a wait.
const GRACE: Duration = Duration::from_secs(2);
/// A break that ends so much later than the one before is another.
const SAME_BREAK: Duration = Duration::from_secs(2);
/// How often a source that is gone is looked for.
const SOURCE_LOOK: Duration = Duration::from_secs(2);

impl Actor {
    pub(super) fn carry_out(&mut self, id: TransferId, effect: Effect) {
        match effect {
            Effect::Prepare => self.prepare(id),
            Effect::Complete => self.complete(id),
            Effect::Abort => self.abort(id),
            Effect::DropLeases => self.recall(id),
            Effect::ReleaseChunk { delay_ms, charged, .. } => self.release(id, delay_ms, charged),
            Effect::CloseGate { delay_ms } => self.close_gate(id, Duration::from_millis(delay_ms)),
            Effect::HalveBudget => self.halve_budget(id),
            Effect::WakeAfter { delay_ms } => self.wake_after(id, Duration::from_millis(delay_ms)),
            Effect::Announce => self.announce(id),
            Effect::Tell(trouble) => self.tell(id, trouble),
            // Every message ends with a dispatch, which leases what may be leased.
            Effect::LeaseChunks => {}
            // Forgotten already, together with the new state. What was learned holds for the whole destination.
            Effect::ShrinkChunks => self.remember_chunk_len(id),
            Effect::ForgetUpload | Effect::ForgetEverything | Effect::AmendUpload => {}
        }
    }

    /// Takes leases and calls back: at once, or after a grace where what arrives in it is of use.
    fn recall(&mut self, id: TransferId) {
        let Some(transfer) = self.transfers.get(&id) else { return };
        match transfer.record.state {
            TransferState::Paused | TransferState::Waiting(_) => {
                if !transfer.is_quiet() {
                    self.alarms.set(Alarm::Cut(id), Instant::now() + GRACE);
                }
            }
            TransferState::Cancelling => {
                self.cut_flights(id);
                // A begin goes on, over the end of a pause's grace too: what it gives must be aborted.
                self.alarms.clear(Alarm::Cut(id));
                self.cut_call(id, |kind| kind != CallKind::Begin);
            }
            TransferState::Queued
            | TransferState::Preparing
            | TransferState::Active
            | TransferState::Completing
            | TransferState::Failed(_)
            | TransferState::Cancelled
            | TransferState::Skipped(_)
            | TransferState::Done(_) => self.cut(id),
        }
    }

    /// Cuts everything that is under way for a transfer.
    pub(super) fn cut(&mut self, id: TransferId) {
        self.alarms.clear(Alarm::Cut(id));
        self.cut_flights(id);
        self.cut_call(id, |_| true);
    }

    fn release(&mut self, id: TransferId, delay_ms: u64, charged: bool) {
        let charged = charged && !self.sabotaged(Sabotage::NeverCount);
        let until = (delay_ms > 0).then(|| self.time.steady().after(Duration::from_millis(delay_ms)));
        let Some(transfer) = self.transfers.get_mut(&id) else { return };
        if let (Some(session), Some(lease)) = (&mut transfer.session, transfer.failing.take()) {
            session.map.release(&lease, until, charged);
        }
    }

    fn close_gate(&mut self, id: TransferId, delay: Duration) {
        let Some(label) = self.label(id).filter(|_| !self.sabotaged(Sabotage::ForgetGate)) else { return };
        let now = Instant::now();
        let before = self.gates.hold(&label.destination, now).and_then(|(until, _)| until);
        self.gates.of(&label.destination).close(now + delay);
        self.gates_changed();
        // Each chunk in flight is told of the same break, and each time a little is added by chance.
        if before.is_none_or(|before| before + SAME_BREAK + delay / 10 < now + delay) {
            self.log_hold(&label.destination, None);
        }
    }

    /// A break that the remote asks for holds for all its transfers, also when the one that hears it is held or given up
    /// by now and does not react any more.
    pub(super) fn heed(&mut self, id: TransferId, trouble: &Trouble) {
        if let Class::Throttled { after } = trouble.class {
            let jitter = self.chance.random();
            self.close_gate(id, retry_after(after, jitter));
        }
    }

    fn halve_budget(&mut self, id: TransferId) {
        if let Some(label) = self.label(id) {
            self.gates.of(&label.destination).throttled(Instant::now());
        }
    }

    fn remember_chunk_len(&mut self, id: TransferId) {
        let Some(transfer) = self.transfers.get(&id) else { return };
        self.gates.of(&transfer.label.destination).max_chunk_len = transfer.record.max_chunk_len;
    }

    fn wake_after(&mut self, id: TransferId, delay: Duration) {
        self.alarms.set(Alarm::Wake(id), Instant::now() + delay);
    }

    /// A wait is over. A transfer that goes on takes its turn in line; a source that was gone is looked for first,
    /// so that a card which stays out makes no noise.
    pub(super) fn wake(&mut self, id: TransferId) {
        let Some(transfer) = self.transfers.get(&id) else { return };
        match &transfer.record.state {
            TransferState::Waiting(wait) if wait.reason == WaitReason::Source => self.look(id),
            TransferState::Waiting(_) => self.line.wake(transfer.place()),
            TransferState::Cancelling => self.due.push_back((id, Event::Wake)),
            TransferState::Queued
            | TransferState::Preparing
            | TransferState::Active
            | TransferState::Completing
            | TransferState::Paused
            | TransferState::Failed(_)
            | TransferState::Cancelled
            | TransferState::Skipped(_)
            | TransferState::Done(_) => {}
        }
    }

    /// The source was looked for.
    pub(super) fn looked(&mut self, id: TransferId, still_gone: bool) {
        let Some(transfer) = self.transfers.get(&id) else { return };
        match transfer.record.state {
            TransferState::Waiting(_) if still_gone => self.wake_after(id, SOURCE_LOOK),
            TransferState::Waiting(_) => self.line.wake(transfer.place()),
            TransferState::Queued
            | TransferState::Preparing
            | TransferState::Active
            | TransferState::Completing
            | TransferState::Paused
            | TransferState::Failed(_)
            | TransferState::Cancelling
            | TransferState::Cancelled
            | TransferState::Skipped(_)
            | TransferState::Done(_) => {}
        }
    }
}
