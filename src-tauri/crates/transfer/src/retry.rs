//! How long to wait before the next try. Pure: the random number is a parameter, the sleeping is the engine's.

use std::time::Duration;

/// The shortest delay: without it full jitter would now and then spin.
const FLOOR: Duration = Duration::from_millis(50);
/// The break that is taken when a remote asks for one and does not say how long.
const UNSAID_BREAK: Duration = Duration::from_secs(5);
/// The longest break that a remote can ask for: a wrong header must not stop a transfer for a day.
const LONGEST_BREAK: Duration = Duration::from_secs(600);
/// How soon at the earliest the network is tried again.
const PROBE_MIN: Duration = Duration::from_secs(5);
/// How late at the latest the network is tried again.
const PROBE_MAX: Duration = Duration::from_secs(30);

/// Exponential backoff with full jitter: uniform between nothing and the exponential bound, so that the chunks (and
/// the machines) which failed together do not come back together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    base: Duration,
    cap: Duration,
}

impl Default for Backoff {
    fn default() -> Self {
        Self::new(Duration::from_millis(500), Duration::from_secs(60))
    }
}

impl Backoff {
    /// The bound is `base` after the first failure, doubles with each further one and ends at `cap`.
    pub fn new(base: Duration, cap: Duration) -> Self {
        Self { base, cap }
    }

    /// The delay after so many failures in a row (from 1), for a random `jitter` in 0..1.
    pub fn delay(&self, attempts: u32, jitter: f64) -> Duration {
        let doublings = attempts.saturating_sub(1);
        let factor = 2u32.checked_pow(doublings).unwrap_or(u32::MAX);
        let bound = self.base.saturating_mul(factor).min(self.cap);
        bound.mul_f64(share(jitter)).max(FLOOR)
    }
}

/// The break to take when a remote asked for one: what it said, at most 10 minutes, 5 seconds when it did not say,
/// and up to a tenth more, so that not everybody comes back in the same instant.
pub fn retry_after(asked: Option<Duration>, jitter: f64) -> Duration {
    let wanted = asked.unwrap_or(UNSAID_BREAK).min(LONGEST_BREAK);
    wanted.mul_f64(1.0 + share(jitter) / 10.0).max(FLOOR)
}

/// When to look for the network again after so many looks in vain: 5 to 10 seconds at first, 5 to 30 later.
pub fn probe_after(attempts: u32, jitter: f64) -> Duration {
    let factor = 2u32.checked_pow(attempts.max(1)).unwrap_or(u32::MAX);
    let bound = PROBE_MIN.saturating_mul(factor).min(PROBE_MAX);
    PROBE_MIN + (bound - PROBE_MIN).mul_f64(share(jitter))
}

/// `jitter` as a share of something, whatever number comes in (`mul_f64` panics on a negative or endless one).
fn share(jitter: f64) -> f64 {
    if jitter.is_nan() { 0.0 } else { jitter.clamp(0.0, 1.0) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_bound_doubles_until_its_cap() {
        let bounds = [1, 2, 3, 7, 8, u32::MAX].map(|attempts| Backoff::default().delay(attempts, 1.0).as_millis());
        assert_eq!(bounds, [500, 1_000, 2_000, 32_000, 60_000, 60_000], "doubling from half a second to a minute");
    }

    #[test]
    fn a_break_without_a_length_is_five_seconds_and_an_absurd_one_ten_minutes() {
        assert_eq!(retry_after(None, 0.0), Duration::from_secs(5), "the remote did not say");
        assert_eq!(retry_after(Some(Duration::from_secs(7)), 0.0), Duration::from_secs(7), "never before it was asked");
        assert_eq!(retry_after(Some(Duration::MAX), 1.0), Duration::from_secs(660), "a wrong header stops no day");
        assert_eq!(retry_after(Some(Duration::ZERO), 0.0), FLOOR, "a break of nothing must not spin");
    }

    #[test]
    fn the_network_is_looked_for_every_five_to_thirty_seconds() {
        let latest = [0, 1, 2, 3, u32::MAX].map(|attempts| probe_after(attempts, 1.0).as_secs());
        assert_eq!(latest, [10, 10, 20, 30, 30], "more rarely the longer it is away");
        assert_eq!(probe_after(u32::MAX, 0.0), PROBE_MIN, "and never in a hurry");
    }

    proptest! {
        #[test]
        fn no_number_overflows_or_spins(
            attempts: u32,
            jitter: f64,
            base in 0..u64::MAX,
            cap in 0..3_600_000u64,
            asked in prop::option::of(any::<u64>()),
        ) {
            let (base, cap) = (Duration::from_millis(base), Duration::from_millis(cap));
            let delay = Backoff::new(base, cap).delay(attempts, jitter);
            prop_assert!(delay >= FLOOR && delay <= cap.max(FLOOR), "{:?} is between the floor and the cap", delay);
            let pause = retry_after(asked.map(Duration::from_millis), jitter);
            prop_assert!(pause >= FLOOR && pause <= LONGEST_BREAK.mul_f64(1.1), "{:?} is a bounded break", pause);
            let probe = probe_after(attempts, jitter);
            prop_assert!(probe >= PROBE_MIN && probe <= PROBE_MAX, "{:?} is a probe's", probe);
        }
    }
}
