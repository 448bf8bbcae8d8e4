//! S3 and what speaks like it: a chunk is a part of a multipart upload.
//!
//! Who owns what: `store` signs and sends, `begin` finds a name and the upload, `parts` sends and lists, `complete`
//! makes the object, `finished` knows an object of ours again. Invariants: nothing at a key is ever written over; only
//! parts that the store answered for are counted and finished, so that `Proof::Parts` means that every part's MD5 was
//! equal; a signature or key appears in no log.

mod address;
mod begin;
mod complete;
mod credentials;
mod finished;
mod handle;
mod links;
mod mark;
mod options;
mod parts;
mod probe;
mod reading;
mod refusal;
mod store;
mod sum;
#[cfg(test)]
mod tests;
mod unfinished;
mod verdict;
mod xml;

use std::num::NonZeroU32;
use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::{Mutex, watch};
use transfer::error::{Class, Operation, RemoteError};
use transfer::ids::ObjectId;
use transfer::layout::ChunkLayout;
use transfer::name::FileName;
use transfer::range::RangeReader;
use transfer::remote::{
    Amendment, Arriving, Capabilities, ChunkReceipt, Completed, Completion, NewUpload, Order, Proof, PutChunk, Remote,
    UploadHandle, UploadStatus, Wishes,
};
use transfer::units::MIB;

pub use address::{AddressError, S3Address};
pub use credentials::{MissingKey, S3Credentials};
pub use unfinished::Unfinished;

use crate::Connection;
use complete::Manners;
use finished::{Found, Owner};
use handle::Handle;
use store::{Store, unless};

/// The part length to plan with; the protocol's least is 5 MiB, and layouts know powers of two.
const PART: u64 = 8 * MIB;
/// The longest part by the protocol.
const LONGEST_PART: u64 = 5 * 1024 * MIB;
/// So many films of different names begin at once.
const PLACES: usize = 16;

/// A place in a bucket, as a remote.
#[derive(Debug)]
pub struct S3 {
    address: S3Address,
    store: Store,
    manners: Manners,
    /// Who begins under one name waits for the other: two that begin at once would both give way. It is held while the
    /// store is asked, on purpose. Films of other names share a place by chance only.
    beginning: [Mutex<()>; PLACES],
}

impl S3 {
    /// Asks nothing of the store yet.
    pub fn new(address: S3Address, credentials: S3Credentials, connection: Connection) -> Result<Self, AddressError> {
        let store = Store { bucket: address.bucket()?, credentials, connection };
        Ok(Self { address, store, manners: Manners::default(), beginning: std::array::from_fn(|_| Mutex::new(())) })
    }

    fn completed(&self, handle: &Handle) -> Completed {
        let proof = if handle.vouches { Proof::Parts } else { Proof::SizeOnly };
        Completed { object: ObjectId(self.address.object(&handle.key)), proof }
    }

    async fn finished(&self, handle: &Handle, layout: &ChunkLayout) -> Result<UploadStatus, RemoteError> {
        let owner = Owner { upload: handle.upload, size: layout.size() };
        Ok(match self.store.look(Operation::Status, &handle.key, owner).await? {
            Found::Ours(_) => UploadStatus::Completed(self.completed(handle)),
            Found::Nothing | Found::Foreign => UploadStatus::Unknown,
        })
    }
}

fn place(name: &FileName) -> usize {
    let sum = name.as_bytes().iter().fold(0_usize, |sum, byte| sum.wrapping_mul(31).wrapping_add((*byte).into()));
    sum % PLACES
}

#[async_trait]
impl Remote for S3 {
    fn capabilities(&self) -> Capabilities {
        // The last number is the mark's.
        let parts = u32::from(self.address.parts()) - 1;
        Capabilities {
            chunk_len: PART..=LONGEST_PART,
            preferred_chunk_len: PART,
            max_chunks: NonZeroU32::new(parts).unwrap_or(NonZeroU32::MIN),
            order: Order::AnyOrder,
            byte_resume: false,
            finishes_itself: false,
            // A store sums MD5s and knows no digest of ours: it cannot refuse what has a wrong one.
            checksums: false,
            proof: Proof::Parts,
            ranged_read: true,
            handle_ttl: None,
            wishes: false,
            amends: true,
            names: true,
        }
    }

    async fn begin(&self, upload: &NewUpload) -> Result<UploadHandle, RemoteError> {
        let _alone = self.beginning[place(&upload.name)].lock().await;
        Ok(begin::begin(&self.store, &self.address, upload).await?.written())
    }

    async fn status(&self, handle: &UploadHandle, layout: &ChunkLayout) -> Result<UploadStatus, RemoteError> {
        let handle = Handle::read(Operation::Status, handle)?;
        let Some(id) = &handle.id else { return self.finished(&handle, layout).await };
        let parts = unless("NoSuchUpload", parts::listed(&self.store, Operation::Status, &handle.key, id).await)?;
        match parts {
            Some(parts) => Ok(UploadStatus::Receiving(parts::received(layout, parts))),
            None => self.finished(&handle, layout).await,
        }
    }

    async fn put_chunk(&self, put: PutChunk) -> Result<ChunkReceipt, RemoteError> {
        let handle = Handle::read(Operation::Put, &put.handle)?;
        let finished = || RemoteError::new(Operation::Put, Class::Desync, "the upload is finished already");
        let id = handle.id.clone().ok_or_else(finished)?;
        parts::put(&self.store, &handle, &id, put).await
    }

    async fn amend(&self, amendment: &Amendment) -> Result<UploadHandle, RemoteError> {
        parts::amend(&self.store, amendment, self.capabilities().max_chunks).await
    }

    async fn complete(&self, completion: &Completion) -> Result<Completed, RemoteError> {
        let handle = Handle::read(Operation::Complete, &completion.handle)?;
        complete::complete(&self.store, &self.manners, &handle, completion).await?;
        Ok(self.completed(&handle))
    }

    async fn abort(&self, handle: &UploadHandle) -> Result<(), RemoteError> {
        // What cannot be read is of no upload that could be given up.
        let handle = Handle::read(Operation::Abort, handle).ok();
        match handle.as_ref().and_then(|handle| handle.id.as_ref().map(|id| (id, &handle.key))) {
            Some((id, key)) => begin::abort(&self.store, Operation::Abort, key, id).await,
            None => Ok(()),
        }
    }

    async fn open(&self, object: &ObjectId) -> Result<Arc<dyn RangeReader>, RemoteError> {
        let missing = || RemoteError::new(Operation::Read, Class::Expired, "there is no such object");
        let key = self.address.key_of(&object.0).ok_or_else(missing)?;
        let found = self.store.object(Operation::Read, key).await?.ok_or_else(missing)?;
        Ok(reading::reader(self.store.clone(), key.to_owned(), found))
    }

    fn wishes(&self, _handle: &UploadHandle) -> Option<watch::Receiver<Wishes>> {
        None
    }

    async fn announce(&self, _handle: &UploadHandle, _arriving: Arriving) {}
}
