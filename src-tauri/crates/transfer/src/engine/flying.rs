//! Chunks in flight, and the places that they take.
//!
//! A place is meant for a chunk whose bytes fill the link for a while. The one chunk of a tiny film is gone in an
//! instant and leaves its place idle for a round trip: so several of them share one.

/// A film of at most so many bytes is tiny.
const TINY: u64 = 512 << 10;
/// Tiny films that share a place.
const TO_A_PLACE: usize = 8;

/// How much of a place a film's chunk takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Share(usize);

impl Share {
    /// Of a film of so many bytes.
    pub(super) fn of(size: u64) -> Self {
        Self(if size <= TINY { 1 } else { TO_A_PLACE })
    }
}

/// What is in flight.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Flying {
    chunks: usize,
    shares: usize,
}

impl Flying {
    pub(super) fn takes_off(&mut self, share: Share) {
        self.chunks += 1;
        self.shares += share.0;
    }

    pub(super) fn lands(&mut self, share: Share) {
        self.chunks -= 1;
        self.shares -= share.0;
    }

    /// How many chunks.
    pub(super) fn chunks(self) -> usize {
        self.chunks
    }

    /// Whether of so many places there is one for it.
    pub(super) fn has_place(self, places: usize, share: Share) -> bool {
        self.shares + share.0 <= places.saturating_mul(TO_A_PLACE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiny_films_share_a_place_and_a_large_one_has_it_alone() {
        let (tiny, large) = (Share::of(TINY), Share::of(TINY + 1));
        let mut flying = Flying::default();
        flying.takes_off(large);
        assert!(!flying.has_place(1, large) && !flying.has_place(1, tiny), "the place is taken");
        for _ in 0..TO_A_PLACE {
            assert!(flying.has_place(2, tiny), "the other one is shared");
            flying.takes_off(tiny);
        }
        assert!(!flying.has_place(2, tiny), "until it is full");
        flying.lands(tiny);
        assert!(flying.has_place(2, tiny) && !flying.has_place(2, large), "one of many leaves room for its like");
        assert_eq!(flying.chunks(), TO_A_PLACE, "the large one and all but one of the tiny");
    }
}
