//! What each destination bears now: whether anything may leave for it, and how many chunks at once.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use crate::ids::DestinationId;

/// So many acknowledgements give one lost place in flight back.
const ACKS_FOR_A_PLACE: u32 = 16;

/// One destination's gate.
#[derive(Debug)]
pub(super) struct Gate {
    closed_until: watch::Sender<Option<Instant>>,
    places: usize,
    all_places: usize,
    acks: u32,
    in_flight: usize,
    /// The longest chunk that it takes, in bytes, once it refused a longer one.
    pub(super) max_chunk_len: Option<u64>,
}

impl Gate {
    fn new(all_places: usize) -> Self {
        let closed_until = watch::Sender::new(None);
        Self { closed_until, places: all_places, all_places, acks: 0, in_flight: 0, max_chunk_len: None }
    }

    /// Until when it is closed, if it is.
    pub(super) fn closed_until(&self, now: Instant) -> Option<Instant> {
        self.closed_until.borrow().filter(|until| *until > now)
    }

    /// Closes it until then; a break that was longer stays as long.
    pub(super) fn close(&mut self, until: Instant) {
        self.closed_until.send_if_modified(|closed| {
            let longer = closed.is_none_or(|before| before < until);
            if longer {
                *closed = Some(until);
            }
            longer
        });
    }

    /// Halves what may be in flight; one stays.
    pub(super) fn halve(&mut self) {
        self.places = (self.places / 2).max(1);
        self.acks = 0;
    }

    /// Changes how much may be in flight. A destination that had enough keeps its lower number.
    fn set_places(&mut self, all_places: usize) {
        let unharmed = self.places == self.all_places;
        self.places = if unharmed { all_places } else { self.places.min(all_places) };
        self.all_places = all_places;
    }

    /// Whether one more chunk may leave.
    pub(super) fn has_place(&self) -> bool {
        self.in_flight < self.places
    }

    pub(super) fn took_off(&mut self) {
        self.in_flight += 1;
    }

    pub(super) fn landed(&mut self) {
        self.in_flight -= 1;
    }

    /// Counts an acknowledgement towards the places that were lost.
    pub(super) fn acked(&mut self) {
        self.acks += 1;
        if self.acks == ACKS_FOR_A_PLACE {
            self.acks = 0;
            self.places = (self.places + 1).min(self.all_places);
        }
    }

    /// For a call that must wait until nobody asks for a break.
    pub(super) fn passage(&self) -> Passage {
        Passage(self.closed_until.subscribe())
    }
}

/// The way through a gate.
#[derive(Debug)]
pub(super) struct Passage(watch::Receiver<Option<Instant>>);

impl Passage {
    /// Returns when the gate is open.
    pub(super) async fn open(mut self) {
        loop {
            let until = *self.0.borrow_and_update();
            match until {
                Some(until) if until > Instant::now() => tokio::time::sleep_until(until).await,
                Some(_) | None => return,
            }
        }
    }
}

/// Every destination's gate.
#[derive(Debug)]
pub(super) struct Gates {
    gates: HashMap<Arc<DestinationId>, Gate>,
    places: usize,
}

impl Gates {
    pub(super) fn new(places: usize) -> Self {
        Self { gates: HashMap::new(), places }
    }

    pub(super) fn of(&mut self, destination: &Arc<DestinationId>) -> &mut Gate {
        let places = self.places;
        self.gates.entry(Arc::clone(destination)).or_insert_with(|| Gate::new(places))
    }

    /// Changes how many chunks each destination may have in flight.
    pub(super) fn set_places(&mut self, places: usize) {
        self.places = places;
        self.gates.values_mut().for_each(|gate| gate.set_places(places));
    }

    /// Until when the destination asked for a break, if it did.
    pub(super) fn closed_until(&self, destination: &Arc<DestinationId>, now: Instant) -> Option<Instant> {
        self.gates.get(destination)?.closed_until(now)
    }

    /// The machine slept for so long, and every break went on meanwhile.
    pub(super) fn slept(&mut self, slept: Duration) {
        for gate in self.gates.values() {
            let earlier = |until: Instant| until.checked_sub(slept);
            gate.closed_until.send_modify(|until| *until = until.and_then(earlier));
        }
    }

    /// When the next gate opens.
    pub(super) fn next_opening(&self, now: Instant) -> Option<Instant> {
        self.gates.values().filter_map(|gate| gate.closed_until(now)).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_gate_is_closed_as_long_as_the_longest_break() {
        let (mut gate, now) = (Gate::new(4), Instant::now());
        gate.close(now + Duration::from_secs(9));
        gate.close(now + Duration::from_secs(3));
        assert_eq!(gate.closed_until(now), Some(now + Duration::from_secs(9)), "a shorter break does not end a longer");
        gate.passage().open().await;
        assert_eq!(gate.closed_until(Instant::now()), None, "who waited passes when it is over, and not before");
    }

    #[test]
    fn lost_places_come_back_one_by_one() {
        let mut gate = Gate::new(4);
        gate.halve();
        gate.took_off();
        gate.took_off();
        assert!(!gate.has_place(), "half of four is two");
        (0..ACKS_FOR_A_PLACE).for_each(|_| gate.acked());
        assert!(gate.has_place(), "what works again may have more");
        (0..5).for_each(|_| gate.halve());
        gate.landed();
        gate.landed();
        assert!(gate.has_place(), "one place always stays");
    }

    #[test]
    fn another_number_of_places_spares_a_destination_that_had_enough() {
        let (mut well, mut tired) = (Gate::new(4), Gate::new(4));
        tired.halve();
        well.set_places(8);
        tired.set_places(8);
        assert_eq!((well.places, tired.places), (8, 2), "what asked for less is not given more at once");
        (0..ACKS_FOR_A_PLACE).for_each(|_| tired.acked());
        assert_eq!(tired.places, 3, "it wins its places back as before");
        well.set_places(1);
        tired.set_places(1);
        assert_eq!((well.places, tired.places), (1, 1), "fewer holds for all");
    }
}
