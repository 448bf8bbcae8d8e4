//! Which sectors of a file own space on the disk: a set of disjoint ranges.
//!
//! Invariant: ranges neither overlap nor touch, so that one long file is one entry, however it was written.

use std::collections::BTreeMap;
use std::ops::Range;

/// A set of sector numbers, kept as ranges `start -> end` (end exclusive).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Extents(BTreeMap<u64, u64>);

impl Extents {
    /// How many sectors are in the set.
    pub(super) fn count(&self) -> u64 {
        self.0.iter().map(|(start, end)| end - start).sum()
    }

    /// How many sectors of `range` are not in the set.
    pub(super) fn missing(&self, range: Range<u64>) -> u64 {
        let overlap = |(start, end): (&u64, &u64)| (*end).min(range.end) - (*start).max(range.start);
        let present: u64 = self.overlapping(&range).map(overlap).sum();
        range.end.saturating_sub(range.start) - present
    }

    /// Adds every sector of `range`.
    pub(super) fn insert(&mut self, range: Range<u64>) {
        if range.is_empty() {
            return;
        }
        let (mut start, mut end) = (range.start, range.end);
        while let Some((s, e)) = self.last_before(end + 1).filter(|(_, e)| *e >= start) {
            self.0.remove(&s);
            (start, end) = (start.min(s), end.max(e));
        }
        self.0.insert(start, end);
    }

    /// Takes every sector of `range` out.
    pub(super) fn remove(&mut self, range: Range<u64>) {
        while let Some((s, e)) = self.last_before(range.end).filter(|(_, e)| *e > range.start) {
            self.0.remove(&s);
            if e > range.end {
                self.0.insert(range.end, e);
            }
            if s < range.start {
                self.0.insert(s, range.start);
            }
        }
    }

    fn last_before(&self, end: u64) -> Option<(u64, u64)> {
        self.0.range(..end).next_back().map(|(s, e)| (*s, *e))
    }

    fn overlapping(&self, range: &Range<u64>) -> impl Iterator<Item = (&u64, &u64)> {
        let start = range.start;
        self.0.range(..range.end).rev().take_while(move |(_, end)| **end > start)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn ranges_behave_like_a_set_of_numbers(steps in prop::collection::vec((any::<bool>(), 0_u64..40, 0_u64..12), 0..40)) {
            let (mut extents, mut numbers) = (Extents::default(), BTreeSet::new());
            for (add, start, length) in steps {
                let range = start..start + length;
                let absent = range.clone().filter(|n| !numbers.contains(n)).count() as u64;
                prop_assert_eq!(extents.missing(range.clone()), absent, "missing counts what is not there");
                if add {
                    extents.insert(range.clone());
                    numbers.extend(range);
                } else {
                    extents.remove(range.clone());
                    numbers.retain(|n| !range.contains(n));
                }
                prop_assert_eq!(extents.count(), numbers.len() as u64, "both hold the same numbers");
            }
        }
    }
}
