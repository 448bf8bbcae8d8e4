//! Requests to one bucket: signed when they are sent, answered or refused.
//!
//! `rusty-s3` signs addresses, and every request is signed anew, a read's too: no signature is kept that could expire.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::ETAG;
use reqwest::{Client, RequestBuilder, Response, Url};
use rusty_s3::signing::sign;
use rusty_s3::{Bucket, Method};
use transfer::error::{Operation, RemoteError};

use super::credentials::S3Credentials;
use super::refusal::Refusal;
use super::xml::{self, bare};
use crate::Connection;

/// How long a signed address may be used; the clocks may differ by as much.
const GOOD_FOR: Duration = Duration::from_secs(15 * 60);

/// One bucket, with the keys to it.
#[derive(Clone)]
pub(super) struct Store {
    pub(super) bucket: Bucket,
    pub(super) credentials: S3Credentials,
    pub(super) connection: Connection,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("bucket", &self.bucket).finish_non_exhaustive()
    }
}

/// A request to sign.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ask<'a> {
    pub(super) method: Method,
    /// The object; none asks the bucket.
    pub(super) key: Option<&'a str>,
    /// Sorted by name.
    pub(super) query: &'a [(&'a str, &'a str)],
    /// Signed with it; lowercase, sorted by name.
    pub(super) headers: &'a [(&'a str, &'a str)],
}

impl<'a> Ask<'a> {
    /// About an object.
    pub(super) fn of(method: Method, key: &'a str) -> Self {
        Self { method, key: Some(key), query: &[], headers: &[] }
    }

    #[must_use]
    pub(super) fn query(self, query: &'a [(&'a str, &'a str)]) -> Self {
        Self { query, ..self }
    }

    #[must_use]
    pub(super) fn headers(self, headers: &'a [(&'a str, &'a str)]) -> Self {
        Self { headers, ..self }
    }
}

impl Store {
    /// Signed now.
    pub(super) fn request(&self, ask: Ask<'_>) -> RequestBuilder {
        self.signed(&self.connection.client(), ask)
    }

    /// Signed now, for a part, which may take as long as it moves.
    pub(super) fn sending(&self, ask: Ask<'_>) -> RequestBuilder {
        self.signed(&self.connection.sender(), ask)
    }

    /// An address that is signed now and good for so long.
    pub(super) fn address(&self, ask: Ask<'_>, good: Duration) -> Url {
        let (bucket, keys) = (&self.bucket, self.credentials.get());
        let url = ask.key.map_or_else(|| bucket.base_url().clone(), |key| bucket.object_url(key));
        let (query, headers) = (ask.query.iter().copied(), ask.headers.iter().copied());
        let (now, region, seconds) = (Timestamp::now(), bucket.region(), good.as_secs());
        sign(&now, ask.method, url, keys.key(), keys.secret(), keys.token(), region, seconds, query, headers)
    }

    fn signed(&self, client: &Client, ask: Ask<'_>) -> RequestBuilder {
        let url = self.address(ask, GOOD_FOR);
        let method = match ask.method {
            Method::Head => reqwest::Method::HEAD,
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Put => reqwest::Method::PUT,
            Method::Delete => reqwest::Method::DELETE,
        };
        ask.headers.iter().fold(client.request(method, url), |request, (name, value)| request.header(*name, *value))
    }

    /// Sends it and takes no answer but success.
    pub(super) async fn send(&self, operation: Operation, request: RequestBuilder) -> Result<Response, Refusal> {
        let response = request.send().await.map_err(|error| Refusal::unanswered(operation, error))?;
        Self::accepted(operation, response).await
    }

    /// Success, or the refusal that the answer is.
    pub(super) async fn accepted(operation: Operation, response: Response) -> Result<Response, Refusal> {
        match response.status().is_success() {
            true => Ok(response),
            false => Err(Refusal::of(operation, response).await),
        }
    }

    /// The same, and its answer's text, in which an error may stand under a status that says success.
    pub(super) async fn tell(&self, operation: Operation, request: RequestBuilder) -> Result<String, Refusal> {
        let response = self.send(operation, request).await?;
        let (status, headers) = (response.status(), response.headers().clone());
        let text = response.text().await.map_err(|error| Refusal::unanswered(operation, error))?;
        match xml::error(&text) {
            Some(said) => Err(Refusal::said(operation, status, &headers, said)),
            None if xml::is_page(&text) => Err(Refusal::portal(operation)),
            None => Ok(text),
        }
    }

    /// The same, read by `read`.
    pub(super) async fn read<T>(
        &self,
        operation: Operation,
        request: RequestBuilder,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, Refusal> {
        let text = self.tell(operation, request).await?;
        let unread = || Refusal { status: None, code: String::new(), error: Refusal::unintelligible(operation) };
        read(&text).ok_or_else(unread)
    }
}

/// The ETag of what was put; a page for people has none.
pub(super) async fn etag(operation: Operation, response: Response) -> Result<String, RemoteError> {
    let etag = response.headers().get(ETAG).and_then(|tag| tag.to_str().ok()).map(bare);
    if let Some(etag) = etag.filter(|tag| is_plain(tag)) {
        return Ok(etag);
    }
    let text = response.text().await.unwrap_or_default();
    if xml::is_page(&text) { Err(Refusal::portal(operation).error) } else { Err(Refusal::unintelligible(operation)) }
}

/// An ETag that can stand in XML as it is.
fn is_plain(etag: &str) -> bool {
    !etag.is_empty() && etag.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'<' | b'&' | b'>' | b'"'))
}

/// `refused` as none where its code is `code`.
pub(super) fn unless<T>(code: &str, refused: Result<T, Refusal>) -> Result<Option<T>, RemoteError> {
    match refused {
        Ok(value) => Ok(Some(value)),
        Err(refusal) if refusal.is(code) => Ok(None),
        Err(refusal) => Err(refusal.error),
    }
}
