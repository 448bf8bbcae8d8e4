//! What the user wants of a transfer. A command that changes nothing because it is so already succeeds.

use std::num::NonZeroUsize;
use std::sync::Arc;

use super::actor::Actor;
use super::docket::Written;
use super::messages::Request;
use super::overview::{Changes, Version};
use super::transfer::{Misfortune, Transfer};
use super::words::{Command, EngineError};
use crate::ids::TransferId;
use crate::journal::{Change, TransferRecord};
use crate::source::Fingerprint;
use crate::state::{Event, Intent, TransferState};
use crate::units::Rate;

impl Actor {
    /// Answers one request. Who no longer waits for the answer need not get it.
    pub(super) fn request(&mut self, request: Request) {
        match request {
            Request::Command { id, command, fingerprint, reply } => {
                let _ = reply.send(self.command(id, command, fingerprint));
            }
            Request::Locate { id, found, reply } => {
                let _ = reply.send(self.locate(id, found));
            }
            Request::Hasten { id, chunk, reply } => {
                let _ = reply.send(self.hasten(id, chunk));
            }
            Request::RetryFailed { reply } => {
                let _ = reply.send(self.retry_failed());
            }
            Request::RemoveEnded { reply } => {
                let _ = reply.send(self.remove_ended());
            }
            Request::SetLimit { limit, reply } => {
                self.set_limit(limit);
                let _ = reply.send(());
            }
            Request::SetDestinationLimit { destination, limit, reply } => {
                self.gates.set_limit(destination, limit);
                self.news.all_changed();
                let _ = reply.send(());
            }
            Request::TryAgain { destination, reply } => {
                self.try_again(&Arc::new(destination));
                let _ = reply.send(());
            }
            Request::SetPriority { id, priority, reply } => {
                let _ = reply.send(self.set_priority(id, priority));
            }
            Request::Reorder { ids, before, reply } => {
                let _ = reply.send(self.reorder(&ids, before));
            }
            Request::SetParallel { parallel, reply } => {
                self.set_parallel(parallel);
                let _ = reply.send(());
            }
            Request::NetworkChanged { reply } => {
                self.network_changed();
                let _ = reply.send(());
            }
            Request::Woke { slept, reply } => {
                self.woke(slept);
                let _ = reply.send(());
            }
            Request::Since { version, reply } => {
                let _ = reply.send(self.since(version));
            }
            Request::Snapshot { id, reply } => {
                let _ = reply.send(self.snapshot(id).ok_or(EngineError::UnknownTransfer(id)));
            }
            Request::Picture { id, reply } => {
                let _ = reply.send(self.picture(id).ok_or(EngineError::UnknownTransfer(id)));
            }
            Request::Account { id, reply } => {
                let _ = reply.send(self.account(id));
            }
            Request::Shutdown { grace, reply } => self.end(grace, Some(reply)),
        }
    }

    fn set_limit(&mut self, limit: Option<Rate>) {
        self.limiter.set(limit);
        self.news.all_changed();
    }

    /// The dispatch that ends every message sends what may leave now.
    fn set_parallel(&mut self, parallel: NonZeroUsize) {
        self.parallel = parallel;
        self.gates.set_most(parallel.get());
    }

    fn since(&mut self, version: Version) -> Changes {
        self.news.publish_progress();
        let (changed, removed) = self.news.since(version);
        let mut changed: Vec<_> = changed.into_iter().filter_map(|id| self.snapshot(id)).collect();
        changed.sort_by_key(|snapshot| (snapshot.position, snapshot.id));
        Changes { version: self.news.version(), changed, removed, limit: self.limiter.rate() }
    }

    /// What the journal knows of a transfer beside its chunks, or will in a moment.
    fn account(&mut self, id: TransferId) -> Result<(TransferRecord, Written), EngineError> {
        let transfer = self.transfers.get(&id).ok_or(EngineError::UnknownTransfer(id))?;
        let record = TransferRecord { bytes_sent: transfer.bytes_sent(), ..transfer.record.clone() };
        Ok((record, self.docket.written()))
    }

    pub(super) fn command(
        &mut self,
        id: TransferId,
        command: Command,
        fingerprint: Option<Fingerprint>,
    ) -> Result<Written, EngineError> {
        let transfer = self.transfers.get(&id).ok_or(EngineError::UnknownTransfer(id))?;
        if command == Command::SendChanged && transfer.is_changed() {
            self.may_send_changed(transfer, fingerprint.as_ref())?;
        }
        let transfer = self.transfers.get_mut(&id).ok_or(EngineError::UnknownTransfer(id))?;
        let before = (transfer.record.intent, transfer.record.fingerprint.clone());
        let Some((event, intent)) = meaning(command) else { return self.remove(id) };
        transfer.record.intent = intent;
        transfer.record.fingerprint = fingerprint.unwrap_or_else(|| before.1.clone());
        if !self.take(id, &event) {
            let transfer = self.transfers.get_mut(&id).ok_or(EngineError::UnknownTransfer(id))?;
            (transfer.record.intent, transfer.record.fingerprint) = before;
            transfer.holds_already(command)?;
        }
        self.encourage(id, command);
        Ok(self.docket.written())
    }

    /// Somebody wants it to go on: what went wrong before no longer counts.
    fn encourage(&mut self, id: TransferId, command: Command) {
        let Some(transfer) = self.transfers.get_mut(&id) else { return };
        match command {
            Command::Resume | Command::Retry => {
                transfer.misfortune = Misfortune { lost_from: transfer.misfortune.lost_from, ..Misfortune::default() };
                if let Some(session) = &mut transfer.session {
                    session.map.forgive();
                }
                let destination = Arc::clone(&transfer.label.destination);
                self.insisted(&destination);
            }
            Command::Pause | Command::Cancel | Command::StartOver | Command::SendChanged | Command::Remove => {}
        }
    }

    fn remove(&mut self, id: TransferId) -> Result<Written, EngineError> {
        let transfer = self.transfers.get(&id).ok_or(EngineError::UnknownTransfer(id))?;
        if !transfer.record.state.is_terminal() {
            return Err(transfer.not_now(Command::Remove));
        }
        self.take_off(id);
        self.docket.push(Change::Remove(vec![id]));
        Ok(self.docket.written())
    }
}

/// What a command makes happen, and what it says of the user's intent; removing is no part of a transfer's life.
fn meaning(command: Command) -> Option<(Event, Intent)> {
    match command {
        Command::Pause => Some((Event::Pause, Intent::Pause)),
        Command::Resume => Some((Event::Resume, Intent::Run)),
        Command::Cancel => Some((Event::Cancel, Intent::Cancel)),
        Command::Retry => Some((Event::Retry, Intent::Run)),
        Command::StartOver => Some((Event::StartOver, Intent::Run)),
        Command::SendChanged => Some((Event::SendChanged, Intent::Run)),
        Command::Remove => None,
    }
}

impl Transfer {
    /// Whether what the command wants is so without it.
    fn holds_already(&self, command: Command) -> Result<(), EngineError> {
        let state = &self.record.state;
        let holds = match command {
            Command::Pause => *state == TransferState::Paused,
            Command::Resume | Command::Retry => state.is_running(),
            Command::Cancel => matches!(state, TransferState::Cancelling | TransferState::Cancelled),
            Command::StartOver | Command::SendChanged | Command::Remove => false,
        };
        if holds { Ok(()) } else { Err(self.not_now(command)) }
    }

    fn not_now(&self, command: Command) -> EngineError {
        EngineError::NotNow { command, state: Box::new(self.record.state.clone()) }
    }
}
