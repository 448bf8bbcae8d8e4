//! Servers that speak tus 1.0.0 (<https://tus.io/protocols/resumable-upload>): an upload is an address, and a chunk a
//! PATCH at its end. Owner: the destination. Invariant: what the server says it has, by HEAD, is all that counts, and
//! an upload's address is given up only when the server no longer knows it.
//!
//! A chunk is only our unit of bookkeeping here: what arrived of a broken one is kept, and the next PATCH goes on at
//! that byte. A tus server has no request that finishes an upload; its last byte does.
//!
//! Where the server verifies checksums (`checksum`), every byte goes with one, and that is the proof; else it is the size
//! alone. What is absent: parallel parts (`concatenation`), which no server of the tests knows.

mod access;
mod answer;
mod checksum;
mod metadata;
mod object;
mod offer;
mod probe;
mod requests;
mod sending;
#[cfg(test)]
mod tests;

use std::num::NonZeroU32;
use std::sync::Arc;

use async_trait::async_trait;
pub use reqwest::Url;
use reqwest::header::CONTENT_LENGTH;
use reqwest::{Method, StatusCode};
use tokio::sync::watch;
use transfer::error::{Operation, RemoteError};
use transfer::ids::ObjectId;
use transfer::layout::{ByteRange, ChunkLayout, MIN_CHUNK_LEN};
use transfer::range::RangeReader;
use transfer::remote::{
    Arriving, Capabilities, ChunkReceipt, Completed, Completion, NewUpload, Order, Proof, PutChunk, Received, Remote,
    UploadHandle, UploadStatus, Wishes,
};
use transfer::units::MIB;

use crate::connection::ConnectionSetup;
pub use access::{Access, AccessError};
use offer::Offer;
pub(crate) use probe::probe;
use requests::Requests;

/// The usual chunk. Each costs one round trip in which nothing flows, so short ones waste a long link; long ones make
/// progress jump, and some proxies take no body beyond 100 MB.
const CHUNK_LEN: u64 = 16 * MIB;
/// The longest chunk.
const LONGEST_CHUNK: u64 = 1024 * MIB;

/// Where a server is, and how to be let in.
#[derive(Debug, Clone)]
pub struct TusSetup {
    /// The address at which uploads are created.
    pub endpoint: Url,
    /// What is sent along to be let in.
    pub access: Access,
    /// The connection.
    pub connection: ConnectionSetup,
}

/// One tus server.
#[derive(Debug, Clone)]
pub struct Tus {
    requests: Requests,
    offer: Offer,
}

impl Tus {
    /// Asks the server once what it can do. A server that does not speak tus 1.0.0, or lets nobody begin an upload, is
    /// refused in a sentence.
    pub async fn connect(setup: TusSetup) -> Result<Self, RemoteError> {
        let requests = Requests::new(setup)?;
        let offer = Offer::of(&requests).await?;
        Ok(Self { requests, offer })
    }

    /// How much the server has, or none when it does not know the upload.
    async fn offset(&self, operation: Operation, handle: &UploadHandle, size: u64) -> Result<Option<u64>, RemoteError> {
        let url = requests::upload(operation, handle)?;
        let response = self.requests.send(operation, self.requests.to(Method::HEAD, url)).await?;
        if self.requests.does_not_know(&response) {
            return Ok(None);
        }
        answer::offset_of(operation, response, size).await.map(Some)
    }

    fn finished(&self, handle: &UploadHandle) -> Completed {
        Completed { object: ObjectId(handle.0.clone()), proof: self.proof() }
    }

    /// Where the server verifies, it has nothing whose checksum was wrong. (One that learns to verify in the middle of an
    /// upload is believed for the beginning too: it does not say what it verified.)
    fn proof(&self) -> Proof {
        if self.offer.checksums.is_some() { Proof::Parts } else { Proof::SizeOnly }
    }
}

#[async_trait]
impl Remote for Tus {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            chunk_len: MIN_CHUNK_LEN..=LONGEST_CHUNK,
            preferred_chunk_len: CHUNK_LEN,
            max_chunks: NonZeroU32::MAX,
            order: Order::Sequential,
            byte_resume: true,
            finishes_itself: true,
            // What it verifies are digests of its own, not the chunk's.
            checksums: false,
            proof: self.proof(),
            // That a server answers GET with ranges shows at the first film only; @tus/server answers with the whole.
            ranged_read: false,
            // A server tells of each upload when it expires, never of all.
            handle_ttl: None,
            wishes: false,
        }
    }

    /// A lost reply leaves one empty upload behind, for tus lets nobody name one; it expires at the server.
    async fn begin(&self, upload: &NewUpload) -> Result<UploadHandle, RemoteError> {
        let size = upload.layout.size();
        self.offer.admits(size)?;
        let request = self.requests.to(Method::POST, self.requests.endpoint().clone());
        // Without a body the client sends no length, and some servers take no POST without one (411).
        let request = request
            .header(CONTENT_LENGTH, 0)
            .header("Upload-Length", size)
            .header("Upload-Metadata", metadata::of(&upload.name));
        let response = self.requests.send(Operation::Begin, request).await?;
        if response.status() != StatusCode::CREATED {
            return Err(answer::not_begun(response, size).await);
        }
        let url = answer::location(response.headers(), self.requests.endpoint())?;
        Ok(UploadHandle(url.into()))
    }

    async fn status(&self, handle: &UploadHandle, layout: &ChunkLayout) -> Result<UploadStatus, RemoteError> {
        Ok(match self.offset(Operation::Status, handle, layout.size()).await? {
            None => UploadStatus::Unknown,
            Some(offset) if offset == layout.size() => UploadStatus::Completed(self.finished(handle)),
            Some(offset) => UploadStatus::Receiving(received(layout, offset)),
        })
    }

    async fn put_chunk(&self, put: PutChunk) -> Result<ChunkReceipt, RemoteError> {
        sending::send(&self.requests, self.offer.checksums, put).await
    }

    async fn complete(&self, completion: &Completion) -> Result<Completed, RemoteError> {
        let (handle, size) = (&completion.handle, completion.layout.size());
        match self.offset(Operation::Complete, handle, size).await? {
            None => Err(answer::unknown(Operation::Complete)),
            Some(offset) if offset == size => Ok(self.finished(handle)),
            Some(offset) => Err(answer::unfinished(offset, size)),
        }
    }

    /// An upload that is there whole goes too: where nobody finishes, it is an object only once we say that it is done.
    async fn abort(&self, handle: &UploadHandle) -> Result<(), RemoteError> {
        if !self.offer.termination {
            // It expires, or stays: the server offers nothing else.
            return Ok(());
        }
        let url = requests::upload(Operation::Abort, handle)?;
        let response = self.requests.send(Operation::Abort, self.requests.to(Method::DELETE, url)).await?;
        let gone = response.status().is_success() || self.requests.does_not_know(&response);
        if gone { Ok(()) } else { Err(answer::refused(Operation::Abort, response).await) }
    }

    async fn open(&self, object: &ObjectId) -> Result<Arc<dyn RangeReader>, RemoteError> {
        object::open(&self.requests, object).await
    }

    fn wishes(&self, _: &UploadHandle) -> Option<watch::Receiver<Wishes>> {
        None
    }

    async fn announce(&self, _: &UploadHandle, _: Arriving) {}
}

/// The first `offset` bytes, in chunks.
fn received(layout: &ChunkLayout, offset: u64) -> Received {
    let chunks = layout.within(ByteRange::at(0, offset)).map(|index| (index, None)).collect();
    let begun = layout.chunk_at(offset).map(|index| (index, offset - layout.range(index).start()));
    let partial = begun.into_iter().filter(|(_, head)| *head > 0).collect();
    Received { chunks, partial, ..Received::default() }
}
