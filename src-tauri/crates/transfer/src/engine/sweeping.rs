//! What is done to many transfers at once. It costs one look at each, and one write where they go.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::actor::Actor;
use super::docket::Written;
use super::transfer::Transfer;
use super::words::{Command, What};
use crate::ids::TransferId;
use crate::journal::Change;
use crate::state::TransferState;

impl Actor {
    /// Retries all that failed, and all that wait, in whatever state.
    pub(super) fn retry_failed(&mut self) -> (usize, Written) {
        let stuck = self.those(|state| matches!(state, TransferState::Failed(_) | TransferState::Waiting(_)));
        let held: Vec<_> = self.transfers.values().filter(|transfer| self.is_held(transfer)).collect();
        let count = stuck.len() + held.len();
        let doors: BTreeSet<_> = held.iter().map(|transfer| Arc::clone(&transfer.label.destination)).collect();
        doors.iter().for_each(|destination| self.insisted(destination));
        for id in stuck {
            // What failed or waits can always be retried: none of them answers with an error.
            let _ = self.command(id, Command::Retry, None);
        }
        (count, self.docket.written())
    }

    /// Whether its destination alone holds it, and its state says nothing of that.
    fn is_held(&self, transfer: &Transfer) -> bool {
        let state = &transfer.record.state;
        let waits = matches!(state, TransferState::Waiting(_));
        state.is_running() && !waits && self.hold(&transfer.label.destination).is_some()
    }

    /// Takes all off the list that is done or was given up.
    pub(super) fn remove_ended(&mut self) -> (usize, Written) {
        let ended = self.those(TransferState::is_terminal);
        let count = ended.len();
        ended.iter().for_each(|id| self.take_off(*id));
        if count > 0 {
            self.docket.push(Change::Remove(ended));
        }
        (count, self.docket.written())
    }

    /// Takes one off the list; what the journal has of it is the caller's.
    pub(super) fn take_off(&mut self, id: TransferId) {
        let Some(transfer) = self.transfers.remove(&id) else { return };
        let file = (transfer.label.path, transfer.label.destination);
        if self.files.get(&file) == Some(&id) {
            self.files.remove(&file);
        }
        self.news.removed(id);
        self.log(id, What::Removed);
    }

    /// The transfers whose state is like that.
    pub(super) fn those(&self, like: impl Fn(&TransferState) -> bool) -> Vec<TransferId> {
        self.transfers.iter().filter(|(_, transfer)| like(&transfer.record.state)).map(|(id, _)| *id).collect()
    }
}
