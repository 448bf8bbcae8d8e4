//! The fields of the draft, which are structured (RFC 9651). One whose value is of another kind counts as not there.

use axum::http::HeaderMap;
use axum::response::Response;
use sfv::{BareItem, DictSerializer, Integer, Item, KeyRef, Parser};

use super::super::files::Asked;
use super::super::problem::Kind;
use super::refusals::inconsistent;
use super::{INTEROP_VERSION, VERSIONS};

/// What a request that brings bytes says of its upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fields {
    complete: Option<bool>,
    /// Bytes of the whole upload, where the request tells them.
    pub(super) length: Option<u64>,
}

impl Fields {
    /// Of a request whose bytes begin at `offset`. Its two ways of telling the length must agree (section "Length").
    pub(super) fn of(asked: &Asked, offset: u64) -> Result<Self, Response> {
        let complete = item(&asked.headers, "upload-complete").and_then(|item| item.as_boolean());
        let said = unsigned(&asked.headers, "upload-length");
        let ends = asked.size.filter(|_| complete == Some(true)).map(|size| offset.saturating_add(size));
        match (said, ends) {
            (Some(said), Some(ends)) if said != ends => {
                Err(inconsistent(&format!("the last byte of {said} would be number {ends}")))
            }
            (said, ends) => Ok(Self { complete, length: said.or(ends) }),
        }
    }

    /// Whether the upload is complete with this request, which must say it.
    pub(super) fn complete(&self) -> Result<bool, Response> {
        self.complete.ok_or_else(|| Kind::BadRequest.because("Upload-Complete is ?0 or ?1"))
    }
}

/// `Upload-Offset`.
pub(super) fn offset(headers: &HeaderMap) -> Option<u64> {
    unsigned(headers, "upload-offset")
}

/// The interop version of a request; the newest where it says none.
pub(super) fn version(headers: &HeaderMap) -> Result<u64, Response> {
    if !headers.contains_key(INTEROP_VERSION) {
        return Ok(VERSIONS[1]);
    }
    let said = unsigned(headers, INTEROP_VERSION).filter(|said| VERSIONS.contains(said));
    said.ok_or_else(|| Kind::BadRequest.because("the interop versions 8 and 9 of the draft are spoken here"))
}

/// A dictionary of the numbers that there are.
pub(super) fn dictionary<const N: usize>(members: [(&'static str, Option<u64>); N]) -> Option<String> {
    let mut dictionary = DictSerializer::new();
    for (name, value) in members {
        let key = KeyRef::from_str(name).ok();
        if let Some((key, value)) = key.zip(value.and_then(|value| Integer::try_from(value).ok())) {
            dictionary.bare_item(key, value);
        }
    }
    dictionary.finish()
}

fn unsigned(headers: &HeaderMap, name: &str) -> Option<u64> {
    u64::try_from(item(headers, name)?.as_integer()?).ok()
}

fn item(headers: &HeaderMap, name: &str) -> Option<BareItem> {
    let mut lines = headers.get_all(name).iter();
    let alone = lines.next().filter(|_| lines.next().is_none())?;
    Parser::new(alone.as_bytes()).parse::<Item>().ok().map(|item| item.bare_item)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: &'static str, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name.parse().expect("a name"), value.parse().expect("a value"))])
    }

    #[test]
    fn a_value_of_another_kind_is_not_there() {
        let offset = |value| offset(&headers("upload-offset", value));
        assert_eq!((offset("0"), offset("12;a=b")), (Some(0), Some(12)), "an integer, whatever stands beside it");
        for other in ["-1", "1.5", "\"1\"", "?1", "", "1 2", "1000000000000000"] {
            assert_eq!(offset(other), None, "{other:?}");
        }
    }

    #[test]
    fn two_versions_are_spoken() {
        let version = |value| version(&headers(INTEROP_VERSION, value)).ok();
        assert_eq!((version("8"), version("9")), (Some(8), Some(9)), "the newest two");
        assert_eq!((version("7"), version("10"), version("x")), (None, None, None), "and no others");
        assert_eq!(super::version(&HeaderMap::new()).ok(), Some(9), "who says nothing speaks the newest");
    }

    #[test]
    fn what_has_no_limit_is_not_told() {
        assert_eq!(dictionary([("max-size", Some(9)), ("max-age", None)]).as_deref(), Some("max-size=9"), "one member");
        assert_eq!(dictionary([("max-size", None)]), None, "an empty dictionary is no field");
    }
}
