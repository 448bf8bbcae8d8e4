//! Numbers with a unit: instants of the wall clock and rates.

use std::num::NonZeroU64;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// One mebibyte in bytes.
pub const MIB: u64 = 1 << 20;

/// An instant of the wall clock, in milliseconds since the Unix epoch (UTC).
///
/// It is what the journal stores and the window shows; the engine measures waiting with tokio's own clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// The system's clock, now. Call it at the edge only: everything below takes the instant as a parameter.
    pub fn now() -> Self {
        Self::from(SystemTime::now())
    }

    /// This instant, `later` afterwards.
    pub fn after(self, later: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(later.as_millis()).unwrap_or(i64::MAX)))
    }

    /// How long it is from `earlier` to this instant; zero when the clock was set back.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

impl From<SystemTime> for Timestamp {
    fn from(time: SystemTime) -> Self {
        let millis = time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
        Self(i64::try_from(millis).unwrap_or(i64::MAX))
    }
}

/// A speed in bytes a second; never zero, for a stop is a pause and not a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Rate(pub NonZeroU64);

impl Rate {
    /// `bytes` a second, or none when that is zero.
    pub fn bytes_per_second(bytes: u64) -> Option<Self> {
        NonZeroU64::new(bytes).map(Self)
    }

    /// Bytes a second.
    pub fn get(self) -> u64 {
        self.0.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_never_overflow_and_a_clock_set_back_has_not_run() {
        let (earlier, later) = (Timestamp(1_000), Timestamp(3_500));
        assert_eq!(later.since(earlier), Duration::from_millis(2_500), "milliseconds");
        assert_eq!(earlier.since(later), Duration::ZERO, "time never runs backwards for whoever waits");
        assert_eq!(earlier.after(Duration::from_millis(2_500)), later, "there and back");
        assert_eq!(later.after(Duration::MAX), Timestamp(i64::MAX), "the end of time, not its beginning");
        assert_eq!(Timestamp(i64::MIN).since(Timestamp(i64::MAX)), Duration::ZERO, "no overflow downwards");
    }

    #[test]
    fn a_rate_is_never_zero() {
        assert_eq!(Rate::bytes_per_second(0), None, "a stop is a pause and not a limit");
        assert_eq!(Rate::bytes_per_second(7).map(Rate::get), Some(7), "bytes a second");
        assert!(serde_json::from_str::<Rate>("0").is_err(), "not even from a file");
    }

    #[test]
    fn the_system_clock_counts_milliseconds_since_1970() {
        assert_eq!(Timestamp::from(UNIX_EPOCH + Duration::from_millis(86_400_123)), Timestamp(86_400_123), "a day on");
        assert_eq!(Timestamp::from(UNIX_EPOCH - Duration::from_secs(1)), Timestamp(0), "nothing was sent before");
    }
}
