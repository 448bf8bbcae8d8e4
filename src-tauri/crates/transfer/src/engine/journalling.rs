//! Acknowledgements on their way to the journal, in batches, and what follows when it cannot be written.
//!
//! An engine that could not remember must not go on sending: while the journal fails nothing is admitted or leased,
//! and the active transfers wait with a sentence that says so. What was to be written is tried again until it is.

use std::time::Duration;

use tokio::time::Instant;

use super::actor::Actor;
use super::alarms::Alarm;
use super::docket::Scribed;
use super::sabotage::{Sabotage, invented};
use super::setback::unwritten;
use crate::ids::TransferId;
use crate::journal::{Change, JournalError};

/// How long an acknowledgement may stay out of the journal.
const FLUSH_AFTER: Duration = Duration::from_millis(100);
/// How many of a transfer may.
const FLUSH_AT: usize = 64;

impl Actor {
    /// Lays a transfer's acknowledgements down for the journal: at once when they are many, else soon.
    pub(super) fn flush_soon(&mut self, id: TransferId) {
        let Some(transfer) = self.transfers.get(&id) else { return };
        if transfer.unwritten.len() >= FLUSH_AT {
            self.flush(id);
        } else {
            self.alarms.set_by(Alarm::Flush, Instant::now() + FLUSH_AFTER);
        }
    }

    /// Lays them down at once.
    pub(super) fn flush(&mut self, id: TransferId) {
        let invents = self.sabotaged(Sabotage::InventAcks);
        let Some(transfer) = self.transfers.get_mut(&id) else { return };
        if invents {
            transfer.unwritten.extend(transfer.flights.values().map(|flight| invented(&flight.lease)));
        }
        if transfer.unwritten.is_empty() {
            return;
        }
        let (chunks, bytes_sent) = (std::mem::take(&mut transfer.unwritten), transfer.bytes_sent());
        transfer.record.bytes_sent = bytes_sent;
        self.docket.push(Change::Ack { id, chunks, bytes_sent });
    }

    /// Lays everybody's down.
    pub(super) fn flush_all(&mut self) {
        let waiting = self.transfers.iter().filter(|(_, transfer)| !transfer.unwritten.is_empty());
        let ids: Vec<_> = waiting.map(|(id, _)| *id).collect();
        ids.into_iter().for_each(|id| self.flush(id));
    }

    /// The scribe came to the end of its stack, or to a write that failed.
    pub(super) fn scribed(&mut self, scribed: Scribed) {
        if let Some((failure, rest)) = self.docket.take_back(scribed) {
            self.journal_failed(&failure, rest);
        }
    }

    fn journal_failed(&mut self, failure: &JournalError, rest: Duration) {
        let trouble = unwritten(failure);
        tracing::warn!(sentence = %trouble.sentence, ?rest, "the journal cannot be written");
        if self.ending.is_some() {
            self.docket.abandon();
            return;
        }
        self.alarms.set(Alarm::Journal, Instant::now() + rest);
        let active: Vec<_> = self.line.active_after(None).map(|place| place.id).collect();
        active.into_iter().for_each(|id| self.fault(id, trouble.clone()));
    }
}
