//! A person clicked a chunk: it goes before all others, and what failed or waits is tried again for it.

use std::sync::Arc;

use super::actor::Actor;
use super::docket::Written;
use super::transfer::Transfer;
use super::words::{Command, EngineError};
use crate::ids::TransferId;
use crate::state::TransferState;

impl Actor {
    pub(super) fn hasten(&mut self, id: TransferId, chunk: u32) -> Result<Written, EngineError> {
        let transfer = self.transfers.get_mut(&id).ok_or(EngineError::UnknownTransfer(id))?;
        if transfer.hasten(chunk)? {
            let destination = Arc::clone(&transfer.label.destination);
            self.insisted(&destination);
            self.progressed(id);
            if self.is_stuck(id) {
                return self.command(id, Command::Retry, None);
            }
        }
        Ok(self.docket.written())
    }

    /// Whether nothing goes on before somebody, or time, does something about it.
    fn is_stuck(&self, id: TransferId) -> bool {
        self.transfers
            .get(&id)
            .is_some_and(|it| matches!(it.record.state, TransferState::Failed(_) | TransferState::Waiting(_)))
    }
}

impl Transfer {
    /// Puts a chunk before all others; false where it is there already.
    fn hasten(&mut self, chunk: u32) -> Result<bool, EngineError> {
        let unknown = EngineError::NoChunk { chunk };
        let Some(index) = self.record.layout.and_then(|layout| layout.index(chunk)) else { return Err(unknown) };
        match &self.record.state {
            TransferState::Done(_) => return Ok(false),
            TransferState::Cancelling | TransferState::Cancelled | TransferState::Skipped(_) => return Err(unknown),
            TransferState::Queued
            | TransferState::Preparing
            | TransferState::Active
            | TransferState::Completing
            | TransferState::Waiting(_)
            | TransferState::Paused
            | TransferState::Failed(_) => {}
        }
        let Some(session) = &mut self.session else { return Err(unknown) };
        session.map.hasten(index);
        let missing = !session.map.is_acked(index);
        self.mark_wanted();
        Ok(missing)
    }
}
