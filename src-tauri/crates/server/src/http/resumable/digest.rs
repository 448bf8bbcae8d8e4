//! `Content-Digest` (RFC 9530): what a request brings is kept all, if it has its digest, or not at all.

use axum::http::HeaderMap;
use axum::response::Response;
use ring::digest::{SHA256, SHA512};
use sfv::{Dictionary, ListEntry, Parser};

use super::super::files::Checksum;
use super::super::problem::Kind;

/// The best digest of a request's body, if it has one. Algorithms that we do not know are no reason to refuse.
pub(super) fn of(headers: &HeaderMap) -> Result<Option<Checksum>, Response> {
    let Some(said) = headers.get("content-digest") else { return Ok(None) };
    let bad = || Kind::BadRequest.because("Content-Digest is no dictionary of digests");
    let digests = Parser::new(said.as_bytes()).parse::<Dictionary>().map_err(|_| bad())?;
    let known = [("sha-512", &SHA512), ("sha-256", &SHA256)];
    let best = known.into_iter().find_map(|(name, algorithm)| Some((algorithm, digests.get(name)?)));
    let Some((algorithm, digest)) = best else { return Ok(None) };
    match digest {
        ListEntry::Item(item) => {
            let expected = item.bare_item.as_byte_sequence().ok_or_else(bad)?;
            Ok(Some(Checksum::digest(algorithm, expected.to_vec())))
        }
        ListEntry::InnerList(_) => Err(bad()),
    }
}
