//! Reading a film back, from a server that serves ranges of its uploads. tus says nothing of reading: it is tried.

use std::sync::Arc;

use async_trait::async_trait;
use reqwest::header::{CONTENT_RANGE, ETAG, HeaderMap, RANGE};
use reqwest::{Method, RequestBuilder, StatusCode, Url};
use transfer::error::{Operation, RemoteError};
use transfer::ids::ObjectId;
use transfer::range::{RangeReader, ReadError};
use transfer::remote::UploadHandle;

use super::answer;
use super::requests::{self, Requests, fatal};
use crate::reading::{Asking, HttpReader};

/// Asks for one byte, to learn whether there are ranges, how long the film is, and by what it is known again.
pub(super) async fn open(requests: &Requests, object: &ObjectId) -> Result<Arc<dyn RangeReader>, RemoteError> {
    let url = requests::upload(Operation::Read, &UploadHandle(object.0.clone()))?;
    let request = requests.to(Method::GET, url.clone()).header(RANGE, "bytes=0-0");
    let response = requests.send(Operation::Read, request).await?;
    if requests.does_not_know(&response) {
        return Err(answer::unknown(Operation::Read));
    }
    match response.status() {
        StatusCode::PARTIAL_CONTENT => {
            let found = len(response.headers()).zip(etag(response.headers()));
            let (len, etag) =
                found.ok_or_else(|| fatal(Operation::Read, "the server serves ranges without an ETag"))?;
            Ok(Arc::new(HttpReader { asking: Arc::new(Place { requests: requests.clone(), url }), len, etag }))
        }
        StatusCode::OK | StatusCode::METHOD_NOT_ALLOWED | StatusCode::NOT_IMPLEMENTED => {
            Err(fatal(Operation::Read, "the server takes films and serves no ranges of them"))
        }
        _ => Err(answer::refused(Operation::Read, response).await),
    }
}

fn len(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_RANGE)?.to_str().ok()?.strip_prefix("bytes 0-0/")?.parse().ok()
}

/// A strong one: a weak one does not promise the same bytes.
fn etag(headers: &HeaderMap) -> Option<String> {
    let etag = headers.get(ETAG)?.to_str().ok()?;
    (!etag.starts_with("W/")).then(|| etag.to_owned())
}

#[derive(Debug)]
struct Place {
    requests: Requests,
    url: Url,
}

#[async_trait]
impl Asking for Place {
    async fn get(&self) -> Result<RequestBuilder, ReadError> {
        Ok(self.requests.to(Method::GET, self.url.clone()))
    }
}
