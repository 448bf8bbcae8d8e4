//! Who goes next: transfers are admitted in line order, chunks take turns between the active ones.
//!
//! What a person clicked goes before everything else, then what a viewer waits for. A destination that asked for a break
//! gets nothing, and while the journal cannot be written nothing new begins at all.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::time::Instant;
use tracing::debug_span;

use super::actor::Actor;
use super::alarms::Alarm;
use super::body::{Flow, Trace};
use super::flying::Flying;
use super::limiter::Limits;
use super::line::Place;
use super::messages::Report;
use super::sabotage::Sabotage;
use super::setback::Setback;
use super::transfer::{Flight, Open, Transfer, Urgency};
use super::watchdog::Motion;
use super::worker::Errand;
use crate::ids::{DestinationId, TransferId};
use crate::state::{Event, TransferState};
use crate::units::{Rate, Timestamp};

/// At a low limit so many seconds' worth of chunks may be in flight, so that a wish is not stuck behind others.
const SECONDS_IN_FLIGHT: u64 = 2;
/// So many places for small ones are beside each turn of a large one, so that a memo never waits behind a film of a day.
const SMALL_BESIDE: usize = 6;
/// How often it is looked, under a speed limit, whether a chunk's last byte has left.
const GLANCE: Duration = Duration::from_millis(20);
/// What moved to the front of the line is admitted beside those at work, up to so many more.
const OVERTAKERS: usize = 2;

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
            self.launch(place.id, errand);
        }
        self.look_again();
        if self.flying.chunks() > 0 && (self.limiter.rate().is_some() || self.gates.any_limit()) {
            // A last byte that leaves makes no report.
            self.alarms.set_by(Alarm::Dispatch, Instant::now() + GLANCE);
        }
        if self.gates.any_half_open(Instant::now()) {
            self.watch_probes();
        }
    }

    /// The first in line that may go: a large one while fewer than may be at work stand before it, a small one where there
    /// is room for small ones. Those that their destination holds take no room from the others'.
    fn next_admitted(&self) -> Option<TransferId> {
        let now = Instant::now();
        let moves = |place: &Place| {
            let label = self.transfers.get(&place.id).map(|transfer| &transfer.label);
            label.is_none_or(|label| self.gates.hold(&label.destination, now).is_none())
        };
        let large: Vec<_> = self.line.at_work().filter(|place| !place.small).filter(moves).collect();
        let active = self.active.get();
        let has_turn = |place: &Place| {
            large.len() < active + OVERTAKERS && large.iter().filter(|other| *other < place).count() < active
        };
        let beside = self.taken_by(self.line.small_at_work().filter(moves));
        let next_small = beside.has_place(SMALL_BESIDE * active).then(|| self.next_small()).flatten();
        let next_large = self.line.ready_large().take_while(has_turn).find(|place| self.may_begin(place.id));
        next_small.into_iter().chain(next_large).min().map(|place| place.id)
    }

    /// What the places of these would take if all of them had a chunk in flight.
    fn taken_by(&self, places: impl Iterator<Item = Place>) -> Flying {
        let mut taken = Flying::default();
        let shares = places.filter_map(|place| self.transfers.get(&place.id)).map(Transfer::share);
        shares.for_each(|share| taken.takes_off(share));
        taken
    }

    /// The first small one whose destination has room. Thousands may stand in line: a destination is looked at once.
    fn next_small(&self) -> Option<Place> {
        let mut has_room = HashMap::new();
        self.line.ready_small().find(|place| {
            let Some(transfer) = self.transfers.get(&place.id).filter(|transfer| transfer.is_quiet()) else {
                return false;
            };
            let to = &transfer.label.destination;
            *has_room.entry(Arc::clone(to)).or_insert_with(|| self.admits(to) && self.has_room_beside(to))
        })
    }

    fn has_room_beside(&self, destination: &Arc<DestinationId>) -> bool {
        let there = self.line.small_at_work().filter(|place| self.goes_to(place.id, destination));
        self.gates.has_room_beside(destination, self.taken_by(there))
    }

    fn may_begin(&self, id: TransferId) -> bool {
        let Some(transfer) = self.transfers.get(&id) else { return false };
        transfer.is_quiet() && self.admits(&transfer.label.destination)
    }

    fn admits(&self, destination: &Arc<DestinationId>) -> bool {
        let at_work = || self.line.at_work().any(|other| self.goes_to(other.id, destination));
        self.gates.admits(destination, Instant::now(), at_work)
    }

    fn goes_to(&self, id: TransferId, destination: &Arc<DestinationId>) -> bool {
        self.transfers.get(&id).is_some_and(|transfer| transfer.label.destination == *destination)
    }

    fn admit(&mut self, id: TransferId) {
        let Some(transfer) = self.transfers.get(&id) else { return };
        let place = transfer.place();
        let waits = matches!(transfer.record.state, TransferState::Waiting(_));
        self.line.remove(place);
        self.take(id, &if waits { Event::Wake } else { Event::Admit });
    }

    /// The next chunk to send: a clicked one, a wanted one, else one of whose turn it is.
    fn next_errand(&mut self) -> Option<(Place, Errand)> {
        if !self.flying.has_place(self.parallel.get()) {
            return None;
        }
        let mut turns: Vec<_> = self.line.active_after(self.last_turn).collect();
        // The sort is stable: among the equally urgent of one priority everyone keeps their turn.
        let now = self.time.steady();
        let urgency = |id| self.transfers.get(&id).map_or(Urgency::Nobody, |it| it.urgency(now));
        turns.sort_by_cached_key(|place| (urgency(place.id), place.priority));
        turns.into_iter().find_map(|place| Some((place, self.errand(place.id)?)))
    }

    fn errand(&mut self, id: TransferId) -> Option<Errand> {
        let transfer = self.transfers.get(&id)?;
        let destination = Arc::clone(&transfer.label.destination);
        let chunk_len = transfer.record.layout?.chunk_len();
        let gate = self.gates.of(&destination);
        let limits = Limits { destination: Arc::clone(gate.limiter()), whole: Arc::clone(&self.limiter) };
        if !gate.has_place(Instant::now()) || self.is_limited(&limits, &destination, chunk_len) {
            return None;
        }
        let errand = self.transfers.get_mut(&id)?.errand(self.time.steady(), limits)?;
        if self.sabotaged(Sabotage::DoubleLease) {
            self.give_back(id, &errand.lease);
        }
        Some(errand)
    }

    /// Whether enough is leaving for a speed limit.
    fn is_limited(&self, limits: &Limits, destination: &Arc<DestinationId>, chunk_len: u64) -> bool {
        let enough = |limit: Option<Rate>, of| {
            limit.is_some_and(|limit| self.flowing(of) >= allowed(limit, chunk_len, self.parallel.get()))
        };
        enough(limits.whole.rate(), None) || enough(limits.destination.rate(), Some(destination))
    }

    /// Chunks whose bytes are leaving, over all or for one destination. One that waits for its answer alone holds no place
    /// under a speed limit: else nothing would leave in that time, which no later second makes good.
    fn flowing(&self, of: Option<&Arc<DestinationId>>) -> usize {
        let transfers = self.line.active_after(None).filter_map(|place| self.transfers.get(&place.id));
        let there = transfers.filter(|transfer| of.is_none_or(|of| transfer.label.destination == *of));
        there.flat_map(|transfer| transfer.flights.values()).filter(|flight| !flight.trace.has_left()).count()
    }

    /// Sends a worker off.
    fn launch(&mut self, id: TransferId, errand: Errand) {
        let (serial, token, reports) = (self.serial(), self.tasks.token(), self.reports.clone());
        let Some(transfer) = self.transfers.get_mut(&id) else { return };
        let (lease, trace) = (errand.lease.clone(), Arc::clone(&errand.flow.trace));
        let span = debug_span!("put", %id, chunk = lease.index.get());
        let share = transfer.share();
        let probe = self.gates.of(&transfer.label.destination).take_off(share, Instant::now());
        transfer.flights.insert(
            serial,
            Flight { lease, share, token: token.clone(), trace, motion: Motion::begins(), _probe: probe },
        );
        self.flying.takes_off(share);
        let work = async move { Report::Landed { id, serial, result: errand.carry_out().await } };
        let broken = Report::Landed { id, serial, result: Err(Setback::panic()) };
        self.tasks.spawn_reporting(span, &token, reports, broken, work);
        self.progressed(id);
        self.watch_for_stalls();
    }

    /// Comes again when a chunk has rested. (When a gate opens, its own alarm rings.)
    fn look_again(&mut self) {
        let now = self.time.steady();
        let resting = self.line.active_after(None).filter_map(|place| self.transfers.get(&place.id)?.session.as_ref());
        if let Some(until) = resting.filter_map(|session| session.map.next_rest(now)).min() {
            self.alarms.set(Alarm::Dispatch, self.time.instant(until));
        }
    }
}

impl Transfer {
    /// Leases a chunk, with all that its worker needs.
    fn errand(&mut self, now: Timestamp, limits: Limits) -> Option<Errand> {
        let Open { source, remote } = self.open.clone()?;
        let handle = self.record.handle.clone()?;
        let map = &mut self.session.as_mut()?.map;
        let lease = map.lease(now, &self.readers.wishes, remote.capabilities().order)?;
        let trace = Arc::new(Trace::default());
        trace.wanted.store(map.is_wanted(lease.index, &self.readers.wishes), Ordering::Relaxed);
        let (layout, meter) = (*map.layout(), Arc::clone(&self.meter));
        Some(Errand { lease, layout, handle, remote, flow: Flow { source, limits, meter, trace } })
    }
}

/// How many chunks of this length may leave at once under this speed limit.
fn allowed(limit: Rate, chunk_len: u64, parallel: usize) -> usize {
    let chunks = limit.get().saturating_mul(SECONDS_IN_FLIGHT) / chunk_len;
    usize::try_from(chunks).unwrap_or(parallel).clamp(1, parallel)
}
