//! Reading a server's answers, and distrusting them: an offset that cannot be is an error with a sentence.

use reqwest::header::{HeaderMap, LOCATION};
use reqwest::{Response, StatusCode, Url};
use transfer::error::{Class, Operation, RemoteError};
use transfer::layout::ByteRange;

use super::requests::fatal;
use crate::failure;

/// How much the server has of an upload of `size` bytes (the answer to HEAD).
pub(super) async fn offset_of(operation: Operation, response: Response, size: u64) -> Result<u64, RemoteError> {
    if !response.status().is_success() {
        return Err(refused(operation, response).await);
    }
    let headers = response.headers();
    let offset = number(headers, "Upload-Offset").ok_or_else(|| unsaid(operation, headers))?;
    match number(headers, "Upload-Length") {
        Some(length) if length == size => possible(operation, offset, size),
        Some(length) => {
            Err(fatal(operation, &format!("the server has an upload of {length} bytes there, and the file has {size}")))
        }
        None => Err(fatal(operation, "the server has forgotten how long the upload shall be")),
    }
}

/// How much the server has after a chunk (the answer to PATCH).
pub(super) async fn new_offset(response: Response, size: u64) -> Result<u64, RemoteError> {
    if !response.status().is_success() {
        return Err(refused(Operation::Put, response).await);
    }
    let offset = number(response.headers(), "Upload-Offset");
    possible(Operation::Put, offset.ok_or_else(|| unsaid(Operation::Put, response.headers()))?, size)
}

fn possible(operation: Operation, offset: u64, size: u64) -> Result<u64, RemoteError> {
    if offset <= size {
        return Ok(offset);
    }
    Err(fatal(operation, &format!("the server says that it has {offset} bytes of a file of {size}")))
}

/// A success that says nothing is not the server's: something stands between.
fn unsaid(operation: Operation, headers: &HeaderMap) -> RemoteError {
    if failure::is_page(headers) {
        return RemoteError::new(operation, Class::Portal, "a page for people answers instead of the server");
    }
    fatal(operation, "what answers does not say how much it has, as tus must")
}

/// A decimal number; nothing else is one.
pub(super) fn number(headers: &HeaderMap, name: &str) -> Option<u64> {
    let text = headers.get(name)?.to_str().ok()?.trim();
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

/// Where the new upload is. Relative to where it was asked for, and never with less protection than that.
pub(super) fn location(headers: &HeaderMap, endpoint: &Url) -> Result<Url, RemoteError> {
    let said = headers.get(LOCATION).and_then(|value| value.to_str().ok());
    let url = said.and_then(|said| endpoint.join(said).ok());
    let url = url.ok_or_else(|| fatal(Operation::Begin, "the server began an upload and does not say where"))?;
    let url = protected(url, endpoint);
    match (endpoint.scheme(), url.scheme()) {
        (_, "https") | ("http", "http") => Ok(url),
        _ => Err(fatal(Operation::Begin, &format!("the server wants the film at {url}, where everyone could read it"))),
    }
}

/// A server behind a proxy that ends TLS often takes itself for an unprotected one. The same host is spoken to as it was
/// spoken to before.
fn protected(mut url: Url, endpoint: &Url) -> Url {
    if endpoint.scheme() == "https" && url.scheme() == "http" && url.host() == endpoint.host() {
        // Both can be: the scheme is one of the web, and there is a host.
        let _ = url.set_scheme("https").and_then(|()| url.set_port(endpoint.port()));
    }
    url
}

/// No upload was begun. There is no upload yet that could be unknown, and no chunk that could be shorter.
pub(super) async fn not_begun(response: Response, size: u64) -> RemoteError {
    let status = response.status();
    let error = refused(Operation::Begin, response).await;
    let sentence = match status {
        StatusCode::NOT_FOUND | StatusCode::GONE => "there is no tus server at this address".to_owned(),
        StatusCode::PAYLOAD_TOO_LARGE => format!("the server takes no file of {size} bytes"),
        StatusCode::OK | StatusCode::NO_CONTENT | StatusCode::ACCEPTED => {
            "the server answered as if it had begun an upload, and did not".to_owned()
        }
        _ => return error,
    };
    RemoteError { class: Class::Fatal, context: sentence, ..error }
}

/// The server does not know the upload any more.
pub(super) fn unknown(operation: Operation) -> RemoteError {
    RemoteError::new(operation, Class::Expired, "the server does not know this upload any more")
}

/// The server took less, or more, than was sent. It is asked again what it has.
pub(super) fn elsewhere(offset: u64, sent: ByteRange) -> RemoteError {
    let sentence = format!("after the bytes {sent:?} the server says that it has {offset}");
    RemoteError::new(Operation::Put, Class::Desync, sentence)
}

/// Not all is there.
pub(super) fn unfinished(offset: u64, size: u64) -> RemoteError {
    let sentence = format!("the server has {offset} bytes of {size}");
    RemoteError::new(Operation::Complete, Class::Desync, sentence)
}

/// All parts are there, and the film is not yet.
pub(super) fn put_together_later() -> RemoteError {
    RemoteError::new(Operation::Complete, Class::Transient, "the server still puts the parts together")
}

/// An answer that is no success, as tus means it.
pub(super) async fn refused(operation: Operation, response: Response) -> RemoteError {
    let status = response.status();
    let versions = response.headers().get("Tus-Version").and_then(|value| value.to_str().ok()).map(str::to_owned);
    let speaks_tus = response.headers().contains_key("Tus-Resumable");
    let error = failure::refused(operation, response).await;
    match status {
        StatusCode::PRECONDITION_FAILED => RemoteError { class: Class::Fatal, context: version(versions), ..error },
        // The server's own was understood before this (`Requests::does_not_know`).
        StatusCode::NOT_FOUND | StatusCode::GONE => RemoteError {
            class: Class::Transient,
            context: "a page for people answers where the upload was; the server may be away".into(),
            ..error
        },
        // A server that understood the request would have named its version: it came without its end.
        StatusCode::BAD_REQUEST if !speaks_tus && operation == Operation::Put => {
            RemoteError { class: Class::Transient, context: "the request did not arrive whole".into(), ..error }
        }
        StatusCode::LOCKED => RemoteError { context: "the server still holds an older request for it".into(), ..error },
        _ => error,
    }
}

fn version(versions: Option<String>) -> String {
    match versions {
        Some(versions) => format!("the server speaks tus {versions} only"),
        None => "the server speaks another version of tus".to_owned(),
    }
}
