//! What happens to a transfer goes through [`step`], is written down, and only then carried out.

use rand::RngExt;

use super::actor::Actor;
use super::alarms::Alarm;
use super::docket::Entry;
use super::session::Session;
use super::transfer::{Misfortune, Transfer};
use super::words::What;
use crate::ids::TransferId;
use crate::layout::MIN_CHUNK_LEN;
use crate::state::{Effect, Env, Event, TransferState};
use crate::step::step;
use crate::units::Timestamp;

/// How a record has to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Write {
    Nothing,
    Record,
    /// And every acknowledgement forgotten, with or without the digests.
    Forget {
        digests: bool,
    },
}

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
        self.docket.push(Entry::Save(Box::new(transfer.record.clone())));
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
        self.docket.push(Entry::Forget { record: Box::new(transfer.record.clone()), digests });
        self.news.changed(id);
    }

    /// The state is another now.
    fn moved(&mut self, id: TransferId) {
        let Some(transfer) = self.transfers.get_mut(&id) else { return };
        let state = transfer.record.state.clone();
        self.line.put((transfer.record.position, id), &state);
        self.alarms.clear(Alarm::Wake(id));
        if state.is_terminal() {
            transfer.put_away();
        }
        if state == TransferState::Active {
            self.watch_readers(id)
        } else {
            self.stop_watching(id)
        }
        self.log(id, What::State(state));
    }
}

fn env(transfer: &Transfer, now: Timestamp, jitter: f64) -> Env {
    let remote_min = transfer.open.as_ref().map_or(MIN_CHUNK_LEN, |open| *open.remote.capabilities().chunk_len.start());
    let smallest = remote_min.max(MIN_CHUNK_LEN);
    Env {
        now,
        jitter,
        has_handle: transfer.may_have_upload(),
        began_again: transfer.misfortune.began_again,
        can_shrink: transfer.record.layout.is_some_and(|layout| layout.chunk_len() / 2 >= smallest),
    }
}

impl Transfer {
    /// Brings the record to its new state, and with it what the effects forget.
    fn rewrite(&mut self, state: TransferState, effects: &[Effect], now: Timestamp) -> Write {
        let moved = self.record.state != state;
        let mut write = if moved { Write::Record } else { Write::Nothing };
        self.record.state = state;
        if moved {
            self.record.ended_at = has_ended(&self.record.state).then_some(now);
        }
        for effect in effects {
            write = self.forget_for(effect).unwrap_or(write);
        }
        if self.record.state == TransferState::Cancelled {
            self.record.handle = None;
            write = Write::Forget { digests: true };
        }
        write
    }

    /// What an effect forgets. It is forgotten together with the new state, or a crash could fall between.
    fn forget_for(&mut self, effect: &Effect) -> Option<Write> {
        match effect {
            Effect::ForgetUpload => Some(self.forget_upload()),
            Effect::ForgetEverything => Some(self.forget_everything()),
            Effect::ShrinkChunks => Some(self.shrink_chunks()),
            Effect::Complete => {
                self.record.root = self.session.as_ref().and_then(Session::root);
                None
            }
            Effect::Abort if self.record.state != TransferState::Cancelling => {
                self.farewell = self.record.handle.clone().or_else(|| self.farewell.take());
                None
            }
            Effect::Abort
            | Effect::Prepare
            | Effect::LeaseChunks
            | Effect::DropLeases
            | Effect::ReleaseChunk { .. }
            | Effect::CloseGate { .. }
            | Effect::HalveBudget
            | Effect::WakeAfter { .. }
            | Effect::Announce
            | Effect::Tell(_) => None,
        }
    }

    fn forget_upload(&mut self) -> Write {
        self.misfortune.began_again = true;
        self.misfortune.lost_from = self.lost_from().filter(|bytes| *bytes > 0);
        self.record.handle = None;
        self.unwritten.clear();
        self.troubles.clear();
        if let Some(session) = &mut self.session {
            session.begin_again();
        }
        Write::Forget { digests: false }
    }

    /// The fingerprint is already that of the file as it is now: it came with the command.
    fn forget_everything(&mut self) -> Write {
        self.forget_upload();
        self.forget_layout();
        self.misfortune = Misfortune::default();
        Write::Forget { digests: true }
    }

    fn shrink_chunks(&mut self) -> Write {
        self.record.max_chunk_len = self.record.layout.map(|layout| layout.chunk_len() / 2);
        // The upload did not expire: it is we who begin it otherwise.
        self.misfortune.began_again = false;
        self.forget_layout();
        Write::Forget { digests: true }
    }

    fn forget_layout(&mut self) {
        self.record.layout = None;
        self.record.root = None;
        self.session = None;
    }

    /// The progress that was once reached, in bytes.
    pub(super) fn lost_from(&self) -> Option<u64> {
        self.misfortune.lost_from.max(Some(self.bytes_acked()))
    }

    /// Nothing is done for it any more: only its record is of interest.
    fn put_away(&mut self) {
        self.session = None;
        self.open = None;
        self.farewell = None;
        self.unwritten.clear();
        self.troubles.clear();
    }
}

fn has_ended(state: &TransferState) -> bool {
    matches!(state, TransferState::Done(_) | TransferState::Failed(_) | TransferState::Cancelled)
}
