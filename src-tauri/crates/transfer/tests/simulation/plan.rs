//! What one number decides of a history before it begins.

use std::num::NonZeroUsize;

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use transfer::remote::Capabilities;
use transfer::units::{MIB, Rate};

use crate::film::{Film, LONGEST};
use crate::kinds::Kind;
use crate::trouble::Weather;

/// A history's circumstances.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) seed: u64,
    pub(crate) kind: Kind,
    pub(crate) able: Capabilities,
    /// The longest body that the remote really takes, in bytes.
    pub(crate) body_limit: Option<u64>,
    pub(crate) films: Vec<Film>,
    pub(crate) parallel: NonZeroUsize,
    pub(crate) active: NonZeroUsize,
    pub(crate) limit: Option<Rate>,
    /// The speed of the link for each body, in bytes a second.
    pub(crate) link: u64,
    /// The most that a file gives at once, in bytes.
    pub(crate) piece: u64,
    pub(crate) weather: Weather,
    /// How often a write into the journal meets trouble.
    pub(crate) journal_odds: f64,
    /// How often a status is a lie.
    pub(crate) lie_odds: f64,
    /// How often something that happens is an edit of a film, or that what was edited is sent.
    pub(crate) fickle: f64,
    /// How often the process dies, at most.
    pub(crate) deaths: u32,
    /// How many things happen before it is calm.
    pub(crate) acts: u32,
}

impl Plan {
    pub(crate) fn draw(seed: u64) -> Self {
        let chance = &mut StdRng::seed_from_u64(seed);
        let fickle = *[0.0, 0.0, 0.0, 0.6].choose(chance).expect("some");
        let kind = if fickle > 0.0 { Kind::draw_amending(chance) } else { Kind::draw(chance) };
        let preferred_chunk_len = MIB << [0, 0, 0, 1, 2].choose(chance).expect("some");
        let films = (0..chance.random_range(1..=4)).map(|_| film(chance, fickle > 0.0)).collect();
        Self {
            seed,
            kind,
            able: Capabilities { preferred_chunk_len, ..kind.capabilities() },
            body_limit: chance.random_bool(0.1).then_some(MIB),
            films,
            parallel: places(chance, 6),
            active: places(chance, 3),
            limit: chance.random_bool(0.2).then(|| rate(chance)).flatten(),
            link: *[MIB / 2, MIB, 4 * MIB, 16 * MIB].choose(chance).expect("some"),
            piece: *[MIB / 4, MIB].choose(chance).expect("some"),
            weather: Weather::draw(chance),
            journal_odds: *[0.0, 0.0, 0.03, 0.15].choose(chance).expect("some"),
            lie_odds: *[0.0, 0.0, 0.1, 0.4].choose(chance).expect("some"),
            fickle,
            deaths: chance.random_range(0..=6),
            acts: chance.random_range(2..=20),
        }
    }
}

/// Of every size that matters; long ones seldom, for they cost time.
fn film(chance: &mut StdRng, long: bool) -> Film {
    let sizes = [0, 1, MIB - 1, MIB, MIB + 1, 2 * MIB, 3 * MIB + 7];
    let any = chance.random_range(0..=LONGEST);
    let len = if long || chance.random_bool(0.15) { any } else { *sizes.choose(chance).expect("some") };
    Film { offset: chance.random_range(Film::places()), len, modified_ns: 1 }
}

pub(crate) fn places(chance: &mut StdRng, most: usize) -> NonZeroUsize {
    NonZeroUsize::new(chance.random_range(1..=most)).expect("at least one")
}

pub(crate) fn rate(chance: &mut StdRng) -> Option<Rate> {
    Rate::bytes_per_second(chance.random_range(MIB / 4..4 * MIB))
}
