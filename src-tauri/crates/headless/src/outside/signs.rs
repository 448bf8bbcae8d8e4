//! From signs to happenings: pure bookkeeping. One change of network shows in many signs, and one sleep in several.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::time::Duration;

use tokio::time::Instant;

use super::Happening;

/// A network that comes says so in several steps: it is told once nothing more was said for so long,
const QUIET: Duration = Duration::from_millis(500);
/// or after so long at the latest.
const LATEST: Duration = Duration::from_secs(3);
/// What the clocks must differ by to have slept: connections outlive less.
const SHORTEST_SLEEP: Duration = Duration::from_secs(2);

/// Something that was heard or seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Sign {
    /// Somebody who knows says that there is a network, perhaps another one.
    Network,
    /// The machine is about to sleep.
    FallsAsleep,
    /// It is awake, says who put it to sleep.
    WakesUp,
    /// A look at its addresses, those of the loopback left out.
    Addresses(BTreeSet<IpAddr>),
}

/// What is known of the machine.
#[derive(Debug)]
pub(super) struct Signs {
    /// How long it had slept since it was started, when it was last looked at.
    asleep: Duration,
    addresses: BTreeSet<IpAddr>,
    /// A sleep was announced, and no end of it told yet.
    falls_asleep: bool,
    /// A change of network is to be told.
    change: Option<Change>,
}

/// A change of network that may not be over.
#[derive(Debug, Clone, Copy)]
struct Change {
    began: Instant,
    last: Instant,
}

impl Signs {
    pub(super) fn new(asleep: Duration, addresses: BTreeSet<IpAddr>) -> Self {
        Self { asleep, addresses, falls_asleep: false, change: None }
    }

    /// Takes a sign, seen `now`, when the machine had slept for `asleep` since it was started.
    pub(super) fn take(&mut self, sign: Sign, asleep: Duration, now: Instant) -> Option<Happening> {
        let slept = asleep.saturating_sub(self.asleep);
        self.asleep = asleep;
        let announced = self.falls_asleep;
        let network = match sign {
            Sign::FallsAsleep => {
                self.falls_asleep = true;
                return Some(Happening::GoingToSleep);
            }
            Sign::WakesUp if announced => return Some(self.woke(slept)),
            // The clocks told of that sleep before, or will.
            Sign::WakesUp => false,
            Sign::Network => true,
            // Where no address is left, there is nothing to go on with yet.
            Sign::Addresses(seen) => std::mem::replace(&mut self.addresses, seen.clone()) != seen && !seen.is_empty(),
        };
        if slept >= SHORTEST_SLEEP {
            return Some(self.woke(slept));
        }
        if network {
            self.change = Some(Change { began: self.change.map_or(now, |change| change.began), last: now });
        }
        None
    }

    /// When a change of network is to be told.
    pub(super) fn due(&self) -> Option<Instant> {
        self.change.map(|change| (change.last + QUIET).min(change.began + LATEST))
    }

    /// Tells the change of network that is due.
    pub(super) fn settle(&mut self) -> Option<Happening> {
        self.change.take().map(|_| Happening::NetworkChanged)
    }

    /// Whoever wakes begins anew in all that a new network would change.
    fn woke(&mut self, slept: Duration) -> Happening {
        (self.falls_asleep, self.change) = (false, None);
        Happening::Woke { slept }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);

    fn addresses(addresses: &[&str]) -> BTreeSet<IpAddr> {
        addresses.iter().map(|address| address.parse().expect("an address")).collect()
    }

    fn signs() -> (Signs, Instant) {
        (Signs::new(HOUR, addresses(&["192.0.2.7"])), Instant::now())
    }

    #[test]
    fn a_network_that_comes_in_steps_is_told_once_and_soon() {
        let (mut signs, now) = signs();
        for step in 0..4 {
            assert_eq!(signs.take(Sign::Network, HOUR, now + step * QUIET / 2), None, "more may follow");
        }
        assert_eq!(signs.due(), Some(now + QUIET * 5 / 2), "when it was quiet for a while");
        assert_eq!(signs.settle(), Some(Happening::NetworkChanged), "then it is told");
        assert_eq!((signs.settle(), signs.due()), (None, None), "and not again");
        for step in 0..100 {
            signs.take(Sign::Network, HOUR, now + step * QUIET / 2);
        }
        assert_eq!(signs.due(), Some(now + LATEST), "one that never rests is told all the same");
    }

    #[test]
    fn other_addresses_are_another_network_and_none_are_none() {
        let (mut signs, now) = signs();
        let mut look = |seen: &[&str]| {
            assert_eq!(signs.take(Sign::Addresses(addresses(seen)), HOUR, now), None, "more may follow");
            signs.settle()
        };
        assert_eq!(look(&["192.0.2.7"]), None, "nothing changed");
        assert_eq!(look(&[]), None, "it is gone: nobody can go on with that");
        assert_eq!(look(&["192.0.2.7"]), Some(Happening::NetworkChanged), "it is back, the same or not");
        assert_eq!(look(&["192.0.2.7", "2001:db8::7"]), Some(Happening::NetworkChanged), "there is another way");
        assert_eq!(look(&["2001:db8::7"]), Some(Happening::NetworkChanged), "one way less: what went there must turn");
    }

    #[test]
    fn a_sleep_is_told_once_whoever_tells_of_it_first() {
        let (mut signs, now) = signs();
        let morning = HOUR + Duration::from_secs(30_000);
        let woke = Some(Happening::Woke { slept: morning - HOUR });
        assert_eq!(signs.take(Sign::FallsAsleep, HOUR, now), Some(Happening::GoingToSleep), "it is announced");
        signs.take(Sign::Network, HOUR, now);
        assert_eq!(signs.take(Sign::WakesUp, morning, now), woke, "logind was first");
        assert_eq!((signs.take(look(), morning, now), signs.due()), (None, None), "the clocks say nothing new");

        let (mut signs, now) = self::signs();
        signs.take(Sign::FallsAsleep, HOUR, now);
        assert_eq!(signs.take(look(), morning, now), woke, "the clocks were first");
        assert_eq!(signs.take(Sign::WakesUp, morning, now), None, "logind says nothing new");
        signs.take(Sign::FallsAsleep, morning, now);
        let short = Some(Happening::Woke { slept: Duration::ZERO });
        assert_eq!(
            signs.take(Sign::WakesUp, morning, now),
            short,
            "a sleep that no clock saw is one if it was announced"
        );

        let (mut signs, now) = self::signs();
        assert_eq!(signs.take(look(), morning, now), woke, "where there is no logind, the clocks are enough");
        assert_eq!(signs.take(look(), morning + Duration::from_secs(1), now), None, "no connection minds a second");
    }

    fn look() -> Sign {
        Sign::Addresses(addresses(&["192.0.2.7"]))
    }
}
