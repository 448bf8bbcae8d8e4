//! An upload's chunks as puts and flushes change them.

use transfer::error::{Operation, RemoteError};
use transfer::layout::ChunkIndex;
use transfer::remote::Received;
use transfer::tree::Cv;
use transfer::units::Timestamp;

use super::{Standing, Upload};
use crate::vault::chunks::{Admission, Outcome};
use crate::vault::pen::Pen;
use crate::vault::trouble;

impl Upload {
    /// Lets a put in; not into an upload that is gone.
    pub(in crate::vault) fn admit(&self, index: ChunkIndex) -> Result<Admission, RemoteError> {
        let mut state = self.state();
        match state.standing {
            Standing::Unfinished(_) | Standing::Finished => Ok(state.chunks.admit(index)),
            Standing::Gone => Err(trouble::unknown(Operation::Put)),
        }
    }

    /// Seals a chunk and hands it over in one step, so that no sealed chunk is ever without a flush. False: a newer
    /// writer came first.
    pub(in crate::vault) fn seal(
        &self,
        index: ChunkIndex,
        pen: &Pen,
        cv: Cv,
        outcome: Outcome,
        hand_over: impl FnOnce(),
    ) -> bool {
        let mut state = self.state();
        let sealed = state.chunks.seal(index, pen, cv, outcome);
        if sealed {
            hand_over();
        }
        sealed
    }

    /// These chunks are durable and written down.
    pub(in crate::vault) fn keep(&self, index: ChunkIndex, cv: Cv, at: Timestamp) {
        {
            let mut state = self.state();
            state.chunks.keep(index, cv);
            state.touched_at = state.touched_at.max(at);
        }
        self.changed.send_replace(());
    }

    /// A sealed chunk did not become durable.
    pub(in crate::vault) fn break_seal(&self, index: ChunkIndex) {
        self.state().chunks.break_seal(index);
    }

    /// A failed sync may have lost what anybody wrote since the last one, and says so only once: all begin anew.
    pub(in crate::vault) fn stop_writers(&self) {
        self.state().chunks.stop_writers();
    }

    /// Every digest, in order, when nothing is missing.
    pub(in crate::vault) fn cvs(&self) -> Option<Vec<Cv>> {
        self.state().chunks.all()
    }

    /// What has arrived, for the sender.
    pub(in crate::vault) fn received(&self) -> Received {
        let state = self.state();
        let chunks = state.chunks.there().map(|(index, cv)| (index, Some(cv))).collect();
        Received { chunks, ..Received::default() }
    }
}
