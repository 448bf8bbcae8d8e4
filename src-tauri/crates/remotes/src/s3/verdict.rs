//! Which class an error has and how it is told: by the store's code where there is one, else by the status, and by the
//! two clocks.

use std::time::{Duration, SystemTime};

use reqwest::StatusCode;
use reqwest::header::{DATE, HeaderMap};
use transfer::error::Class;

use super::xml::Said;
use crate::failure;
use crate::retry_after::retry_after;

/// A signature is good within so long of the store's own clock.
const SKEW: Duration = Duration::from_secs(15 * 60);
/// Where a bucket is that was asked for elsewhere.
const REGION: &str = "x-amz-bucket-region";
/// The sentence of a page where an answer should be.
pub(super) const PORTAL: &str = "this network wants you to sign in";
/// As much of a store's own words as a sentence takes.
const LONGEST_MESSAGE: usize = 200;

/// The class of an answer that is no success, and its sentence.
pub(super) fn judged(said: &Said, status: StatusCode, headers: &HeaderMap, now: SystemTime) -> (Class, String) {
    let (class, sentence) = by_code(said, status, headers).unwrap_or_else(|| by_status(said, status, headers));
    // Stores have many words for a signature of another time; their own clock tells it from a wrong key.
    let skew = skew(headers, now);
    let other_time = said.code == "RequestTimeTooSkewed" || skew.is_some();
    match class {
        // It passes as soon as the clock is right, which after a sleep may take a moment.
        Class::Denied | Class::Fatal if other_time => (Class::Transient, skewed(skew)),
        class => (class, sentence),
    }
}

fn skewed(skew: Option<Skew>) -> String {
    match skew {
        Some(Skew::Ahead(apart)) => {
            format!("this computer's clock is wrong: {} ahead of the store's; set it right", spoken(apart))
        }
        Some(Skew::Behind(apart)) => {
            format!("this computer's clock is wrong: {} behind the store's; set it right", spoken(apart))
        }
        None => "this computer's clock is more than 15 minutes off the store's; set it right".to_owned(),
    }
}

/// How far two clocks are apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Skew {
    Ahead(Duration),
    Behind(Duration),
}

/// Of ours against the store's, where that is too much.
fn skew(headers: &HeaderMap, now: SystemTime) -> Option<Skew> {
    let theirs = headers.get(DATE).and_then(|value| httpdate::parse_http_date(value.to_str().ok()?).ok())?;
    let (skew, apart) = match theirs.duration_since(now) {
        Ok(apart) => (Skew::Behind(apart), apart),
        Err(earlier) => (Skew::Ahead(earlier.duration()), earlier.duration()),
    };
    (apart > SKEW).then_some(skew)
}

/// In the largest unit of which there are two.
fn spoken(apart: Duration) -> String {
    let minutes = apart.as_secs() / 60;
    match minutes {
        0..120 => format!("{minutes} minutes"),
        120..2880 => format!("{} hours", minutes / 60),
        _ => format!("{} days", minutes / (24 * 60)),
    }
}

/// The codes of the S3 API reference ("Error responses"), and those that well-known stores add.
fn by_code(said: &Said, status: StatusCode, headers: &HeaderMap) -> Option<(Class, String)> {
    let throttled = Class::Throttled { after: retry_after(headers, SystemTime::now()) };
    let (class, sentence) = match said.code.as_str() {
        "SlowDown"
        | "TooManyRequests"
        | "RequestLimitExceeded"
        | "Throttling"
        | "ThrottlingException"
        | "BandwidthLimitExceeded" => (throttled, "the store asks for a break"),
        "InternalError" | "RequestTimeout" | "ServiceUnavailable" | "OperationAborted" | "IncompleteBody" => {
            (Class::Transient, "the store is in trouble just now")
        }
        "NoSuchUpload" => (Class::Expired, "the store no longer knows this upload"),
        "NoSuchKey" => (Class::Expired, "the store has no such object"),
        "InvalidPart" | "InvalidPartOrder" | "EntityTooSmall" => {
            (Class::Desync, "the store has other parts than we believed")
        }
        "PreconditionFailed" | "ConditionalRequestConflict" => (Class::Desync, "the name was taken meanwhile"),
        "BadDigest" | "InvalidDigest" | "XAmzContentSHA256Mismatch" | "XAmzContentChecksumMismatch" => {
            (Class::Corrupt, "what arrived is not what was sent")
        }
        "EntityTooLarge" => (Class::TooLarge, "the store takes no request of that size"),
        "QuotaExceeded"
        | "InsufficientStorage"
        | "InsufficientCapacity"
        | "XMinioStorageFull"
        | "XMinioAdminBucketQuotaExceeded"
        | "StorageQuotaExceeded"
        | "NotEnoughSpace" => (
            Class::NoSpace { needed: None, free: None },
            "the store has no room left, or this bucket's share is used up",
        ),
        "AccessDenied" | "AllAccessDisabled" | "AccountProblem" => {
            (Class::Denied, "the access key may not do this in the bucket")
        }
        "InvalidAccessKeyId" => (Class::Denied, "the store does not know the access key"),
        "SignatureDoesNotMatch" => (Class::Denied, "the secret key does not belong to the access key"),
        "ExpiredToken" | "TokenRefreshRequired" => (Class::Denied, "the session token has expired"),
        "InvalidToken" => (Class::Denied, "the store does not take the session token"),
        "NoSuchBucket" => (Class::Fatal, "the store has no bucket of that name"),
        "PermanentRedirect"
        | "TemporaryRedirect"
        | "AuthorizationHeaderMalformed"
        | "IllegalLocationConstraintException"
        | "InvalidRegion" => return Some((Class::Fatal, elsewhere(said, headers))),
        "NotImplemented" => (Class::Fatal, "the store cannot do what an upload needs"),
        _ => return None,
    };
    tracing::debug!(code = said.code, %status, "the store refuses");
    Some((class, sentence.to_owned()))
}

fn elsewhere(said: &Said, headers: &HeaderMap) -> String {
    let told = headers.get(REGION).and_then(|region| region.to_str().ok());
    match said.region.as_deref().or(told) {
        Some(region) => format!("the bucket is in the region {region}; write region={region}"),
        None => "the bucket is in another region; set the region of the destination".to_owned(),
    }
}

fn by_status(said: &Said, status: StatusCode, headers: &HeaderMap) -> (Class, String) {
    let class = match failure::class_of(status, headers) {
        // Of an answer to HEAD there is nothing but its head.
        Class::Portal if headers.contains_key(REGION) => return (Class::Fatal, elsewhere(said, headers)),
        class => class,
    };
    let sentence = match (&class, said.message.is_empty()) {
        (Class::Portal, _) => PORTAL.to_owned(),
        (Class::Denied, true) => "the store does not let us in; look at keys, bucket and clock".to_owned(),
        (_, true) => format!("the store answered {status}"),
        (_, false) => format!("the store says: {}", said.message.chars().take(LONGEST_MESSAGE).collect::<String>()),
    };
    (class, sentence)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "Wed, 25 Nov 2026 12:00:00 GMT";

    fn at(code: &str, status: u16, date: &str) -> (Class, String) {
        let mut headers = HeaderMap::new();
        headers.insert(DATE, date.parse().expect("a header"));
        let said = Said { code: code.to_owned(), ..Said::default() };
        let now = httpdate::parse_http_date(NOW).expect("a date");
        judged(&said, StatusCode::from_u16(status).expect("a status"), &headers, now)
    }

    #[test]
    fn a_code_has_one_class_whatever_the_status() {
        for (code, status, class) in [
            ("SlowDown", 503, Class::Throttled { after: None }),
            ("InternalError", 200, Class::Transient),
            ("NoSuchUpload", 404, Class::Expired),
            ("InvalidPart", 400, Class::Desync),
            ("BadDigest", 400, Class::Corrupt),
            ("EntityTooLarge", 400, Class::TooLarge),
            ("QuotaExceeded", 403, Class::NoSpace { needed: None, free: None }),
            ("SignatureDoesNotMatch", 403, Class::Denied),
            ("NoSuchBucket", 404, Class::Fatal),
            ("PermanentRedirect", 301, Class::Fatal),
            ("SomethingNew", 503, Class::Transient),
            ("SomethingNew", 400, Class::Fatal),
            ("", 507, Class::NoSpace { needed: None, free: None }),
        ] {
            assert_eq!(at(code, status, NOW).0, class, "{code} under {status}");
        }
    }

    #[test]
    fn a_wrong_clock_is_told_from_a_wrong_key() {
        for code in ["RequestTimeTooSkewed", "AccessDenied", "InvalidRequest", ""] {
            let (class, sentence) = at(code, 403, "Wed, 25 Nov 2026 12:16:00 GMT");
            assert_eq!(class, Class::Transient, "{code:?}: it passes when the clock is set");
            assert!(sentence.contains("clock"), "{code:?}: the person must know where to look: {sentence}");
            assert!(sentence.contains("16 minutes behind"), "{code:?}: and by how much: {sentence}");
        }
        let (_, sentence) = at("AccessDenied", 403, "Mon, 23 Nov 2026 11:00:00 GMT");
        assert!(sentence.contains("2 days ahead"), "in the unit that people would use: {sentence}");
        let (class, sentence) = at("AccessDenied", 403, "Wed, 25 Nov 2026 12:14:00 GMT");
        assert_eq!(class, Class::Denied, "a clock that is right enough is not to blame");
        assert!(sentence.contains("access key"), "{sentence}");
    }

    #[test]
    fn a_bucket_elsewhere_says_where() {
        let said = Said {
            code: "AuthorizationHeaderMalformed".to_owned(),
            region: Some("eu-1".to_owned()),
            ..Said::default()
        };
        let (_, sentence) = judged(&said, StatusCode::BAD_REQUEST, &HeaderMap::new(), SystemTime::now());
        assert!(sentence.contains("region=eu-1"), "what to write is in it: {sentence}");
    }
}
