//! What happens to a transfer goes through [`step`], is written down, and only then carried out.

use rand::RngExt;

use super::actor::Actor;
use super::alarms::Alarm;
use super::rewrite::Write;
use super::sabotage::Sabotage;
use super::transfer::Transfer;
use super::words::What;
use crate::ids::TransferId;
use crate::journal::Change;
use crate::layout::MIN_CHUNK_LEN;
use crate::remote::Order;
use crate::state::{Effect, Env, Event, TransferState, WaitReason};
use crate::step::step;
use crate::units::Timestamp;

impl Actor {
    /// Lets an event happen to a transfer; says whether it made sense.
    pub(super) fn take(&mut self, id: TransferId, event: &Event) -> bool {
        let now = self.time.wall();
        let jitter = self.chance.random();
        let Some(transfer) = self.transfers.get(&id) else { return false };
        let before = transfer.record.state.clone();
        let (state, effects) = step(&before, event, &env(transfer, now, jitter));
        let moved = state != before;
        if moved {
            tracing::debug!(%id, ?event, ?state, "moves");
        }
        if effects.contains(&Effect::ForgetUpload) || effects.contains(&Effect::ForgetEverything) {
            // Before their map forgets them: what they still report belongs to the upload that was.
            self.cut_flights(id);
        }
        self.write_down(id, state, &effects, now);
        if moved {
            self.moved(id);
            self.stopped_waiting(id, &before);
        }
        let something = moved || !effects.is_empty();
        for effect in effects {
            self.carry_out(id, effect);
        }
        something
    }

    /// The record as it is now goes to the journal, after the acknowledgements that led to it.
    pub(super) fn save(&mut self, id: TransferId) {
        self.flush(id);
        let Some(transfer) = self.transfers.get_mut(&id) else { return };
        transfer.record.bytes_sent = transfer.bytes_sent();
        self.docket.push(Change::Save(Box::new(transfer.record.clone())));
        self.news.changed(id);
    }

    fn write_down(&mut self, id: TransferId, state: TransferState, effects: &[Effect], now: Timestamp) {
        let Some(transfer) = self.transfers.get_mut(&id) else { return };
        let digests = match transfer.rewrite(state, effects, now) {
            Write::Nothing => return,
            Write::Record => return self.save(id),
            Write::Forget { digests } => digests,
        };
        transfer.record.bytes_sent = transfer.bytes_sent();
        self.docket.push(Change::Forget { record: Box::new(transfer.record.clone()), digests });
        self.news.changed(id);
    }

    /// The state is another now.
    fn moved(&mut self, id: TransferId) {
        let restless = self.sabotaged(Sabotage::SendWhilePaused);
        let Some(transfer) = self.transfers.get_mut(&id) else { return };
        let state = transfer.record.state.clone();
        let holds = restless && state == TransferState::Paused;
        self.line.put(transfer.place(), if holds { &TransferState::Active } else { &state });
        self.alarms.clear(Alarm::Wake(id));
        if state.is_terminal() {
            transfer.put_away();
        }
        transfer.resuming |= rests(&state);
        if state == TransferState::Active {
            self.watch_readers(id)
        } else if !self.sabotaged(Sabotage::LeakWish) {
            self.stop_watching(id)
        }
        self.log(id, What::State(state));
    }
}

/// Whether a transfer that stands so goes on after a rest, and not after a call or a chunk that failed.
fn rests(state: &TransferState) -> bool {
    match state {
        TransferState::Queued => true,
        TransferState::Waiting(wait) => wait.reason != WaitReason::Remote,
        TransferState::Preparing
        | TransferState::Active
        | TransferState::Completing
        | TransferState::Paused
        | TransferState::Failed(_)
        | TransferState::Cancelling
        | TransferState::Cancelled
        | TransferState::Skipped(_)
        | TransferState::Done(_) => false,
    }
}

fn env(transfer: &Transfer, now: Timestamp, jitter: f64) -> Env {
    let able = transfer.open.as_ref().map(|open| open.remote.capabilities());
    let remote_min = able.as_ref().map_or(MIN_CHUNK_LEN, |able| *able.chunk_len.start());
    let smallest = remote_min.max(MIN_CHUNK_LEN);
    Env {
        now,
        jitter,
        has_handle: transfer.may_have_upload(),
        began_again: transfer.misfortune.began_again,
        can_shrink: transfer.record.layout.is_some_and(|layout| layout.chunk_len() / 2 >= smallest),
        must_ask: able.is_some_and(|able| able.byte_resume && able.order != Order::AnyOrder),
    }
}
