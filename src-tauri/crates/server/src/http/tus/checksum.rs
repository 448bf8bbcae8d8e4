//! `Upload-Checksum` (tus 1.0.0, "Checksum").

use axum::http::HeaderMap;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256};

use super::super::files::Checksum;
use super::super::problem::Kind;

/// What can be verified; the best first.
pub(super) const ALGORITHMS: &str = "sha256,sha1,crc32";

/// The checksum of a request's body, if it has one.
pub(super) fn of(headers: &HeaderMap) -> Result<Option<Checksum>, Response> {
    let Some(said) = headers.get("upload-checksum") else { return Ok(None) };
    let bad = |what: &str| Kind::BadRequest.because(what);
    let words = said.to_str().ok().and_then(|said| said.trim().split_once(' '));
    let (algorithm, expected) = words.ok_or_else(|| bad("Upload-Checksum is an algorithm and Base64"))?;
    let expected = STANDARD.decode(expected.trim()).map_err(|_| bad("the checksum is no Base64"))?;
    match algorithm {
        "sha1" => Ok(Some(Checksum::digest(&SHA1_FOR_LEGACY_USE_ONLY, expected))),
        "sha256" => Ok(Some(Checksum::digest(&SHA256, expected))),
        "crc32" => Ok(Some(Checksum::crc32(expected))),
        other => Err(bad(&format!("{other:?} cannot be verified here: it is {ALGORITHMS} that can"))),
    }
}
