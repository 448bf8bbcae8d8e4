//! Stalls: a chunk in flight of which nothing moves, while the remote and nobody else is waited for. It is cut and sent
//! again over another connection. How long is too long follows from how fast the link was of late.

use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::time::Instant;

use super::actor::Actor;
use super::alarms::Alarm;
use super::setback::Setback;
use super::transfer::Flight;
use crate::error::{Class, Trouble};
use crate::ids::TransferId;
use crate::source::PIECE_LEN;

/// How often chunks in flight are looked at.
const GLANCE: Duration = Duration::from_secs(1);
/// A server that flushes its disk before it answers needs this long now and then.
const SHORTEST: Duration = Duration::from_secs(20);
const LONGEST: Duration = Duration::from_secs(120);
/// Before anything was acknowledged nobody knows how slow the link is.
const UNKNOWN: Duration = Duration::from_secs(60);
/// A piece may take so many times longer than of late.
const SLACK: f64 = 4.0;

/// How long a chunk may stand still on a link that moved it at so many bytes a second of late.
fn patience(rate: Option<f64>) -> Duration {
    let Some(rate) = rate.filter(|rate| *rate > 0.0) else { return UNKNOWN };
    let seconds = (SLACK * PIECE_LEN as f64 / rate).min(LONGEST.as_secs_f64());
    Duration::from_secs_f64(seconds).max(SHORTEST)
}

/// When a chunk in flight last moved.
#[derive(Debug, Clone, Copy)]
pub(super) struct Motion {
    sent: u64,
    at: Instant,
}

impl Motion {
    /// It takes off now.
    pub(super) fn begins() -> Self {
        Self { sent: 0, at: Instant::now() }
    }
}

impl Flight {
    /// How long it has stood still.
    fn stands_still(&mut self, now: Instant) -> Duration {
        let sent = self.trace.sent.load(Ordering::Relaxed);
        let waits_here = self.trace.waits_here.load(Ordering::Relaxed);
        if waits_here || sent != self.motion.sent {
            self.motion = Motion { sent, at: now };
        }
        now.duration_since(self.motion.at)
    }
}

impl Actor {
    /// Chunks are in flight: they are looked at soon.
    pub(super) fn watch_for_stalls(&mut self) {
        self.alarms.set_by(Alarm::Stalls, Instant::now() + GLANCE);
    }

    /// Cuts what stands still, and comes again while anything is in flight.
    pub(super) fn look_for_stalls(&mut self) {
        let now = Instant::now();
        for (id, serial, still) in self.stalls(now) {
            self.cut_short(id, serial, still);
        }
        if self.flying.chunks() > 0 {
            self.watch_for_stalls();
        }
    }

    fn stalls(&mut self, now: Instant) -> Vec<(TransferId, u64, Duration)> {
        let mut stalls = Vec::new();
        for place in self.line.active_after(None) {
            let Some(transfer) = self.transfers.get_mut(&place.id) else { continue };
            let patience = patience(self.gates.of(&transfer.label.destination).rate_of_one());
            for (serial, flight) in &mut transfer.flights {
                let still = flight.stands_still(now);
                // A link that became slow is not given up again and again after the time that was enough before.
                let patience = patience.saturating_mul(flight.lease.attempt).min(LONGEST);
                if still >= patience {
                    stalls.push((place.id, *serial, still));
                }
            }
        }
        stalls
    }

    fn cut_short(&mut self, id: TransferId, serial: u64, still: Duration) {
        let flight = self.transfers.get(&id).and_then(|transfer| transfer.flights.get(&serial));
        if let Some(flight) = flight {
            flight.token.cancel();
        }
        let sentence = format!("nothing moved for {} seconds", still.as_secs());
        let trouble = Trouble { class: Class::Transient, sentence };
        self.landed(id, serial, Err(Setback::Remote(trouble)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_link_is_given_longer_than_a_fast_one() {
        let seconds = [None, Some(100e6), Some(100e3), Some(10e3), Some(0.0)].map(|rate| patience(rate).as_secs());
        assert_eq!(seconds, [60, 20, 41, 120, 60], "four pieces' time, within bounds");
    }
}
