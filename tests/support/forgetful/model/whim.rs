//! What a power cut keeps and what it forgets: every choice comes from one seed.
//!
//! A fair coin for each sector would hardly ever keep all of them, or none, or all but the size. So a [`Mood`] is
//! drawn first, for each file's size, each file's bytes and the names, and the choices follow it.

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

/// The seeded source of all choices of one cut.
pub(super) struct Whim(StdRng);

/// How one group of choices leans.
#[derive(Clone, Copy)]
pub(super) enum Mood {
    /// Nothing unsynced survives.
    Forgets,
    /// Everything survives, as if it had been synced.
    Keeps,
    /// Each part survives with this probability, in percent.
    Mixes(u32),
}

impl Whim {
    pub(super) fn new(seed: u64) -> Self {
        Self(StdRng::seed_from_u64(seed))
    }

    pub(super) fn mood(&mut self) -> Mood {
        match self.0.random_range(0..6) {
            0 => Mood::Forgets,
            1 => Mood::Keeps,
            2 => Mood::Mixes(10),
            3 => Mood::Mixes(90),
            _ => Mood::Mixes(50),
        }
    }

    /// Whether one unsynced change survives.
    pub(super) fn keeps(&mut self, mood: Mood) -> bool {
        match mood {
            Mood::Forgets => false,
            Mood::Keeps => true,
            Mood::Mixes(percent) => self.0.random_ratio(percent, 100),
        }
    }

    /// Which of the states `0..=newest` survives, 0 being the oldest.
    pub(super) fn state(&mut self, mood: Mood, newest: usize) -> usize {
        match mood {
            Mood::Forgets => 0,
            Mood::Keeps => newest,
            Mood::Mixes(_) if self.keeps(mood) => newest,
            Mood::Mixes(_) => self.0.random_range(0..=newest),
        }
    }
}
