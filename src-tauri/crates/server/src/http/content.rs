//! One film's bytes as an HTTP answer: 200, 206, 304, 412 or 416.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header, response};
use axum::response::{IntoResponse, Response};
use futures::{FutureExt, StreamExt, stream};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use tracing::debug;
use transfer::layout::ByteRange;
use transfer::name::FileName;
use transfer::range::{ByteStream, RangeReader};

use super::conditions::{Verdict, verdict};
use super::media_type;
use super::problem::{Kind, unreadable};
use super::range::{Asked, asked};

/// What may stand unescaped in `filename*` (RFC 8187, section 3.2.1).
const ATTR_CHAR: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Answers a GET or HEAD for the bytes of `reader`.
pub(super) async fn content(
    method: &Method,
    headers: &HeaderMap,
    name: &FileName,
    reader: &dyn RangeReader,
) -> Response {
    let tag = format!("\"{}\"", reader.validator());
    let (len, whole) = (reader.len(), ByteRange::at(0, reader.len()));
    let (status, range) = match (verdict(headers, &tag), wanted(method, headers, len)) {
        (Verdict::Failed, _) => return Kind::PreconditionFailed.into_response(),
        (Verdict::NotModified, _) => return not_modified(&tag),
        (Verdict::Ranged, Asked::Unsatisfiable) => return unsatisfiable(len),
        (Verdict::Ranged, Asked::Part(range)) => (StatusCode::PARTIAL_CONTENT, range),
        (Verdict::Ranged, Asked::Whole) | (Verdict::Whole, _) => (StatusCode::OK, whole),
    };
    let head = head(status, range, len, &tag, name);
    let answer =
        if method == Method::HEAD { finish(head, Body::empty()) } else { stream_body(head, range, reader).await };
    debug!(status = answer.status().as_u16(), start = range.start(), end = range.end(), "answered");
    answer
}

/// Ranges are for GET only (RFC 9110, section 14.2).
fn wanted(method: &Method, headers: &HeaderMap, len: u64) -> Asked {
    let header = headers.get(header::RANGE).filter(|_| method == Method::GET);
    header.map_or(Asked::Whole, |value| asked(value.as_bytes(), len))
}

fn head(status: StatusCode, range: ByteRange, len: u64, tag: &str, name: &FileName) -> response::Builder {
    let named = format!("inline; filename*=UTF-8''{}", percent_encode(name.as_bytes(), ATTR_CHAR));
    let builder = Response::builder()
        .status(status)
        .header(header::ACCEPT_RANGES, "bytes")
        .header(header::CONTENT_TYPE, media_type::of(name))
        .header(header::CONTENT_LENGTH, range.len())
        .header(header::CONTENT_DISPOSITION, named)
        .header(header::ETAG, tag)
        .header(header::CACHE_CONTROL, "private, no-cache")
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    match status {
        StatusCode::PARTIAL_CONTENT => {
            builder.header(header::CONTENT_RANGE, format!("bytes {}-{}/{len}", range.start(), range.end() - 1))
        }
        _ => builder,
    }
}

/// A read that fails at once is told as a status; one that fails later can only break the connection.
async fn stream_body(head: response::Builder, range: ByteRange, reader: &dyn RangeReader) -> Response {
    let mut bytes: ByteStream = match reader.read(range).await {
        Ok(bytes) => bytes,
        Err(error) => return unreadable(&error),
    };
    match bytes.next().now_or_never() {
        Some(Some(Err(error))) => unreadable(&error),
        Some(Some(Ok(first))) => finish(head, Body::from_stream(stream::iter([Ok(first)]).chain(bytes))),
        Some(None) => finish(head, Body::empty()),
        None => finish(head, Body::from_stream(bytes)),
    }
}

fn finish(head: response::Builder, body: Body) -> Response {
    head.body(body).unwrap_or_else(|_| Kind::Storage.because("the film's name makes no header"))
}

fn not_modified(tag: &str) -> Response {
    let mut response = StatusCode::NOT_MODIFIED.into_response();
    response.headers_mut().extend(HeaderValue::from_str(tag).ok().map(|tag| (header::ETAG, tag)));
    response
}

fn unsatisfiable(len: u64) -> Response {
    let mut response = Kind::RangeNotSatisfiable.into_response();
    let all = HeaderValue::from_str(&format!("bytes */{len}"));
    response.headers_mut().extend(all.ok().map(|value| (header::CONTENT_RANGE, value)));
    response
}
