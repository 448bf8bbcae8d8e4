//! What happens to the machine itself: its network is another one, or it slept. What waited for that goes on at once.
//!
//! Invariant: nothing of this is charged to a transfer, and a break that a remote asked for is kept.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::actor::Actor;
use super::transfer::Transfer;
use super::words::What;
use crate::ids::TransferId;
use crate::state::{Event, TransferState, Wait, WaitReason};

impl Actor {
    /// What is in flight may still arrive.
    pub(super) fn network_changed(&mut self) {
        self.begin_anew(None);
    }

    /// Nobody answers any more over what was under way.
    pub(super) fn woke(&mut self, slept: Duration) {
        self.gates.slept(slept);
        self.gates_changed();
        self.begin_anew(Some(&Event::Interrupted));
        self.those(|state| matches!(state, TransferState::Waiting(_))).into_iter().for_each(|id| self.date_anew(id));
    }

    /// Every transfer that has not ended gets a fresh start, after it heard what happened.
    fn begin_anew(&mut self, event: Option<&Event>) {
        if self.ending.is_some() {
            return;
        }
        self.forget_connections();
        for id in self.those(TransferState::may_go_on) {
            if let Some(event) = event {
                self.take(id, event);
            }
            self.relieve(id);
        }
    }

    /// Whoever begins a request from now on does so over a new connection.
    fn forget_connections(&mut self) {
        let under_way = self.transfers.values().filter(|transfer| transfer.record.state.may_go_on());
        let destinations: BTreeSet<_> = under_way.map(|transfer| Arc::clone(&transfer.label.destination)).collect();
        for destination in destinations {
            self.gates.of(&destination).another_way(Instant::now());
            // One that has no driver now has no connection either.
            if let Ok(remote) = self.world.remotes.remote(&destination) {
                remote.forget_connections();
            }
        }
    }

    /// What went wrong on the old way counts no more.
    fn relieve(&mut self, id: TransferId) {
        let Some(transfer) = self.transfers.get_mut(&id) else { return };
        transfer.forget_the_way();
        match &transfer.record.state {
            TransferState::Waiting(wait) if wait.is_for_the_way() => self.go_on(id),
            // The stream of its readers' wishes is as old as the connections.
            TransferState::Active => self.watch_readers(id),
            TransferState::Cancelling if transfer.is_quiet() => self.wake(id),
            TransferState::Queued
            | TransferState::Preparing
            | TransferState::Completing
            | TransferState::Waiting(_)
            | TransferState::Paused
            | TransferState::Failed(_)
            | TransferState::Cancelling
            | TransferState::Cancelled
            | TransferState::Skipped(_)
            | TransferState::Done(_) => {}
        }
        self.progressed(id);
    }

    /// It takes its turn in line.
    fn go_on(&mut self, id: TransferId) {
        // What still flies in the grace of the wait flies on the old way.
        self.cut(id);
        self.wake(id);
    }

    /// What still waits for a gate says until when that is now: the clock on the wall went on in the sleep.
    fn date_anew(&mut self, id: TransferId) {
        let Some(transfer) = self.transfers.get_mut(&id) else { return };
        let hold = self.gates.hold(&transfer.label.destination, Instant::now());
        let Some(opens) = hold.and_then(|(until, _)| until) else { return };
        let shown = self.time.shown(opens);
        if let TransferState::Waiting(wait) = &mut transfer.record.state
            && wait.is_for_the_way()
        {
            wait.until = Some(shown);
            let state = transfer.record.state.clone();
            self.save(id);
            self.log(id, What::State(state));
        }
    }
}

impl Transfer {
    /// Forgets what went wrong on the way, and keeps what went wrong with the bytes.
    fn forget_the_way(&mut self) {
        self.misfortune.faults = 0;
        if let Some(session) = &mut self.session {
            session.map.retry_all_now();
        }
    }
}

impl TransferState {
    /// Whether something of it is under way, or will be without a person.
    fn may_go_on(&self) -> bool {
        self.is_running() || *self == Self::Cancelling
    }
}

impl Wait {
    /// Whether it is the way to the remote that is waited for, and no person and no file. (A break that the remote asked
    /// for is kept by its gate.)
    fn is_for_the_way(&self) -> bool {
        match self.reason {
            WaitReason::Network => true,
            WaitReason::Remote => self.until.is_some(),
            WaitReason::Credentials | WaitReason::Source => false,
        }
    }
}
