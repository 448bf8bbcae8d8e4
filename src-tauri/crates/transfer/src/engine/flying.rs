//! Chunks in flight, and the places that they take.
//!
//! A place is meant for a chunk whose bytes fill the link for a while. The one chunk of a tiny film is gone in an
//! instant and leaves its place idle for a round trip: so several of them share one. Whose turn it is goes as soon as any
//! part of a place is free, and takes the rest of it from what comes next: else tiny ones would slip past a large one for
//! ever.

/// A film of at most so many bytes is tiny.
const TINY: u64 = 512 << 10;
/// Tiny films that share a place.
const TO_A_PLACE: usize = 8;

/// How much of a place a film's chunk takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Share(usize);

impl Share {
    /// A whole place.
    #[cfg(test)]
    pub(super) const WHOLE: Self = Self(TO_A_PLACE);

    /// Of a film of so many bytes.
    pub(super) fn of(size: u64) -> Self {
        Self(if size <= TINY { 1 } else { TO_A_PLACE })
    }

    /// How many such make up so many places.
    pub(super) fn parts_of(places: usize) -> usize {
        places.saturating_mul(TO_A_PLACE)
    }

    pub(super) fn parts(self) -> usize {
        self.0
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

    /// How many places they take, begun ones counted.
    pub(super) fn places(self) -> usize {
        self.shares.div_ceil(TO_A_PLACE)
    }

    /// Whether of so many places any part is free. One alone is nobody's to share: then one goes after the other.
    pub(super) fn has_place(self, places: usize) -> bool {
        if places <= 1 { self.chunks < places } else { self.shares < Share::parts_of(places) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiny_films_share_a_place() {
        let (tiny, large) = (Share::of(TINY), Share::of(TINY + 1));
        let mut flying = Flying::default();
        flying.takes_off(large);
        assert!(!flying.has_place(1), "the place is taken");
        for _ in 0..TO_A_PLACE {
            assert!(flying.has_place(2), "the other one is shared");
            flying.takes_off(tiny);
        }
        assert!(!flying.has_place(2), "until it is full");
        assert_eq!((flying.chunks(), flying.places()), (TO_A_PLACE + 1, 2), "many chunks, two places");
        flying.lands(tiny);
        assert!(flying.has_place(2), "and whoever's turn it is takes what is free of it");
        flying.takes_off(large);
        flying.lands(tiny);
        assert!(!flying.has_place(2), "a large one the rest from what comes next");
    }

    #[test]
    fn where_one_may_go_at_a_time_one_does() {
        let mut flying = Flying::default();
        assert!(flying.has_place(1) && !flying.has_place(0), "one, or none");
        flying.takes_off(Share::of(1));
        assert!(!flying.has_place(1), "however tiny it is");
    }
}
