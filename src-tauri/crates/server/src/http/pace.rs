//! How slowly a body may come: so many bytes in every stretch of waiting. Pure bookkeeping; whoever reads measures.
//!
//! Only the time in which the server waited counts: a disk that is slow is no fault of the sender's. A whole stretch is
//! looked at, and not the mean since the beginning, which one fast minute would spoil for an hour.

use std::time::Duration;

/// The least that must come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Bytes a second; 0 asks for nothing.
    pub rate: u64,
    /// The stretch over which they are counted; the first of them is the grace of a slow beginning.
    pub grace: Duration,
}

impl Pace {
    /// Nothing is asked.
    pub(super) const ANY: Self = Self { rate: 0, grace: Duration::MAX };
    /// Slower than the worst link, faster than who only wants to hold a connection.
    pub(super) const LEAST: Self = Self { rate: 512, grace: Duration::from_secs(60) };

    fn needed(&self) -> u64 {
        self.rate.saturating_mul(self.grace.as_millis().try_into().unwrap_or(u64::MAX)) / 1000
    }
}

/// A body that comes.
#[derive(Debug)]
pub(super) struct Walk {
    pace: Pace,
    waited: Duration,
    came: u64,
}

impl Walk {
    pub(super) fn new(pace: Pace) -> Self {
        Self { pace, waited: Duration::ZERO, came: 0 }
    }

    /// What is left of this stretch.
    pub(super) fn left(&self) -> Duration {
        self.pace.grace.saturating_sub(self.waited)
    }

    /// After a wait, so many bytes came; false when that was too slow.
    #[must_use]
    pub(super) fn step(&mut self, waited: Duration, came: u64) -> bool {
        self.waited = self.waited.saturating_add(waited);
        self.came = self.came.saturating_add(came);
        if self.waited < self.pace.grace {
            return true;
        }
        let enough = self.came >= self.pace.needed();
        (self.waited, self.came) = (Duration::ZERO, 0);
        enough
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn walk() -> Walk {
        Walk::new(Pace { rate: 10, grace: 4 * SECOND })
    }

    #[test]
    fn a_slow_beginning_is_borne_and_a_slow_stretch_is_not() {
        let mut walk = walk();
        assert!(walk.step(3 * SECOND, 0), "the grace is not over");
        assert_eq!(walk.left(), SECOND, "this is when it will be");
        assert!(walk.step(SECOND, 40), "forty bytes in four seconds are enough");
        assert!(walk.step(3 * SECOND, 39) && !walk.step(SECOND, 0), "one fewer is not, whatever came before");
    }

    #[test]
    fn what_came_fast_is_no_credit_and_what_was_not_waited_for_is_no_fault() {
        let mut walk = walk();
        assert!(walk.step(Duration::ZERO, 1 << 30), "nobody waited");
        assert!(walk.step(4 * SECOND, 0), "this stretch had plenty");
        assert!(!walk.step(4 * SECOND, 39), "the next has its own count");
        assert!(Walk::new(Pace::ANY).step(Duration::from_secs(1 << 40), 0), "where nothing is asked nothing is slow");
    }
}
