//! What becomes of a chunk under way: it is acknowledged, it fails, or it is cut.

use std::sync::Arc;

use tokio::time::Instant;

use super::actor::Actor;
use super::sabotage::Sabotage;
use super::setback::Setback;
use super::transfer::{Flight, Misfortune, Transfer};
use super::words::What;
use super::worker::Delivered;
use crate::chunk_map::{ChunkMap, Lease};
use crate::error::{Class, Trouble};
use crate::ids::{DestinationId, TransferId};
use crate::layout::ChunkIndex;
use crate::remote::ChunkReceipt;
use crate::state::{Event, TransferState};
use rand::RngExt;

impl Actor {
    /// A worker reported. The report of one that was cut comes too late: the remote tells of its chunk when it is
    /// asked again.
    pub(super) fn landed(&mut self, id: TransferId, serial: u64, result: Result<Delivered, Setback>) {
        if let Err(Setback::Remote(trouble)) = &result {
            self.heed(id, trouble);
        }
        let Some(flight) = self.land(id, serial) else { return };
        let result = if self.sabotaged(Sabotage::AckBeforeTheReply) { flight.presumed(result) } else { result };
        match result {
            Ok(delivered) => self.delivered(id, &flight, delivered),
            Err(setback) => self.failed(id, flight.lease, setback),
        }
        self.progressed(id);
    }

    fn delivered(&mut self, id: TransferId, flight: &Flight, delivered: Delivered) {
        let lease = &flight.lease;
        let hasty = self.sabotaged(Sabotage::CompleteEarly);
        let Some(transfer) = self.transfers.get_mut(&id) else { return };
        let Some(session) = &mut transfer.session else { return };
        let Some(acked) = session.ack(lease, delivered.receipt, delivered.cv) else { return };
        session.map.ease();
        let all_acked =
            session.map.all_acked() || (hasty && session.map.acked_count() + 1 == session.map.layout().count());
        transfer.unwritten.push(acked);
        transfer.troubles.remove(&lease.index);
        transfer.misfortune = Misfortune { lost_from: transfer.misfortune.lost_from, ..Misfortune::default() };
        let (held, now) = (transfer.is_held_back(), Instant::now());
        self.gates.of(&transfer.label.destination).acked(lease.range.len(), flight.share, held, now);
        self.made_good(id);
        self.flush_soon(id);
        self.due.push_back((id, if all_acked { Event::AllAcked } else { Event::ChunkAcked }));
    }

    /// In the grace after a pause or before a wait a failure means nothing: the remote is asked before the next try.
    fn failed(&mut self, id: TransferId, lease: Lease, setback: Setback) {
        let Some(transfer) = self.transfers.get_mut(&id) else { return };
        if transfer.record.state != TransferState::Active {
            transfer.give_back(&lease);
            return;
        }
        match setback {
            Setback::Remote(trouble) | Setback::Journal(trouble) => self.chunk_failed(id, lease, trouble),
            Setback::Source(trouble) => {
                transfer.give_back(&lease);
                self.due.push_back((id, Event::SourceFault(trouble)));
            }
        }
    }

    fn chunk_failed(&mut self, id: TransferId, lease: Lease, trouble: Trouble) {
        let leaks = self.sabotaged(Sabotage::LeakLease);
        let Some(transfer) = self.transfers.get_mut(&id) else { return };
        let Some(session) = &mut transfer.session else { return };
        let (index, chunk) = (lease.index, lease.index.get());
        let attempts = attempts(&mut session.map, index, &trouble);
        transfer.troubles.insert(index, trouble.clone());
        let destination = Arc::clone(&transfer.label.destination);
        if trouble.class == Class::Transient {
            self.gates.of(&destination).lost(Instant::now());
        }
        if self.noted(&destination, &trouble) {
            // What makes the transfer wait its state says.
            let goes_on = matches!(trouble.class, Class::Transient | Class::Throttled { .. });
            self.log_hold(&destination, (!goes_on).then_some(id));
        }
        let Some(transfer) = self.transfers.get_mut(&id) else { return };
        transfer.failing = Some(lease).filter(|_| !leaks);
        // At once and not in line: the reaction gives back the very lease that is remembered for it.
        self.take(id, &Event::ChunkFailed { chunk, trouble: trouble.clone(), attempts });
        let Some(transfer) = self.transfers.get_mut(&id) else { return };
        if let Some(lease) = transfer.failing.take() {
            transfer.give_back(&lease);
        }
        let rests = transfer.session.as_ref().and_then(|session| session.map.rest_until(index));
        let next_try = rests.map(|until| self.time.shown(self.time.instant(until)));
        if !self.says_why(id) {
            self.log(id, What::ChunkFailed { chunk, trouble, attempts, next_try });
        }
    }

    /// The gate of the destination learns of a failure. Says whether it closed for it.
    pub(super) fn noted(&mut self, destination: &Arc<DestinationId>, trouble: &Trouble) -> bool {
        if matches!(trouble.class, Class::Throttled { .. }) && self.sabotaged(Sabotage::ForgetGate) {
            return false;
        }
        let jitter = self.chance.random();
        let closed = self.gates.of(destination).failed(&trouble.class, Instant::now(), jitter);
        if closed {
            self.gates_changed();
        }
        closed
    }

    pub(super) fn give_back(&mut self, id: TransferId, lease: &Lease) {
        if let Some(transfer) = self.transfers.get_mut(&id) {
            transfer.give_back(lease);
        }
    }

    /// Takes a flight out of the air.
    fn land(&mut self, id: TransferId, serial: u64) -> Option<Flight> {
        let transfer = self.transfers.get_mut(&id)?;
        let flight = transfer.flights.remove(&serial)?;
        self.flying.lands(flight.share);
        self.gates.of(&transfer.label.destination).landed(flight.share, Instant::now());
        Some(flight)
    }

    /// Cuts every chunk of a transfer that is under way. Nothing is charged for it.
    pub(super) fn cut_flights(&mut self, id: TransferId) {
        let serials: Vec<_> =
            self.transfers.get(&id).into_iter().flat_map(|transfer| transfer.flights.keys().copied()).collect();
        for serial in serials {
            let Some(flight) = self.land(id, serial) else { continue };
            flight.token.cancel();
            self.give_back(id, &flight.lease);
            self.progressed(id);
        }
    }
}

impl Flight {
    /// A success, if all of it left.
    fn presumed(&self, result: Result<Delivered, Setback>) -> Result<Delivered, Setback> {
        result.or_else(|why| self.trace.cv().map(|cv| Delivered { receipt: ChunkReceipt::default(), cv }).ok_or(why))
    }
}

impl Transfer {
    /// The chunk is pending again, and nothing is charged.
    fn give_back(&mut self, lease: &Lease) {
        if let Some(session) = &mut self.session {
            session.map.release(lease, None, false);
        }
    }
}

/// Failures of the chunk in a row, this one included.
fn attempts(map: &mut ChunkMap, index: ChunkIndex, trouble: &Trouble) -> u32 {
    match trouble.class {
        Class::Corrupt => map.note_corrupt(index),
        Class::Transient
        | Class::Throttled { .. }
        | Class::Offline
        | Class::Portal
        | Class::Desync
        | Class::Expired
        | Class::Denied
        | Class::TooLarge
        | Class::Taken
        | Class::NoSpace { .. }
        | Class::Fatal => map.attempts(index) + 1,
    }
}
