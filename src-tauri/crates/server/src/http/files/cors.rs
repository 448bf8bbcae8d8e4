//! Pages of other origins (the Fetch standard, "CORS protocol"): any of them may ask, for each brings a token of its own;
//! what a browser would send by itself (cookies) is never looked at.

use axum::http::{HeaderMap, header};
use axum::response::Response;

use super::say;

/// What a page may read of an answer.
const EXPOSED: &str = "Location, Retry-After, ETag, Accept-Patch, \
    Tus-Resumable, Tus-Version, Tus-Extension, Tus-Max-Size, Tus-Checksum-Algorithm, \
    Upload-Offset, Upload-Length, Upload-Defer-Length, Upload-Metadata, Upload-Concat, Upload-Expires, \
    Upload-Complete, Upload-Limit, Upload-Draft-Interop-Version";
/// What a page may send.
const SENT: &str = "Authorization, Content-Type, Content-Disposition, Content-Digest, Range, If-Range, \
    X-HTTP-Method-Override, X-Requested-With, X-Request-ID, \
    Tus-Resumable, Upload-Offset, Upload-Length, Upload-Defer-Length, Upload-Metadata, Upload-Concat, Upload-Checksum, \
    Upload-Complete, Upload-Draft-Interop-Version";
const METHODS: &str = "GET, HEAD, POST, PATCH, DELETE, OPTIONS";
/// How long a browser need not ask again, in seconds.
const MAX_AGE: u32 = 86_400;

/// Lets the page read the answer, and tells a browser that asks first what it may send.
pub(super) fn allow(asked: &HeaderMap, response: &mut Response) {
    if !asked.contains_key(header::ORIGIN) {
        return;
    }
    say(response, "access-control-allow-origin", "*");
    say(response, "access-control-expose-headers", EXPOSED);
    if asked.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD) {
        say(response, "access-control-allow-methods", METHODS);
        say(response, "access-control-allow-headers", SENT);
        say(response, "access-control-max-age", MAX_AGE);
    }
}
