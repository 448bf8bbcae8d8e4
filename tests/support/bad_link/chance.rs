//! Where faults fall. Seeded: the same link and the same connections have them at the same bytes.

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::conditions::{After, End, Flips};

/// Distances with a mean, of events that know nothing of each other.
#[derive(Debug)]
pub(super) struct Distances(StdRng);

impl Distances {
    pub(super) fn seeded(seed: u64) -> Self {
        Self(StdRng::seed_from_u64(seed))
    }

    /// At least one byte.
    fn next(&mut self, mean: u64) -> u64 {
        let share: f64 = self.0.random();
        (-(1.0 - share).ln() * mean as f64).max(1.0) as u64
    }
}

/// Where one direction of a connection ends. It is drawn anew when the conditions change.
#[derive(Debug)]
pub(super) struct Ends {
    distances: Distances,
    drawn: Option<(End, u64)>,
}

impl Ends {
    pub(super) fn seeded(seed: u64) -> Self {
        Self { distances: Distances::seeded(seed), drawn: None }
    }

    /// How many of so many bytes still pass, where the end lies within them.
    pub(super) fn within(&mut self, end: Option<End>, bytes: usize) -> Option<usize> {
        let end = end?;
        if self.drawn.is_none_or(|(drawn, _)| drawn != end) {
            let left = match end.after {
                After::Bytes(bytes) => bytes,
                After::Mean(mean) => self.distances.next(mean),
            };
            self.drawn = Some((end, left));
        }
        let (_, left) = self.drawn.as_mut()?;
        let passing = (*left).min(bytes as u64);
        *left -= passing;
        (*left == 0).then_some(passing as usize)
    }
}

/// The bits that come out wrong, over all connections of a link.
#[derive(Debug)]
pub(super) struct Flipper {
    distances: Distances,
    left: Option<u64>,
    flipped: u32,
}

impl Flipper {
    pub(super) fn seeded(seed: u64) -> Self {
        Self { distances: Distances::seeded(seed), left: None, flipped: 0 }
    }

    /// Flips what is due within these bytes; gives how many.
    pub(super) fn pass(&mut self, flips: Flips, bytes: &mut [u8]) -> u32 {
        let (before, mut at) = (self.flipped, 0_u64);
        while self.flipped < flips.most {
            let left = self.left.take().unwrap_or_else(|| self.distances.next(flips.mean));
            let Some(byte) = usize::try_from(at + left).ok().and_then(|at| bytes.get_mut(at)) else {
                self.left = Some(at + left - bytes.len() as u64);
                break;
            };
            *byte ^= 1 << (left % 8);
            self.flipped += 1;
            at += left + 1;
        }
        self.flipped - before
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bad_link::How;

    #[test]
    fn ends_have_their_mean_and_repeat_with_their_seed() {
        let drawn = |seed| -> Vec<u64> {
            let mut distances = Distances::seeded(seed);
            (0..2000).map(|_| distances.next(1_000_000)).collect()
        };
        let mean = drawn(1).iter().sum::<u64>() / 2000;
        assert!((900_000..1_100_000).contains(&mean), "2,000 of them are near their mean, not at {mean}");
        assert_eq!(drawn(1), drawn(1), "the same seed, the same link");
        assert_ne!(drawn(1), drawn(2), "another is another");
    }

    #[test]
    fn an_end_falls_within_the_very_piece_that_holds_it() {
        let mut ends = Ends::seeded(1);
        let end = Some(End { after: After::Bytes(250), how: How::Reset });
        let passed: Vec<_> = (0..3).map(|_| ends.within(end, 100)).collect();
        assert_eq!(passed, [None, None, Some(50)], "byte 250 is in the third hundred");
        assert_eq!(ends.within(None, 100), None, "and without an end there is none");
    }

    #[test]
    fn no_more_bits_than_wanted_come_out_wrong() {
        let (mut flipper, mut bytes) = (Flipper::seeded(1), vec![0_u8; 100_000]);
        let flips = Flips { mean: 1000, most: 7 };
        let flipped: u32 = bytes.chunks_mut(999).map(|piece| flipper.pass(flips, piece)).sum();
        let ones: u32 = bytes.iter().map(|byte| byte.count_ones()).sum();
        assert_eq!((flipped, ones), (7, 7), "as many as were counted, each in a place of its own");
    }
}
