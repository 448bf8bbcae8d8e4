//! Ranges in order, as few as say the same.

use super::ByteRange;

/// Joins those that touch. They must come in order and share no byte.
pub fn joined(ranges: impl IntoIterator<Item = ByteRange>) -> Vec<ByteRange> {
    let mut joined: Vec<ByteRange> = Vec::new();
    for range in ranges {
        match joined.last_mut() {
            Some(last) if last.end() == range.start() => *last = ByteRange::at(last.start(), last.len() + range.len()),
            Some(_) | None => joined.push(range),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_become_one_and_others_stay_apart() {
        let ranges = [(0, 4), (4, 8), (12, 16), (16, 17)].map(|(start, end)| ByteRange::at(start, end - start));
        assert_eq!(joined(ranges), [ByteRange::at(0, 8), ByteRange::at(12, 5)], "a person reads few lines");
        assert_eq!(joined([]), [], "nothing is nothing");
    }
}
