//! `Retry-After` (RFC 9110, section 10.2.3): seconds, or a date that is held against the answer's own `Date`, so that
//! neither our clock nor the server's needs to be right.

use std::time::{Duration, SystemTime};

use reqwest::header::{DATE, HeaderMap, HeaderValue, RETRY_AFTER};

/// How long the server wants to be left alone; none when it did not say, or said nonsense. Whoever waits caps it.
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let said = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    seconds(said).or_else(|| until(said, headers.get(DATE), now))
}

/// Digits only: a sign or a fraction is no `delay-seconds`. More than a number can hold is for ever.
fn seconds(said: &str) -> Option<Duration> {
    let digits = !said.is_empty() && said.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| Duration::from_secs(said.parse().unwrap_or(u64::MAX)))
}

fn until(said: &str, date: Option<&HeaderValue>, now: SystemTime) -> Option<Duration> {
    let then = httpdate::parse_http_date(said).ok()?;
    let stated = date.and_then(|value| httpdate::parse_http_date(value.to_str().ok()?).ok());
    // A moment that has passed is no break at all.
    Some(then.duration_since(stated.unwrap_or(now)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(fields: &[(&'static str, &str)]) -> Option<Duration> {
        let mut headers = HeaderMap::new();
        fields.iter().for_each(|(name, value)| {
            headers.insert(*name, value.parse().expect("a header"));
        });
        retry_after(&headers, SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000))
    }

    #[test]
    fn seconds_are_taken_as_they_are() {
        assert_eq!(said(&[("retry-after", "12")]), Some(Duration::from_secs(12)), "twelve seconds");
        assert_eq!(said(&[("retry-after", " 0 ")]), Some(Duration::ZERO), "at once");
        let huge = said(&[("retry-after", "99999999999999999999999")]);
        assert_eq!(huge, Some(Duration::from_secs(u64::MAX)), "more than a number holds is long, not nothing");
    }

    #[test]
    fn a_date_is_held_against_the_answers_own() {
        let fields = [("date", "Wed, 25 Nov 2026 12:00:00 GMT"), ("retry-after", "Wed, 25 Nov 2026 12:00:30 GMT")];
        assert_eq!(said(&fields), Some(Duration::from_secs(30)), "both clocks are the server's");
        let past = [("date", "Wed, 25 Nov 2026 12:00:00 GMT"), ("retry-after", "Wed, 25 Nov 2026 11:00:00 GMT")];
        assert_eq!(said(&past), Some(Duration::ZERO), "a moment that has passed is no break");
        let alone = said(&[("retry-after", "Sun, 09 Sep 2001 01:46:50 GMT")]);
        assert_eq!(alone, Some(Duration::from_secs(10)), "without a date our own clock counts");
    }

    #[test]
    fn nonsense_says_nothing() {
        for nonsense in ["-5", "1.5", "soon", "", "12 seconds", "Wed, 99 Nov 2026 12:00:00 GMT"] {
            assert_eq!(said(&[("retry-after", nonsense)]), None, "{nonsense:?} is no time");
        }
        assert_eq!(said(&[]), None, "nothing was said");
    }
}
