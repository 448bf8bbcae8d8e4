//! Preconditions (RFC 9110, section 13) against one strong entity tag. There are no dates: we give no `Last-Modified`,
//! so that a date in `If-Range` never matches and conditions on dates are ignored, as section 13.1 permits.

use axum::http::{HeaderMap, HeaderName, header};

/// What the preconditions of a GET or HEAD allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Go on, and look at `Range`.
    Ranged,
    /// Go on, as if there were no `Range`: its `If-Range` names another body.
    Whole,
    /// 304: the client has it.
    NotModified,
    /// 412: the client wanted another.
    Failed,
}

/// Evaluates them in the order of section 13.2.2. `tag` is the strong entity tag with its quotes.
pub(super) fn verdict(headers: &HeaderMap, tag: &str) -> Verdict {
    if listed(headers, header::IF_MATCH, |candidate| candidate == tag) == Some(false) {
        return Verdict::Failed;
    }
    // If-None-Match compares weakly: `W/"x"` is `"x"`.
    if listed(headers, header::IF_NONE_MATCH, |candidate| candidate.trim_start_matches("W/") == tag) == Some(true) {
        return Verdict::NotModified;
    }
    match headers.get(header::IF_RANGE) {
        Some(value) if value.as_bytes() != tag.as_bytes() => Verdict::Whole,
        Some(_) | None => Verdict::Ranged,
    }
}

/// Whether the list in `name` holds the tag or is `*`; none when the header is not there.
fn listed(headers: &HeaderMap, name: HeaderName, is: impl Fn(&str) -> bool) -> Option<bool> {
    let mut values = headers.get_all(name).iter().peekable();
    values.peek()?;
    let text = |value: &axum::http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    Some(values.map(text).any(|list| list.split(',').map(str::trim).any(|tag| tag == "*" || is(tag))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: HeaderName, value: &str) -> Verdict {
        let mut headers = HeaderMap::new();
        headers.insert(name, value.parse().expect("a header"));
        verdict(&headers, "\"a\"")
    }

    #[test]
    fn only_the_same_strong_tag_permits_a_part() {
        assert_eq!(with(header::IF_RANGE, "\"a\""), Verdict::Ranged, "the same body: the part fits");
        assert_eq!(with(header::IF_RANGE, "\"b\""), Verdict::Whole, "another body: a part of it would be mixed");
        assert_eq!(with(header::IF_RANGE, "W/\"a\""), Verdict::Whole, "If-Range compares strongly (section 13.1.5)");
        assert_eq!(with(header::IF_RANGE, "Sat, 21 Nov 2026 10:00:00 GMT"), Verdict::Whole, "we give no date");
    }

    #[test]
    fn a_client_that_has_it_is_told_so() {
        assert_eq!(with(header::IF_NONE_MATCH, "\"x\", W/\"a\""), Verdict::NotModified, "compared weakly (13.1.2)");
        assert_eq!(with(header::IF_NONE_MATCH, "*"), Verdict::NotModified, "any body will do");
        assert_eq!(with(header::IF_NONE_MATCH, "\"x\""), Verdict::Ranged, "it has another");
    }

    #[test]
    fn a_client_that_wants_another_gets_none() {
        assert_eq!(with(header::IF_MATCH, "\"b\""), Verdict::Failed, "not what it wants (13.1.1)");
        assert_eq!(with(header::IF_MATCH, "W/\"a\""), Verdict::Failed, "If-Match compares strongly");
        assert_eq!(with(header::IF_MATCH, "\"b\", \"a\""), Verdict::Ranged, "one of those it takes");
    }
}
