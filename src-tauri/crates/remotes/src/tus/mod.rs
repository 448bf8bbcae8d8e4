//! Servers that speak tus 1.0.0 (<https://tus.io/protocols/resumable-upload>): an upload is an address, and a chunk a
//! PATCH at its end. Owner: the destination. Invariant: what the server says it has, by HEAD, is all that counts, and
//! an upload's address is given up only when the server no longer knows it.
//!
//! A chunk is only our unit of bookkeeping here: what arrived of a broken one is kept, and the next PATCH goes on at
//! that byte. A tus server has no request that finishes an upload; its last byte does.
//!
//! Where the server verifies checksums (`checksum`), every byte goes with one, and that is the proof; else it is the size
//! alone. Where a film can be begun with its parts, four of them travel side by side (`place`).

mod access;
mod answer;
mod checksum;
mod creating;
mod metadata;
mod object;
mod offer;
mod place;
mod probe;
mod requests;
mod sending;
mod standing;
#[cfg(test)]
mod tests;

use std::num::NonZeroU32;
use std::sync::Arc;

use async_trait::async_trait;
use reqwest::Method;
pub use reqwest::Url;
use tokio::sync::watch;
use transfer::error::{Class, Operation, RemoteError};
use transfer::ids::ObjectId;
use transfer::layout::{ChunkLayout, MIN_CHUNK_LEN};
use transfer::range::RangeReader;
use transfer::remote::{
    Amendment, Arriving, Capabilities, ChunkReceipt, Completed, Completion, NewUpload, Order, Proof, PutChunk, Remote,
    UploadHandle, UploadStatus, Wishes,
};
use transfer::units::MIB;

use crate::connection::ConnectionSetup;
pub use access::{Access, AccessError};
use offer::Offer;
use place::Place;
pub(crate) use probe::probe;
use requests::Requests;
use standing::{Film, begun};

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

    async fn delete(&self, url: Url) -> Result<(), RemoteError> {
        let response = self.requests.send(Operation::Abort, self.requests.to(Method::DELETE, url)).await?;
        let gone = response.status().is_success() || self.requests.does_not_know(&response);
        if gone { Ok(()) } else { Err(answer::refused(Operation::Abort, response).await) }
    }

    fn finished(&self, place: &Place) -> Completed {
        Completed { object: ObjectId(place.whole.to_string()), proof: self.proof() }
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
            order: if self.offer.parts { Order::Lanes(place::LANES) } else { Order::Sequential },
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
            amends: false,
            names: false,
        }
    }

    /// A lost reply leaves one empty upload behind, or its parts, for tus lets nobody name one; they expire at the server.
    async fn begin(&self, upload: &NewUpload) -> Result<UploadHandle, RemoteError> {
        self.offer.admits(upload.layout.size())?;
        Ok(self.create_film(upload).await?.written())
    }

    async fn status(&self, handle: &UploadHandle, layout: &ChunkLayout) -> Result<UploadStatus, RemoteError> {
        let place = Place::read(Operation::Status, handle)?;
        Ok(match self.film(Operation::Status, &place, layout.size()).await? {
            None => UploadStatus::Unknown,
            Some(Film::Whole) => UploadStatus::Completed(self.finished(&place)),
            Some(Film::Begun(offset)) => UploadStatus::Receiving(begun(layout, offset)),
            Some(Film::InParts) => match self.received(&place, layout).await? {
                Some(received) => UploadStatus::Receiving(received),
                // Parts may go once the film is put together of them.
                None if self.film(Operation::Status, &place, layout.size()).await? == Some(Film::Whole) => {
                    UploadStatus::Completed(self.finished(&place))
                }
                None => UploadStatus::Unknown,
            },
        })
    }

    async fn put_chunk(&self, put: PutChunk) -> Result<ChunkReceipt, RemoteError> {
        sending::send(&self.requests, self.offer.checksums, put).await
    }

    async fn amend(&self, _: &Amendment) -> Result<UploadHandle, RemoteError> {
        let what = "a tus server never writes again what it has";
        Err(RemoteError::new(Operation::Amend, Class::Fatal, what))
    }

    async fn complete(&self, completion: &Completion) -> Result<Completed, RemoteError> {
        let place = Place::read(Operation::Complete, &completion.handle)?;
        let (layout, size) = (&completion.layout, completion.layout.size());
        match self.film(Operation::Complete, &place, size).await? {
            None => Err(answer::unknown(Operation::Complete)),
            Some(Film::Whole) => Ok(self.finished(&place)),
            Some(Film::Begun(offset)) => Err(answer::unfinished(offset, size)),
            Some(Film::InParts) => self.put_together(&place, layout).await.map(|()| self.finished(&place)),
        }
    }

    /// An upload that is there whole goes too: where nobody finishes, it is an object only once we say that it is done.
    async fn abort(&self, handle: &UploadHandle) -> Result<(), RemoteError> {
        if !self.offer.termination {
            // It expires, or stays: the server offers nothing else.
            return Ok(());
        }
        let place = Place::read(Operation::Abort, handle)?;
        for url in std::iter::once(place.whole).chain(place.parts) {
            self.delete(url).await?;
        }
        Ok(())
    }

    async fn open(&self, object: &ObjectId) -> Result<Arc<dyn RangeReader>, RemoteError> {
        object::open(&self.requests, object).await
    }

    fn wishes(&self, _: &UploadHandle) -> Option<watch::Receiver<Wishes>> {
        None
    }

    async fn announce(&self, _: &UploadHandle, _: Arriving) {}
}
