//! Joining byte ranges: pure, so that it can be tried against every small case.

use server::ports::Marked;
use transfer::layout::ByteRange;

/// A range that has arrived, and whether a digest vouched for it.
pub(super) type Covered = (ByteRange, bool);

/// `before` (sorted, disjoint) with `new` in it: sorted, disjoint, joined where they touch and agree. A byte that was
/// vouched for stays so.
pub(super) fn join(before: &[Covered], new: Covered) -> (Vec<Covered>, Marked) {
    let (range, vouched) = new;
    let (mut joined, mut marked, mut at) = (Joined::default(), Marked::Duplicate, range.start());
    let mut fill = |joined: &mut Joined, from: u64, to: u64| {
        if joined.push(from, to.min(range.end()), vouched) {
            marked = Marked::Fresh;
        }
    };
    for (old, old_vouched) in before {
        joined.push(old.start(), old.end().min(range.start()), *old_vouched);
        fill(&mut joined, at, old.start());
        joined.push(old.start().max(range.start()), old.end().min(range.end()), *old_vouched || vouched);
        at = at.max(old.end());
        joined.push(old.start().max(range.end()), old.end(), *old_vouched);
    }
    fill(&mut joined, at, range.end());
    (joined.ranges, marked)
}

/// The bytes of `before` that lie in one of `keep`, both sorted and disjoint.
pub(super) fn within(before: &[Covered], keep: impl Iterator<Item = ByteRange>) -> Vec<Covered> {
    let (mut joined, mut rest) = (Joined::default(), before);
    for kept in keep {
        while let [(old, _), later @ ..] = rest
            && old.end() <= kept.start()
        {
            rest = later;
        }
        for (old, vouched) in rest.iter().take_while(|(old, _)| old.start() < kept.end()) {
            joined.push(old.start().max(kept.start()), old.end().min(kept.end()), *vouched);
        }
    }
    joined.ranges
}

#[derive(Default)]
struct Joined {
    ranges: Vec<Covered>,
}

impl Joined {
    /// Appends `start..end`. Whether there is a byte in it.
    fn push(&mut self, start: u64, end: u64, vouched: bool) -> bool {
        let Some(range) = ByteRange::new(start, end).filter(|range| !range.is_empty()) else { return false };
        match self.ranges.last_mut() {
            Some((last, last_vouched)) if last.end() == start && *last_vouched == vouched => {
                *last = ByteRange::at(last.start(), end - last.start());
            }
            Some(_) | None => self.ranges.push((range, vouched)),
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    /// A byte each: absent, there, vouched for.
    fn bytes(ranges: &[Covered]) -> [Option<bool>; 32] {
        let mut bytes = [None; 32];
        for (range, vouched) in ranges {
            bytes[range.start() as usize..range.end() as usize].fill(Some(*vouched));
        }
        bytes
    }

    proptest! {
        #[test]
        fn what_is_kept_is_what_it_is_byte_by_byte(
            marks in vec((0u64..32, 0u64..32, any::<bool>()), 0..12),
            kept in vec(any::<bool>(), 8),
        ) {
            let ranges = marks.into_iter().fold(Vec::new(), |ranges, (a, b, vouched)| {
                join(&ranges, (ByteRange::new(a.min(b), a.max(b)).expect("forward"), vouched)).0
            });
            let chunks = (0..8).filter(|number| kept[*number as usize]).map(|number| ByteRange::at(number * 4, 4));
            let left = within(&ranges, chunks);
            let all = bytes(&ranges);
            let expected: Vec<_> = (0..32).map(|at| all[at].filter(|_| kept[at / 4])).collect();
            prop_assert_eq!(bytes(&left).to_vec(), expected, "a byte stays where its chunk is kept");
            prop_assert!(left.is_sorted_by_key(|(range, _)| range.start()), "sorted: {:?}", left);
        }
    }

    proptest! {
        #[test]
        fn joining_is_what_it_is_byte_by_byte(marks in vec((0u64..32, 0u64..32, any::<bool>()), 0..12)) {
            let mut ranges = Vec::new();
            for (a, b, vouched) in marks {
                let mark = (ByteRange::new(a.min(b), a.max(b)).expect("forward"), vouched);
                let mut expected = bytes(&ranges);
                let of_mark = &mut expected[mark.0.start() as usize..mark.0.end() as usize];
                let fresh = of_mark.iter().any(Option::is_none);
                of_mark.iter_mut().for_each(|byte| *byte = Some(byte.unwrap_or(false) || vouched));
                let (joined, marked) = join(&ranges, mark);
                prop_assert_eq!(bytes(&joined), expected, "every byte is what the marks made of it");
                prop_assert_eq!(marked == Marked::Fresh, fresh, "fresh is what brings a byte");
                let apart = |pair: &[Covered]| {
                    let ((left, first), (right, second)) = (pair[0], pair[1]);
                    left.end() < right.start() || (left.end() == right.start() && first != second)
                };
                prop_assert!(joined.windows(2).all(apart), "sorted, disjoint, joined: {:?}", joined);
                ranges = joined;
            }
        }
    }
}
