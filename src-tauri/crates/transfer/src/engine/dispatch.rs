//! Who goes next: transfers are admitted in line order, chunks take turns between the active ones.
//!
//! What a person clicked goes before everything else, then what a viewer waits for. A destination that asked for a break gets nothing, and while
//! the journal cannot be written nothing new begins at all.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use tokio::time::Instant;
use tracing::debug_span;

use super::actor::Actor;
use super::alarms::Alarm;
use super::body::{Flow, Trace};
use super::limiter::Limiter;
use super::line::Place;
use super::messages::Report;
use super::sabotage::Sabotage;
use super::setback::Setback;
use super::transfer::{Flight, Open, Transfer, Urgency};
use super::worker::Errand;
use crate::ids::TransferId;
use crate::state::{Event, TransferState};
use crate::units::{Rate, Timestamp};

/// At a low limit so many seconds' worth of chunks may be in flight, so that a wish is not stuck behind others.
const SECONDS_IN_FLIGHT: u64 = 2;

impl Actor {
    /// Admits and leases whatever may go now.
    pub(super) fn dispatch(&mut self) {
        if self.ending.is_some() || self.docket.is_failing() {
            return;
        }
        while let Some(id) = self.next_admitted() {
            self.admit(id);
        }
        while let Some((place, errand)) = self.next_errand() {
            self.last_turn = Some(place);
            self.launch(place.1, errand);
        }
        self.look_again();
    }

    fn next_admitted(&self) -> Option<TransferId> {
        let now = Instant::now();
        let may = |id: &TransferId| {
            let transfer = self.transfers.get(id);
            transfer.is_some_and(|it| it.is_quiet() && self.gates.closed_until(&it.label.destination, now).is_none())
        };
        if self.line.at_work() < self.active.get() { self.line.ready().find(may) } else { None }
    }

    fn admit(&mut self, id: TransferId) {
        let Some(transfer) = self.transfers.get(&id) else { return };
        let place = (transfer.record.position, id);
        let waits = matches!(transfer.record.state, TransferState::Waiting(_));
        self.line.remove(place);
        self.take(id, &if waits { Event::Wake } else { Event::Admit });
    }

    /// The next chunk to send: a clicked one, a wanted one, else one of whose turn it is.
    fn next_errand(&mut self) -> Option<(Place, Errand)> {
        if self.in_flight >= self.parallel.get() {
            return None;
        }
        let mut turns: Vec<_> = self.line.active_after(self.last_turn).collect();
        // The sort is stable: among the equally urgent everyone keeps their turn.
        let now = self.time.steady();
        turns.sort_by_cached_key(|(_, id)| self.transfers.get(id).map_or(Urgency::Nobody, |it| it.urgency(now)));
        turns.into_iter().find_map(|place| Some((place, self.errand(place.1)?)))
    }

    fn errand(&mut self, id: TransferId) -> Option<Errand> {
        let transfer = self.transfers.get_mut(&id)?;
        let chunk_len = transfer.record.layout?.chunk_len();
        let gate = self.gates.of(&transfer.label.destination);
        let flows = gate.has_place() && gate.closed_until(Instant::now()).is_none();
        if !flows || self.in_flight >= allowed(self.limiter.rate(), chunk_len, self.parallel.get()) {
            return None;
        }
        let errand = transfer.errand(self.time.steady(), Arc::clone(&self.limiter))?;
        if self.sabotaged(Sabotage::DoubleLease) {
            self.give_back(id, &errand.lease);
        }
        Some(errand)
    }

    /// Sends a worker off.
    fn launch(&mut self, id: TransferId, errand: Errand) {
        let (serial, token, reports) = (self.serial(), self.tasks.token(), self.reports.clone());
        let Some(transfer) = self.transfers.get_mut(&id) else { return };
        let (lease, trace) = (errand.lease.clone(), Arc::clone(&errand.flow.trace));
        let span = debug_span!("put", %id, chunk = lease.index.get());
        transfer.flights.insert(serial, Flight { lease, token: token.clone(), trace });
        self.in_flight += 1;
        self.gates.of(&transfer.label.destination).took_off();
        let work = async move { Report::Landed { id, serial, result: errand.carry_out().await } };
        let broken = Report::Landed { id, serial, result: Err(Setback::panic()) };
        self.tasks.spawn_reporting(span, &token, reports, broken, work);
        self.progressed(id);
    }

    /// Comes again when a chunk has rested. (When a gate opens, its own alarm rings.)
    fn look_again(&mut self) {
        let now = self.time.steady();
        let resting = self.line.active_after(None).filter_map(|(_, id)| self.transfers.get(&id)?.session.as_ref());
        if let Some(until) = resting.filter_map(|session| session.map.next_rest(now)).min() {
            self.alarms.set(Alarm::Dispatch, self.time.instant(until));
        }
    }
}

impl Transfer {
    /// Leases a chunk, with all that its worker needs.
    fn errand(&mut self, now: Timestamp, limiter: Arc<Limiter>) -> Option<Errand> {
        let Open { source, remote } = self.open.clone()?;
        let handle = self.record.handle.clone()?;
        let map = &mut self.session.as_mut()?.map;
        let lease = map.lease(now, &self.readers.wishes, remote.capabilities().order)?;
        let trace = Arc::new(Trace::default());
        trace.wanted.store(map.is_wanted(lease.index, &self.readers.wishes), Ordering::Relaxed);
        let (layout, meter) = (*map.layout(), Arc::clone(&self.meter));
        Some(Errand { lease, layout, handle, remote, flow: Flow { source, limiter, meter, trace } })
    }
}

/// How many chunks of this length may be in flight under the speed limit.
fn allowed(limit: Option<Rate>, chunk_len: u64, parallel: usize) -> usize {
    let chunks = limit.map(|rate| rate.get().saturating_mul(SECONDS_IN_FLIGHT) / chunk_len);
    chunks.map_or(parallel, |chunks| usize::try_from(chunks).unwrap_or(parallel).clamp(1, parallel))
}
