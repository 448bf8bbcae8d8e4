//! A rate that all connections of a direction share: each piece is given the instant at which its last byte is through.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// Whoever wakes up late loses nothing of the rate, up to so much.
const SLACK: Duration = Duration::from_millis(20);

/// One direction's share of time.
#[derive(Debug, Default)]
pub(super) struct Bucket(Mutex<Option<Instant>>);

impl Bucket {
    /// Takes the next free stretch of time for so many bytes; gives its end.
    pub(super) fn take(&self, rate: u64, bytes: usize, now: Instant) -> Instant {
        let mut taken_until = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let earliest = now.checked_sub(SLACK).unwrap_or(now);
        let begins = taken_until.map_or(earliest, |until| until.max(earliest));
        let ends = begins + Duration::from_secs_f64(bytes as f64 / rate.max(1) as f64);
        *taken_until = Some(ends);
        ends
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_shared_by_all_and_loses_nothing_to_those_who_wake_late() {
        let (bucket, now) = (Bucket::default(), Instant::now());
        let ends: Vec<_> = (0..4).map(|_| bucket.take(1000, 100, now)).collect();
        let apart: Vec<_> = ends.windows(2).map(|pair| (pair[1] - pair[0]).as_millis()).collect();
        assert_eq!(apart, [100, 100, 100], "a tenth of a second each at 1,000 bytes a second, whoever asks");
        let late = now + Duration::from_millis(395);
        assert_eq!(bucket.take(1000, 100, late) - ends[3], Duration::from_millis(100), "no gap for 15 ms of sleep");
        let idle = now + Duration::from_secs(10);
        assert!(bucket.take(1000, 100, idle) > idle, "what was not used while nobody sent is not made up for");
    }
}
