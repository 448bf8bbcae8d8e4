//! A set of chunk numbers as a bitmap of two levels: a bit a chunk, and above it a bit for each full word of those.
//!
//! The upper level lets the search for a gap pass 4,096 chunks a step, so that no cursor has to be kept right.

const WORD: u32 = u64::BITS;

/// A set of numbers below a fixed length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bits {
    len: u32,
    count: u32,
    words: Vec<u64>,
    /// Bit `n` is set when `words[n]` has no zero left.
    full: Vec<u64>,
}

impl Bits {
    pub(super) fn new(len: u32) -> Self {
        let words = len.div_ceil(WORD);
        Self { len, count: 0, words: vec![0; words as usize], full: vec![0; words.div_ceil(WORD) as usize] }
    }

    pub(super) fn count(&self) -> u32 {
        self.count
    }

    pub(super) fn has(&self, number: u32) -> bool {
        number < self.len && self.words[place(number)] & bit(number) != 0
    }

    /// Puts a number in; says whether it was not there.
    pub(super) fn set(&mut self, number: u32) -> bool {
        let fresh = !self.has(number);
        self.count += u32::from(fresh);
        let word = number / WORD;
        self.words[place(number)] |= bit(number);
        if self.words[place(number)] == u64::MAX {
            self.full[place(word)] |= bit(word);
        }
        fresh
    }

    pub(super) fn clear(&mut self, number: u32) {
        self.count -= u32::from(self.has(number));
        let word = number / WORD;
        self.words[place(number)] &= !bit(number);
        self.full[place(word)] &= !bit(word);
    }

    /// The first number in `from..end` that is not in the set.
    pub(super) fn gap(&self, from: u32, end: u32) -> Option<u32> {
        let end = end.min(self.len);
        let zero = |bits: &[u64], from: u32| {
            let masked = bits.get(place(from)).map(|word| !word & (u64::MAX << (from % WORD)))?;
            (masked != 0).then(|| from / WORD * WORD + masked.trailing_zeros())
        };
        let found = zero(&self.words, from).or_else(|| {
            // The rest of this word is full. Find the next word that is not, by the same search one level up.
            let next_word = from / WORD + 1;
            let mut block = next_word;
            let word = loop {
                if place(block) >= self.full.len() {
                    return None;
                }
                match zero(&self.full, block) {
                    Some(word) => break word,
                    None => block = (block / WORD + 1) * WORD,
                }
            };
            zero(&self.words, word * WORD)
        });
        found.filter(|number| *number < end)
    }

    /// The numbers in the set, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.words.iter().zip(0u32..).flat_map(|(word, at)| {
            let rests = std::iter::successors((*word != 0).then_some(*word), |rest| {
                let rest = rest & (rest - 1);
                (rest != 0).then_some(rest)
            });
            rests.map(move |rest| at * WORD + rest.trailing_zeros())
        })
    }
}

fn place(number: u32) -> usize {
    (number / WORD) as usize
}

fn bit(number: u32) -> u64 {
    1 << (number % WORD)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    /// Lengths at the borders of a word and of a word of words.
    fn lengths() -> impl Strategy<Value = u32> {
        prop_oneof![Just(0), Just(1), Just(63), Just(64), Just(65), Just(4_096), Just(4_097), 1..9_000u32]
    }

    proptest! {
        #[test]
        fn a_bitmap_is_a_set_of_numbers(
            len in lengths(),
            runs in prop::collection::vec((any::<u32>(), 0..5_000u32, any::<bool>()), 0..12),
            questions in prop::collection::vec((0..9_500u32, 0..9_500u32), 20),
        ) {
            let (mut bits, mut set) = (Bits::new(len), BTreeSet::new());
            for (from, run, into) in runs {
                let from = from % len.max(1);
                for number in from..from.saturating_add(run).min(len) {
                    if into {
                        prop_assert_eq!(bits.set(number), set.insert(number), "fresh is said once");
                    } else {
                        bits.clear(number);
                        set.remove(&number);
                    }
                }
            }
            prop_assert_eq!(bits.count() as usize, set.len(), "counted on the way");
            prop_assert!(bits.iter().eq(set.iter().copied()), "the same numbers in order");
            for (from, end) in questions {
                let gap = (from..end.min(len)).find(|number| !set.contains(number));
                prop_assert_eq!(bits.gap(from, end), gap, "the first gap of {}..{}", from, end);
                prop_assert_eq!(bits.has(from), set.contains(&from), "also past the end");
            }
        }
    }
}
