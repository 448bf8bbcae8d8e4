//! A Pawl server: [`wire::uploads`] from the sender's side, call by call.
//!
//! The client names the upload, so that a lost reply leaves nothing behind; a chunk carries its digest as the last of
//! its bytes, so that the server compares before it acknowledges. (A trailer field lost: proxies drop those.)

mod answers;
mod content;
mod links;
mod listing;
mod probe;
mod terms;
#[cfg(test)]
mod tests;
mod watching;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use reqwest::{Method, RequestBuilder, Url};
use thiserror::Error;
use tokio::sync::watch;
use transfer::error::{Class, Operation, RemoteError};
use transfer::ids::ObjectId;
use transfer::layout::ChunkLayout;
use transfer::range::RangeReader;
use transfer::remote::{
    Amendment, Arriving, Capabilities, ChunkReceipt, Completed, Completion, NewUpload, Order, Proof, PutChunk, Remote,
    UploadHandle, UploadStatus, Wishes,
};
use wire::uploads::{self, BEST_CHUNK, CHUNK_WITH_CV, CV_LEN, LONGEST_CHUNK, MAX_CHUNKS, SHORTEST_CHUNK};

use crate::Connection;
use crate::connection::SILENCE;
use crate::outgoing::Outgoing;
use crate::patience;
use crate::reading::{HttpReader, length_and_tag};
use answers::{acknowledged, answered, parsed, problem, sent};
use content::Content;

pub use listing::Unfinished;

/// RFC 3986, section 2.3.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// How long a server keeps an upload that gets no more bytes, unless it says otherwise.
const EXPIRY: Duration = Duration::from_secs(7 * 24 * 3600);

/// Why an address is no server's.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum AddressError {
    /// It is no URL.
    #[error("that is no address: write http://HOST:PORT or https://HOST")]
    NoUrl,
    /// It is one of something else.
    #[error("the address of a server begins with http:// or https://")]
    Scheme,
    /// There is more in it than a server: perhaps a password, which is not repeated here.
    #[error("the address must be that of the server alone: no name, password, question or mark in it")]
    More,
    /// The token has bytes that cannot be sent.
    #[error("the token holds bytes that no token has")]
    Token,
}

/// A Pawl server as a destination.
#[derive(Clone)]
pub struct Native {
    connection: Connection,
    base: Url,
    /// Marked sensitive, so that nothing prints it.
    authorization: Option<HeaderValue>,
}

impl fmt::Debug for Native {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Native").field("base", &self.base.as_str()).finish_non_exhaustive()
    }
}

impl Native {
    /// The server at `address`, with a bearer token where it wants one. Asks nothing of it yet.
    pub fn new(connection: Connection, address: &str, token: Option<&str>) -> Result<Self, AddressError> {
        let mut base = Url::parse(address).map_err(|_| AddressError::NoUrl)?;
        if !matches!(base.scheme(), "http" | "https") {
            return Err(AddressError::Scheme);
        }
        let bare = base.username().is_empty() && base.password().is_none();
        if !bare || base.query().is_some() || base.fragment().is_some() {
            return Err(AddressError::More);
        }
        if !base.path().ends_with('/') {
            base.set_path(&format!("{}/", base.path()));
        }
        let authorization = token.map(bearer).transpose()?;
        Ok(Self { connection, base, authorization })
    }

    fn url(&self, path: &[&str]) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(["api", "v1"]).extend(path);
        }
        url
    }

    fn request(&self, method: Method, path: &[&str]) -> RequestBuilder {
        self.let_in(self.connection.client().request(method, self.url(path)))
    }

    fn let_in(&self, request: RequestBuilder) -> RequestBuilder {
        match &self.authorization {
            Some(authorization) => request.header(reqwest::header::AUTHORIZATION, authorization.clone()),
            None => request,
        }
    }

    fn upload(&self, method: Method, handle: &UploadHandle, rest: &[&str]) -> RequestBuilder {
        self.request(method, &[&["uploads", handle.0.as_str()], rest].concat())
    }
}

fn bearer(token: &str) -> Result<HeaderValue, AddressError> {
    let mut value = HeaderValue::from_str(&format!("Bearer {token}")).map_err(|_| AddressError::Token)?;
    value.set_sensitive(true);
    Ok(value)
}

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl Remote for Native {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            chunk_len: SHORTEST_CHUNK..=LONGEST_CHUNK,
            preferred_chunk_len: BEST_CHUNK,
            max_chunks: MAX_CHUNKS,
            order: Order::AnyOrder,
            byte_resume: false,
            finishes_itself: false,
            checksums: true,
            proof: Proof::Root,
            ranged_read: true,
            handle_ttl: Some(EXPIRY),
            wishes: true,
            amends: true,
            names: true,
        }
    }

    async fn begin(&self, upload: &NewUpload) -> Result<UploadHandle, RemoteError> {
        let new = uploads::NewUpload {
            id: upload.transfer.0.to_string(),
            name: percent_encode(upload.name.as_bytes(), UNRESERVED).to_string(),
            size: upload.layout.size(),
            chunk_len: upload.layout.chunk_len(),
            taken: terms::taken(upload.placing.taken),
        };
        let request = self.request(Method::POST, &["uploads"]).json(&new);
        let begun: uploads::Upload = parsed(Operation::Begin, answered(Operation::Begin, request).await?).await?;
        Ok(UploadHandle(match begun {
            uploads::Upload::Receiving(receiving) => receiving.handle,
            uploads::Upload::Completed(completed) => completed.handle,
        }))
    }

    async fn status(&self, handle: &UploadHandle, layout: &ChunkLayout) -> Result<UploadStatus, RemoteError> {
        let request = self.upload(Method::GET, handle, &[]);
        let answer = match answered(Operation::Status, request).await {
            Err(error) if error.class == Class::Expired => return Ok(UploadStatus::Unknown),
            answer => answer?,
        };
        answers::status(parsed(Operation::Status, answer).await?, layout)
    }

    async fn put_chunk(&self, put: PutChunk) -> Result<ChunkReceipt, RemoteError> {
        let number = put.index.get().to_string();
        let digest = |cv: transfer::tree::Cv| Bytes::copy_from_slice(&cv.0);
        let body = Outgoing::with_tail(put.body, digest, CV_LEN as u64);
        let beats = body.pulse();
        let url = self.url(&["uploads", &put.handle.0, "chunks", &number]);
        let request = self.let_in(self.connection.sender().put(url)).header(CONTENT_TYPE, CHUNK_WITH_CV);
        let request = request.body(body.into_body());
        let response = patience::answered(Operation::Put, request, beats, SILENCE).await?;
        acknowledged(Operation::Put, response).await?;
        Ok(ChunkReceipt::default())
    }

    async fn amend(&self, amendment: &Amendment) -> Result<UploadHandle, RemoteError> {
        let request = self.upload(Method::POST, &amendment.handle, &["amend"]).json(&answers::amend(amendment));
        let answer = answered(Operation::Amend, request).await.map_err(answers::not_amended)?;
        let amended: uploads::Amended = parsed(Operation::Amend, answer).await?;
        Ok(UploadHandle(amended.handle))
    }

    async fn complete(&self, completion: &Completion) -> Result<Completed, RemoteError> {
        let Completion { handle, layout, root, .. } = completion;
        let taken = terms::taken(completion.taken);
        let (size, chunk_len) = (layout.size(), layout.chunk_len());
        let complete = uploads::Complete { blake3: root.to_string(), size, chunk_len, taken };
        let request = self.upload(Method::POST, handle, &["complete"]).json(&complete);
        let answer = answered(Operation::Complete, request).await?;
        let completed: uploads::Completed = parsed(Operation::Complete, answer).await?;
        Ok(Completed { object: ObjectId(completed.video), proof: Proof::Root })
    }

    async fn abort(&self, handle: &UploadHandle) -> Result<(), RemoteError> {
        let response = sent(Operation::Abort, self.upload(Method::DELETE, handle, &[])).await?;
        acknowledged(Operation::Abort, response).await
    }

    async fn open(&self, object: &ObjectId) -> Result<Arc<dyn RangeReader>, RemoteError> {
        let head = self.request(Method::HEAD, &["videos", object.0.as_str(), "content"]);
        let answer = answered(Operation::Read, head).await?;
        let known = length_and_tag(answer.headers());
        let (len, etag) = known.ok_or_else(|| problem(Operation::Read, "the server names no length or version"))?;
        let asking = Arc::new(Content { server: self.clone(), object: object.clone() });
        Ok(Arc::new(HttpReader { asking, len, etag }))
    }

    fn wishes(&self, handle: &UploadHandle) -> Option<watch::Receiver<Wishes>> {
        let (server, handle) = (self.clone(), handle.clone());
        Some(watching::wishes(move || server.upload(Method::GET, &handle, &["events"])))
    }

    fn forget_connections(&self) {
        self.connection.forget();
    }

    async fn announce(&self, handle: &UploadHandle, arriving: Arriving) {
        let arriving = terms::arriving(arriving);
        let told = answered(Operation::Status, self.upload(Method::PUT, handle, &["arriving"]).json(&arriving)).await;
        if let Err(error) = told {
            tracing::debug!(%error, "what the sender is about was not told");
        }
    }
}
