//! Speeds as people type them: `20M` is twenty million bytes a second.

use std::str::FromStr;

use transfer::units::Rate;

/// A speed limit from the command line.
///
/// A number and a unit: `k`, `M`, `G` are powers of 1,000, `Ki`, `Mi`, `Gi` powers of 1,024, none is bytes; a `B` and
/// `/s` may follow. Case matters only where it must not: `m` is taken for `M`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit(pub Rate);

impl FromStr for Limit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refusal = || format!("{text:?} is no speed: write 500k, 20M or 1.5Gi (bytes a second)");
        let trimmed = text.trim().trim_end_matches("/s").trim_end_matches(['B', 'b']);
        let unit_at = trimmed.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(trimmed.len());
        let (number, unit) = trimmed.split_at(unit_at);
        let number: f64 = number.parse().map_err(|_| refusal())?;
        let bytes = number * factor(unit.trim()).ok_or_else(refusal)?;
        // `as` saturates: a limit beyond 2^64 is none that anybody reaches.
        Rate::bytes_per_second(bytes as u64).map(Self).ok_or_else(|| "a limit of nothing is a pause".to_owned())
    }
}

fn factor(unit: &str) -> Option<f64> {
    Some(match unit.to_ascii_lowercase().as_str() {
        "" => 1.0,
        "k" => 1e3,
        "m" => 1e6,
        "g" => 1e9,
        "ki" => 1024.0,
        "mi" => 1024.0 * 1024.0,
        "gi" => 1024.0 * 1024.0 * 1024.0,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_write_speeds_in_these_ways() {
        let bytes = |text: &str| text.parse::<Limit>().map(|limit| limit.0.get());
        assert_eq!(bytes("20M"), Ok(20_000_000), "powers of a thousand, as links are sold");
        assert_eq!(bytes("1.5Mi"), Ok(1_572_864), "powers of 1,024 when one says so");
        assert_eq!(bytes("500 kB/s"), Ok(500_000), "with its unit written out");
        assert_eq!(bytes("300"), Ok(300), "plain bytes");
        for wrong in ["", "M", "fast", "-3M", "0", "1T", "1.2.3M", "NaN", "inf"] {
            assert!(bytes(wrong).is_err(), "{wrong:?} is no speed");
        }
    }
}
