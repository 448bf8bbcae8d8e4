//! What a call to the remote meets on its way. Each history has weather of its own: some kinds of trouble, some
//! classes of errors, so that in many histories every mixture comes up.

use std::time::Duration;

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, RngExt};
use transfer::error::{Class, Operation};

/// How long a call takes that is never answered: the engine cuts chunks that stand still, no other call, so this stands
/// for the driver's time-out.
const STALL: Duration = Duration::from_secs(60);
/// A chunk that is never answered is for the engine to cut.
const FOR_EVER: Duration = Duration::from_secs(86_400);
/// The longest delay that is no stall.
const LONGEST_DELAY_MS: u64 = 120_000;

/// One call's luck.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Trouble {
    /// Before it reaches the remote.
    pub(crate) before: Duration,
    /// It does not reach the remote, or not now.
    pub(crate) lost: bool,
    /// It reaches the remote once more, so much later.
    pub(crate) again: Option<Duration>,
    /// Before the answer is heard.
    pub(crate) after: Duration,
    /// What is heard instead of the answer.
    pub(crate) error: Option<Class>,
    /// What becomes of a chunk's bytes.
    pub(crate) harm: Option<Harm>,
}

/// What becomes of a body on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Harm {
    /// A bit flips.
    Flip,
    /// It breaks off.
    Cut,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ill {
    RequestLost,
    ReplyLost,
    Late,
    Twice,
    Slow,
    SlowReply,
    Stall,
    Flip,
    Cut,
}

const ILLS: [Ill; 9] = [
    Ill::RequestLost,
    Ill::ReplyLost,
    Ill::Late,
    Ill::Twice,
    Ill::Slow,
    Ill::SlowReply,
    Ill::Stall,
    Ill::Flip,
    Ill::Cut,
];

/// What goes wrong in a history, and how often.
#[derive(Debug, Clone)]
pub(crate) struct Weather {
    odds: f64,
    ills: Vec<Ill>,
    classes: Vec<Class>,
    latency_ms: u64,
}

impl Weather {
    pub(crate) fn draw(chance: &mut StdRng) -> Self {
        let odds = *[0.0, 0.02, 0.08, 0.2, 0.35].choose(chance).expect("some");
        Self {
            odds,
            ills: some_of(&ILLS, chance),
            // What is most common is never missing.
            classes: [vec![Class::Transient], some_of(&every_class(), chance)].concat(),
            latency_ms: chance.random_range(1..=40),
        }
    }

    /// One of the classes of this history.
    pub(crate) fn class(&self, chance: &mut StdRng) -> Class {
        self.classes.choose(chance).cloned().expect("there is a class in every weather")
    }

    /// Nothing goes wrong; it only takes a moment.
    pub(crate) fn fair(&self, chance: &mut StdRng) -> Trouble {
        let mut moment = || Duration::from_millis(chance.random_range(1..=self.latency_ms));
        Trouble { before: moment(), after: moment(), ..Trouble::default() }
    }

    pub(crate) fn meet(&self, operation: Operation, checksums: bool, chance: &mut StdRng) -> Trouble {
        let fair = self.fair(chance);
        if !chance.random_bool(self.odds) {
            return fair;
        }
        let Some(ill) = self.ills.choose(chance) else { return fair };
        let error = Some(self.class(chance));
        let later = Some(delay(chance));
        let put = operation == Operation::Put;
        match ill {
            Ill::RequestLost => Trouble { lost: true, error, ..fair },
            Ill::ReplyLost => Trouble { error, ..fair },
            Ill::Late => Trouble { lost: true, again: later, error: Some(Class::Transient), ..fair },
            Ill::Twice => Trouble { again: later, ..fair },
            Ill::Slow => Trouble { before: delay(chance), ..fair },
            Ill::SlowReply => Trouble { after: delay(chance), ..fair },
            Ill::Stall => {
                let after = if put { FOR_EVER } else { STALL };
                Trouble { lost: chance.random(), after, error: Some(Class::Transient), ..fair }
            }
            // Who checks no digests cannot notice.
            Ill::Flip if put && checksums => Trouble { harm: Some(Harm::Flip), ..fair },
            Ill::Cut if put => Trouble { harm: Some(Harm::Cut), ..fair },
            Ill::Flip | Ill::Cut => fair,
        }
    }
}

/// Mostly a moment, sometimes minutes.
pub(crate) fn delay(chance: &mut StdRng) -> Duration {
    let most = *[200, 200, 2_000, 2_000, 10_000, LONGEST_DELAY_MS].choose(chance).expect("some");
    Duration::from_millis(chance.random_range(1..=most))
}

fn some_of<T: Clone>(all: &[T], chance: &mut StdRng) -> Vec<T> {
    let some: Vec<T> = all.iter().filter(|_| chance.random_bool(0.5)).cloned().collect();
    if some.is_empty() { all[..1].to_vec() } else { some }
}

/// One of every class, and breaks of every length.
fn every_class() -> Vec<Class> {
    let throttled = |after| Class::Throttled { after };
    vec![
        Class::Transient,
        throttled(None),
        throttled(Some(Duration::from_millis(50))),
        throttled(Some(Duration::from_secs(20))),
        throttled(Some(Duration::from_secs(5000))),
        Class::Offline,
        Class::Portal,
        Class::Desync,
        Class::Expired,
        Class::Denied,
        Class::Corrupt,
        Class::TooLarge,
        Class::NoSpace { needed: Some(2), free: Some(1) },
        Class::Taken,
        Class::Fatal,
    ]
}

/// A number that follows from nothing but the history.
pub(crate) fn number(chance: &mut StdRng) -> u64 {
    chance.next_u64()
}
