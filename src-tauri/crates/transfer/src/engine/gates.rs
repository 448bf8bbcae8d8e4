//! What each destination bears now: whether anything may leave for it, how many chunks at once, how many bytes a second.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::breaker::{Breaker, Cause, Passage, Probe};
use super::flying::{Flying, Share};
use super::governor::{Governor, SHORTEST_EPOCH};
use super::limiter::Limiter;
use crate::error::Class;
use crate::ids::DestinationId;
use crate::units::Rate;

/// So many places are for small films at work, for each that the window has.
const SMALL_TO_A_PLACE: usize = 3;

/// One destination's gate.
#[derive(Debug)]
pub(super) struct Gate {
    breaker: Breaker,
    governor: Governor,
    limiter: Arc<Limiter>,
    flying: Flying,
    /// Since when nothing is in flight.
    empty_since: Option<Instant>,
    /// The longest chunk that it takes, in bytes, once it refused a longer one.
    pub(super) max_chunk_len: Option<u64>,
}

impl Gate {
    fn new(most: usize, limit: Option<Rate>) -> Self {
        let (breaker, governor, limiter) = (Breaker::default(), Governor::new(most), Arc::new(Limiter::new(limit)));
        Self { breaker, governor, limiter, flying: Flying::default(), empty_since: None, max_chunk_len: None }
    }

    /// Until when nothing may leave, and why.
    fn closed_until(&self, now: Instant) -> Option<(Instant, Cause)> {
        self.breaker.open_until(now)
    }

    /// Why nothing leaves now, and until when; without an end where a person must act.
    pub(super) fn hold(&self, now: Instant) -> Option<(Option<Instant>, Cause)> {
        self.breaker.hold(now)
    }

    /// Whether one probe decides now; where the credentials are refused nobody probes.
    fn is_half_open(&self, now: Instant) -> bool {
        self.breaker.is_half_open(now) && !self.breaker.is_denied()
    }

    /// Whether a transfer may begin its work; while one probe decides, only where no other is `at_work`.
    fn admits(&self, now: Instant, at_work: impl FnOnce() -> bool) -> bool {
        if self.hold(now).is_some() {
            return false;
        }
        !self.breaker.is_half_open(now) || !at_work()
    }

    /// Whether one more chunk may leave.
    pub(super) fn has_place(&self, now: Instant) -> bool {
        let has_place = match self.breaker.is_half_open(now) {
            true => self.flying.chunks() < self.breaker.probes(),
            false => self.flying.has_place(self.governor.window()),
        };
        has_place && self.closed_until(now).is_none()
    }

    /// One more chunk leaves. What this gives is kept as long as it is under way: a half-open breaker's one probe.
    pub(super) fn take_off(&mut self, share: Share, now: Instant) -> Option<Probe> {
        let idle = self.empty_since.take().map(|since| now.duration_since(since));
        if idle.is_some_and(|idle| idle > SHORTEST_EPOCH) {
            self.governor.stood_idle();
        }
        self.flying.takes_off(share);
        if self.breaker.is_half_open(now) { self.breaker.try_probe() } else { None }
    }

    pub(super) fn landed(&mut self, share: Share, now: Instant) {
        self.flying.lands(share);
        self.empty_since = (self.flying.chunks() == 0).then_some(now);
    }

    /// A chunk of so many bytes was acknowledged, and has landed; `held`: something else than the window held others back.
    pub(super) fn acked(&mut self, bytes: u64, share: Share, held: bool, now: Instant) {
        let mut before = self.flying;
        before.takes_off(share);
        let full = !held && !before.has_place(self.governor.window());
        self.governor.acked(bytes, share, full, now);
        self.breaker.succeeded(now);
    }

    /// A call was answered.
    pub(super) fn answered(&mut self, now: Instant) {
        self.breaker.succeeded(now);
    }

    /// A chunk or a call failed so. Says whether the gate closed for it.
    pub(super) fn failed(&mut self, class: &Class, now: Instant, jitter: f64) -> bool {
        self.breaker.failed(class, now, jitter)
    }

    /// A chunk was lost on the way.
    pub(super) fn lost(&mut self, now: Instant) {
        self.governor.lost(now);
    }

    /// The destination wants less at once.
    pub(super) fn throttled(&mut self, now: Instant) {
        self.governor.throttled(now);
    }

    /// Closes it until then, for a break that the destination asked for.
    pub(super) fn close(&mut self, until: Instant) {
        self.breaker.throttled(until);
    }

    /// Forgets what closed it, but for a break that was asked for. Says whether anything is another thing now.
    pub(super) fn forget(&mut self, now: Instant) -> bool {
        self.breaker.forget(now)
    }

    /// Nobody waits for its credentials any more: they count as mended. Says whether they had been refused.
    pub(super) fn mended(&mut self, now: Instant) -> bool {
        self.breaker.is_denied() && self.breaker.forget(now)
    }

    /// A person wants it asked now: one probe goes, even into a break that was asked for.
    pub(super) fn insist(&mut self, now: Instant) {
        self.breaker.insist(now);
    }

    /// There is another way to it: what failed on the old one counts no more.
    pub(super) fn another_way(&mut self, now: Instant) {
        self.breaker.another_way(now);
        self.governor.begin_anew();
    }

    /// For a call that must wait until the gate is open.
    pub(super) fn passage(&self) -> Passage {
        self.breaker.passage()
    }

    /// What its own speed limit holds back.
    pub(super) fn limiter(&self) -> &Arc<Limiter> {
        &self.limiter
    }

    /// How many places it has for small films at work, whatever each of them is at: so many that none of the window is
    /// idle while others begin and end, and few where it bears little.
    fn places_for_small(&self) -> usize {
        SMALL_TO_A_PLACE * self.governor.window()
    }

    /// Acknowledged bytes a second of one place in flight, of late.
    pub(super) fn rate_of_one(&self) -> Option<f64> {
        self.governor.goodput().map(|goodput| goodput / self.flying.places().max(1) as f64)
    }
}

/// Every destination's gate.
#[derive(Debug)]
pub(super) struct Gates {
    gates: HashMap<Arc<DestinationId>, Gate>,
    limits: HashMap<DestinationId, Rate>,
    most: usize,
}

impl Gates {
    /// At most `most` chunks in flight to each.
    pub(super) fn new(most: usize, limits: HashMap<DestinationId, Rate>) -> Self {
        Self { gates: HashMap::new(), limits, most }
    }

    pub(super) fn of(&mut self, destination: &Arc<DestinationId>) -> &mut Gate {
        let Self { gates, limits, most } = self;
        let fresh = || Gate::new(*most, limits.get(destination.as_ref()).copied());
        gates.entry(Arc::clone(destination)).or_insert_with(fresh)
    }

    /// Changes how many chunks each destination may have in flight.
    pub(super) fn set_most(&mut self, most: usize) {
        self.most = most;
        self.gates.values_mut().for_each(|gate| gate.governor.set_most(most));
    }

    /// Changes how fast a destination may be sent to.
    pub(super) fn set_limit(&mut self, destination: DestinationId, limit: Option<Rate>) {
        match limit {
            Some(limit) => self.limits.insert(destination.clone(), limit),
            None => self.limits.remove(&destination),
        };
        self.of(&Arc::new(destination)).limiter.set(limit);
    }

    /// Whether a transfer to there may begin its work; while one probe decides, only where no other is `at_work`.
    pub(super) fn admits(
        &self,
        destination: &Arc<DestinationId>,
        now: Instant,
        at_work: impl FnOnce() -> bool,
    ) -> bool {
        self.gates.get(destination).is_none_or(|gate| gate.admits(now, at_work))
    }

    /// Whether a destination bears one more small film at work beside these.
    pub(super) fn has_room_beside(&self, destination: &Arc<DestinationId>, small: Flying) -> bool {
        self.gates.get(destination).is_none_or(|gate| small.has_place(gate.places_for_small()))
    }

    /// Why nothing leaves for a destination now, and until when.
    pub(super) fn hold(&self, destination: &Arc<DestinationId>, now: Instant) -> Option<(Option<Instant>, Cause)> {
        self.gates.get(destination)?.hold(now)
    }

    /// Whether one probe decides about a destination now.
    pub(super) fn is_half_open(&self, destination: &Arc<DestinationId>, now: Instant) -> bool {
        self.gates.get(destination).is_some_and(|gate| gate.is_half_open(now))
    }

    /// Whether any destination has a speed limit of its own.
    pub(super) fn any_limit(&self) -> bool {
        !self.limits.is_empty()
    }

    /// Whether one probe decides about any destination now.
    pub(super) fn any_half_open(&self, now: Instant) -> bool {
        self.gates.values().any(|gate| gate.is_half_open(now))
    }

    /// The machine slept for so long, and every break went on meanwhile.
    pub(super) fn slept(&mut self, slept: Duration) {
        self.gates.values_mut().for_each(|gate| gate.breaker.slept(slept));
    }

    /// When the next gate opens.
    pub(super) fn next_opening(&self, now: Instant) -> Option<Instant> {
        self.gates.values().filter_map(|gate| gate.closed_until(now)).map(|(until, _)| until).min()
    }
}
