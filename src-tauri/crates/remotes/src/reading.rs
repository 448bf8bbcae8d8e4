//! Ranges of an object over HTTP. Invariant: bytes of another version are never given: every request names the
//! validator, and an answer without it, or of another range, is an error.

use std::fmt;
use std::io;
use std::sync::Arc;

use async_trait::async_trait;
use futures::{StreamExt, TryStreamExt, stream};
use reqwest::header::{CONTENT_LENGTH, CONTENT_RANGE, ETAG, HeaderMap, IF_MATCH, RANGE};
use reqwest::{Response, StatusCode};
use transfer::layout::ByteRange;
use transfer::range::{ByteStream, RangeReader, ReadError};

use crate::failure;

/// The length and the strong validator that a server names for an object (RFC 9110, section 8.8.3); a weak one is none.
pub(crate) fn length_and_tag(headers: &HeaderMap) -> Option<(u64, String)> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let len = text(CONTENT_LENGTH)?.parse().ok()?;
    let tag = text(ETAG).filter(|tag| tag.starts_with('"'))?;
    Some((len, tag.to_owned()))
}

/// How an object is asked for: a signed address may live for minutes only, so each read gets its own.
#[async_trait]
pub(crate) trait Asking: Send + Sync + fmt::Debug {
    /// A GET for the object, without a range.
    async fn get(&self) -> Result<reqwest::RequestBuilder, ReadError>;
}

/// An object of a server that serves ranges.
#[derive(Debug, Clone)]
pub(crate) struct HttpReader {
    pub(crate) asking: Arc<dyn Asking>,
    pub(crate) len: u64,
    /// The strong ETag as the server sends it, with its quotes.
    pub(crate) etag: String,
}

#[async_trait]
impl RangeReader for HttpReader {
    fn len(&self) -> u64 {
        self.len
    }

    fn validator(&self) -> String {
        self.etag.trim_matches('"').to_owned()
    }

    async fn read(&self, range: ByteRange) -> Result<ByteStream, ReadError> {
        if range.end() > self.len {
            return Err(ReadError::OutOfRange { asked: range, len: self.len });
        }
        if range.is_empty() {
            return Ok(stream::empty().boxed());
        }
        let request = self.asking.get().await?;
        let asked = format!("bytes={}-{}", range.start(), range.end() - 1);
        let response = request.header(RANGE, asked).header(IF_MATCH, &self.etag).send().await;
        let response = response.map_err(|error| lost(&error))?;
        self.checked(range, response)
    }
}

impl HttpReader {
    fn checked(&self, range: ByteRange, response: Response) -> Result<ByteStream, ReadError> {
        match response.status() {
            StatusCode::PARTIAL_CONTENT if self.is_of(range, &response) => Ok(body(response, range.len())),
            StatusCode::OK if range == ByteRange::at(0, self.len) && self.has_tag(&response) => {
                Ok(body(response, range.len()))
            }
            StatusCode::PARTIAL_CONTENT | StatusCode::OK | StatusCode::PRECONDITION_FAILED => Err(ReadError::Changed),
            StatusCode::NOT_FOUND | StatusCode::GONE => Err(ReadError::Gone),
            status => Err(trouble(format!("the server answered {status}"), io::Error::other(status.to_string()))),
        }
    }

    fn is_of(&self, range: ByteRange, response: &Response) -> bool {
        let expected = format!("bytes {}-{}/{}", range.start(), range.end() - 1, self.len);
        let ranged = response.headers().get(CONTENT_RANGE).is_some_and(|value| value.as_bytes() == expected.as_bytes());
        ranged && self.has_tag(response)
    }

    /// A server that sends none with its answer has held ours against its own (If-Match).
    fn has_tag(&self, response: &Response) -> bool {
        response.headers().get(ETAG).is_none_or(|value| value.as_bytes() == self.etag.as_bytes())
    }
}

/// The body, which must have just so many bytes: a connection that ends early is an error, not an end.
fn body(response: Response, len: u64) -> ByteStream {
    let bytes = response.bytes_stream().map_err(|error| lost(&error)).boxed();
    stream::try_unfold((bytes, len), |(mut bytes, left)| async move {
        match (bytes.next().await.transpose()?, left) {
            (None, 0) => Ok(None),
            (None, _) => Err(trouble("the server ended early".to_owned(), io::ErrorKind::UnexpectedEof.into())),
            (Some(piece), left) => {
                let left = left.checked_sub(piece.len() as u64).ok_or(ReadError::Changed)?;
                Ok(Some((piece, (bytes, left))))
            }
        }
    })
    .boxed()
}

fn lost(error: &reqwest::Error) -> ReadError {
    let failure = failure::unanswered_words(error);
    trouble(failure, io::Error::other("no answer"))
}

fn trouble(context: String, source: io::Error) -> ReadError {
    ReadError::Io { context, source }
}
