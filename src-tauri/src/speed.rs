//! Speeds of transfers, from the bytes that left, over the last few seconds.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use transfer::ids::TransferId;
use transfer::units::Timestamp;

/// Over how long a speed is averaged: long enough to be calm, short enough to be true.
const WINDOW: Duration = Duration::from_secs(5);
/// A sample is kept at most this often.
const STEP: Duration = Duration::from_millis(200);

/// The recent samples of every moving transfer.
#[derive(Debug, Default)]
pub(crate) struct Speeds(HashMap<TransferId, VecDeque<(Timestamp, u64)>>);

impl Speeds {
    /// Takes what has left of a transfer by `now`, and gives its speed in bytes a second.
    pub(crate) fn sample(&mut self, id: TransferId, sent: u64, now: Timestamp) -> u64 {
        let samples = self.0.entry(id).or_default();
        if samples.back().is_none_or(|(at, _)| now.since(*at) >= STEP) {
            samples.push_back((now, sent));
        }
        while samples.get(1).is_some_and(|(at, _)| now.since(*at) >= WINDOW) {
            samples.pop_front();
        }
        speed(samples, sent, now)
    }

    /// Forgets one that no longer moves.
    pub(crate) fn forget(&mut self, id: TransferId) {
        self.0.remove(&id);
    }

    /// Those that may still show a speed.
    pub(crate) fn moving(&self) -> impl Iterator<Item = TransferId> {
        self.0.keys().copied()
    }
}

fn speed(samples: &VecDeque<(Timestamp, u64)>, sent: u64, now: Timestamp) -> u64 {
    let Some((since, before)) = samples.front() else { return 0 };
    let millis = now.since(*since).as_millis().max(STEP.as_millis());
    let bytes = u128::from(sent.saturating_sub(*before));
    u64::try_from(bytes * 1000 / millis).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(speeds: &mut Speeds, id: TransferId, rate: u64, from_ms: i64, to_ms: i64, mut sent: u64) -> (u64, u64) {
        let mut last = 0;
        for at in (from_ms..to_ms).step_by(100) {
            sent += rate / 10;
            last = speeds.sample(id, sent, Timestamp(at));
        }
        (last, sent)
    }

    #[test]
    fn a_steady_transfer_shows_its_rate_and_a_stopped_one_comes_to_rest() {
        let (mut speeds, id) = (Speeds::default(), TransferId::random());
        let (speed, sent) = run(&mut speeds, id, 1_000_000, 0, 10_000, 0);
        assert!((950_000..=1_050_000).contains(&speed), "a steady megabyte a second was shown as {speed}");
        let (speed, _) = run(&mut speeds, id, 0, 10_000, 16_000, sent);
        assert_eq!(speed, 0, "after the window nothing moves any more");
    }

    #[test]
    fn a_clock_set_back_gives_no_nonsense() {
        let (mut speeds, id) = (Speeds::default(), TransferId::random());
        speeds.sample(id, 0, Timestamp(100_000));
        assert!(speeds.sample(id, 1000, Timestamp(0)) <= 5_000, "no more than what left, over the shortest step");
    }
}
