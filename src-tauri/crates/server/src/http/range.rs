//! The `Range` header (RFC 9110, section 14.2), and what it means for a body of a known length.
//!
//! Written here because the kept parser for it (`http-range-header`) refuses empty list elements, spaces around commas
//! and numbers beyond 64 bits, all of which the grammar permits.

use transfer::layout::ByteRange;

/// What a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// The whole: no range, several ranges, another unit or bad syntax; a server may answer all those with 200.
    Whole,
    /// One range, not empty, cut at the end.
    Part(ByteRange),
    /// One range that begins after the last byte: 416.
    Unsatisfiable,
}

/// One range-spec, in numbers that saturate at the largest.
enum Spec {
    From(u64),
    FromTo(u64, u64),
    Last(u64),
}

/// Reads the header's value for a body of `len` bytes.
pub(super) fn asked(header: &[u8], len: u64) -> Asked {
    match parse(header).as_deref() {
        Some([one]) => resolve(one, len),
        Some(_) | None => Asked::Whole,
    }
}

fn resolve(spec: &Spec, len: u64) -> Asked {
    let (start, end) = match *spec {
        Spec::From(first) => (first, len),
        Spec::FromTo(first, last) => (first, last.saturating_add(1).min(len)),
        Spec::Last(count) => (len.saturating_sub(count), len),
    };
    ByteRange::new(start, end).filter(|range| !range.is_empty()).map_or(Asked::Unsatisfiable, Asked::Part)
}

/// The range-specs of a valid header; none when it must be ignored.
fn parse(header: &[u8]) -> Option<Vec<Spec>> {
    let text = std::str::from_utf8(header).ok()?;
    let (unit, set) = text.split_once('=')?;
    let elements =
        set.split(',').map(|element| element.trim_matches([' ', '\t'])).filter(|element| !element.is_empty());
    let specs: Option<Vec<Spec>> = elements.map(spec).collect();
    specs.filter(|specs| unit.trim_start_matches([' ', '\t']).eq_ignore_ascii_case("bytes") && !specs.is_empty())
}

fn spec(element: &str) -> Option<Spec> {
    let (first, last) = element.split_once('-')?;
    match (first.is_empty(), last.is_empty()) {
        (true, true) => None,
        (true, false) => number(last).map(Spec::Last),
        (false, true) => number(first).map(Spec::From),
        (false, false) => {
            let (first, last) = (number(first)?, number(last)?);
            (first <= last).then_some(Spec::FromTo(first, last))
        }
    }
}

fn number(digits: &str) -> Option<u64> {
    let valid = digits.bytes().all(|byte| byte.is_ascii_digit());
    valid.then(|| digits.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn part(start: u64, end: u64) -> Asked {
        Asked::Part(ByteRange::new(start, end).expect("forwards"))
    }

    #[test]
    fn the_forms_that_players_send() {
        let table: &[(&str, u64, Asked)] = &[
            ("bytes=0-1", 100, part(0, 2)),
            ("bytes=0-", 100, part(0, 100)),
            ("bytes=99-", 100, part(99, 100)),
            ("bytes=10-1000", 100, part(10, 100)),
            ("bytes=-30", 100, part(70, 100)),
            ("bytes=-1000", 100, part(0, 100)),
            ("BYTES=5-5", 100, part(5, 6)),
            ("bytes= 5-5 ,", 100, part(5, 6)),
            ("bytes=0-99999999999999999999999", 100, part(0, 100)),
            ("bytes=100-", 100, Asked::Unsatisfiable),
            ("bytes=-0", 100, Asked::Unsatisfiable),
            ("bytes=0-", 0, Asked::Unsatisfiable),
            ("bytes=-5", 0, Asked::Unsatisfiable),
            ("bytes=18446744073709551616-", 100, Asked::Unsatisfiable),
        ];
        for (header, len, expected) in table {
            assert_eq!(asked(header.as_bytes(), *len), *expected, "{header} of {len} bytes (RFC 9110, section 14.1.2)");
        }
    }

    #[test]
    fn what_the_grammar_does_not_know_is_ignored() {
        for header in [
            "bytes",
            "bytes=",
            "bytes=,",
            "bytes=a-b",
            "bytes=1",
            "bytes=-",
            "bytes=5-4",
            "bytes=+1-2",
            "items=0-1",
            "bytes=0-1;",
            "bytes=0 -1",
            "=0-1",
            "",
        ] {
            assert_eq!(
                asked(header.as_bytes(), 100),
                Asked::Whole,
                "{header:?} is bad syntax: answer 200 as if it were not there"
            );
        }
        assert_eq!(asked(b"bytes=0-1,4-5", 100), Asked::Whole, "several ranges may be answered with the whole");
        assert_eq!(asked(b"bytes=0-1\xff", 100), Asked::Whole, "bytes that are no text are bad syntax");
    }

    proptest! {
        #[test]
        fn no_bytes_at_all_give_a_range_outside_the_body(header in prop::collection::vec(any::<u8>(), 0..40), len in any::<u64>()) {
            if let Asked::Part(range) = asked(&header, len) {
                prop_assert!(range.end() <= len && !range.is_empty(), "{range:?} of {len}");
            }
        }

        #[test]
        fn what_looks_like_a_range_never_leaves_the_body(text in "bytes=[0-9]{0,22}-[0-9]{0,22}(, ?[0-9-]{0,9})?", len in 0u64..2000) {
            if let Asked::Part(range) = asked(text.as_bytes(), len) {
                prop_assert!(range.end() <= len && !range.is_empty(), "{text}: {range:?} of {len}");
            }
        }

        #[test]
        fn a_printed_range_reads_back(start in 0u64..1000, more in 0u64..1000, len in 1u64..2500) {
            let expected = if start < len { part(start, (start + more + 1).min(len)) } else { Asked::Unsatisfiable };
            prop_assert_eq!(asked(format!("bytes={}-{}", start, start + more).as_bytes(), len), expected);
        }
    }
}
