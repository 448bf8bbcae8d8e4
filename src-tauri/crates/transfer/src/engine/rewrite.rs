//! What an event leaves in a transfer's record: its new state, and what it forgets. Both are written together, or a
//! crash could fall between.

use super::session::Session;
use super::transfer::{Misfortune, Transfer};
use crate::state::{Effect, TransferState};
use crate::units::Timestamp;

/// How a record has to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Write {
    Nothing,
    Record,
    /// And every acknowledgement forgotten, with or without the digests.
    Forget {
        digests: bool,
    },
}

impl Transfer {
    /// Brings the record to its new state, and with it what the effects forget.
    pub(super) fn rewrite(&mut self, state: TransferState, effects: &[Effect], now: Timestamp) -> Write {
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

    /// What an effect forgets.
    fn forget_for(&mut self, effect: &Effect) -> Option<Write> {
        match effect {
            Effect::ForgetUpload => Some(self.forget_upload()),
            Effect::ForgetEverything => Some(self.forget_everything()),
            Effect::AmendUpload => Some(self.begin_amending()),
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
        // The layout and the digests are those of the file of before.
        let digests = std::mem::take(&mut self.record.amending);
        if digests {
            self.forget_layout();
        }
        Write::Forget { digests }
    }

    /// The fingerprint is already that of the file as it is now: it came with the command. Layout and digests stay those
    /// of before, until they are compared.
    fn begin_amending(&mut self) -> Write {
        if self.record.handle.is_none() {
            return self.forget_everything();
        }
        self.misfortune = Misfortune::default();
        (self.kept, self.comparison) = (None, None);
        (self.record.amending, self.record.root) = (true, None);
        Write::Record
    }

    /// The fingerprint is already that of the file as it is now: it came with the command.
    fn forget_everything(&mut self) -> Write {
        self.forget_upload();
        self.forget_layout();
        self.misfortune = Misfortune::default();
        Write::Forget { digests: true }
    }

    fn shrink_chunks(&mut self) -> Write {
        let half = self.record.layout.map(|layout| layout.chunk_len() / 2);
        self.record.max_chunk_len = half.or(self.record.max_chunk_len);
        // The upload did not expire: it is we who begin it otherwise.
        self.misfortune.began_again = false;
        self.forget_layout();
        Write::Forget { digests: true }
    }

    fn forget_layout(&mut self) {
        self.record.layout = None;
        self.record.root = None;
        self.session = None;
        (self.kept, self.comparison) = (None, None);
    }

    /// The progress that was once reached, in bytes.
    pub(super) fn lost_from(&self) -> Option<u64> {
        self.misfortune.lost_from.max(Some(self.bytes_acked()))
    }

    /// Nothing is done for it any more: only its record is of interest.
    pub(super) fn put_away(&mut self) {
        self.session = None;
        self.open = None;
        (self.kept, self.comparison) = (None, None);
        self.farewell = None;
        self.unwritten.clear();
        self.troubles.clear();
    }
}

fn has_ended(state: &TransferState) -> bool {
    matches!(
        state,
        TransferState::Done(_) | TransferState::Failed(_) | TransferState::Cancelled | TransferState::Skipped(_)
    )
}
