//! A remote that reads and hashes everything and keeps nothing but digests: for measuring the sender alone.

use std::collections::{BTreeMap, HashMap};
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;
use tokio::sync::watch;

use crate::body::ChunkBody;
use crate::error::{Class, Operation, RemoteError};
use crate::ids::ObjectId;
use crate::layout::{ChunkIndex, ChunkLayout};
use crate::range::RangeReader;
use crate::remote::{
    Amendment, Arriving, Capabilities, ChunkReceipt, Completed, Completion, NewUpload, Order, Proof, PutChunk,
    Received, Remote, UploadHandle, UploadStatus, Wishes,
};
use crate::tree::{ChunkHasher, Cv, root};
use crate::units::MIB;

/// A remote that keeps 32 bytes a chunk.
#[derive(Debug, Default)]
pub struct DiscardingRemote {
    uploads: Mutex<HashMap<UploadHandle, Upload>>,
}

#[derive(Debug)]
struct Upload {
    layout: ChunkLayout,
    cvs: BTreeMap<ChunkIndex, Cv>,
    completed: Option<Completed>,
}

impl DiscardingRemote {
    /// A remote without any upload.
    pub fn new() -> Self {
        Self::default()
    }

    fn uploads(&self) -> MutexGuard<'_, HashMap<UploadHandle, Upload>> {
        self.uploads.lock().expect("nothing panics while it holds the lock")
    }

    fn upload<T>(
        &self,
        operation: Operation,
        handle: &UploadHandle,
        act: impl FnOnce(&mut Upload) -> Result<T, RemoteError>,
    ) -> Result<T, RemoteError> {
        let expired = || RemoteError::new(operation, Class::Expired, "the remote knows no such upload");
        self.uploads().get_mut(handle).ok_or_else(expired).and_then(act)
    }
}

impl Upload {
    fn keep(&mut self, index: ChunkIndex, cv: Cv) -> Result<(), RemoteError> {
        let kept = *self.cvs.entry(index).or_insert(cv);
        if kept == cv { Ok(()) } else { Err(corrupt(Operation::Put)) }
    }

    fn finish(&mut self, completion: &Completion) -> Result<Completed, RemoteError> {
        if self.cvs.len() < self.layout.count() as usize {
            return Err(RemoteError::new(Operation::Complete, Class::Desync, "chunks are missing"));
        }
        let cvs: Vec<Cv> = self.cvs.values().copied().collect();
        if root(&self.layout, &cvs) != completion.root {
            return Err(corrupt(Operation::Complete));
        }
        let object = ObjectId(format!("discarded-{}", completion.handle.0));
        Ok(self.completed.insert(Completed { object, proof: Proof::Root }).clone())
    }

    fn status(&self) -> UploadStatus {
        let chunks = || self.cvs.iter().map(|(index, cv)| (*index, Some(*cv))).collect();
        let receiving = || UploadStatus::Receiving(Received { chunks: chunks(), ..Received::default() });
        self.completed.clone().map_or_else(receiving, UploadStatus::Completed)
    }
}

fn corrupt(operation: Operation) -> RemoteError {
    RemoteError::new(operation, Class::Corrupt, "what arrived does not have its digest")
}

/// Reads the body to its end and gives the digest of what came.
async fn swallow(body: &mut dyn ChunkBody, mut hasher: ChunkHasher) -> Result<Cv, RemoteError> {
    let early = || RemoteError::new(Operation::Put, Class::Transient, "the body ended early");
    while let Some(piece) = body.next().await.map_err(|stopped| early().because(stopped))? {
        hasher.update(&piece);
    }
    hasher.cv().ok_or_else(early)
}

#[async_trait]
impl Remote for DiscardingRemote {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            chunk_len: MIB..=64 * MIB,
            preferred_chunk_len: 4 * MIB,
            max_chunks: NonZeroU32::MAX,
            order: Order::AnyOrder,
            byte_resume: false,
            finishes_itself: false,
            checksums: true,
            proof: Proof::Root,
            ranged_read: false,
            handle_ttl: None,
            wishes: false,
            amends: false,
            names: false,
        }
    }

    async fn begin(&self, upload: &NewUpload) -> Result<UploadHandle, RemoteError> {
        let handle = UploadHandle(upload.transfer.to_string());
        let fresh = || Upload { layout: upload.layout, cvs: BTreeMap::new(), completed: None };
        let mut uploads = self.uploads();
        if uploads.get(&handle).is_none_or(|known| known.layout != upload.layout) {
            uploads.insert(handle.clone(), fresh());
        }
        Ok(handle)
    }

    async fn status(&self, handle: &UploadHandle, _: &ChunkLayout) -> Result<UploadStatus, RemoteError> {
        Ok(self.uploads().get(handle).map_or(UploadStatus::Unknown, Upload::status))
    }

    async fn put_chunk(&self, put: PutChunk) -> Result<ChunkReceipt, RemoteError> {
        let PutChunk { handle, layout, index, mut body } = put;
        let known = self.upload(Operation::Put, &handle, |upload| Ok(upload.layout))?;
        if known != layout || body.range() != layout.range(index) {
            return Err(RemoteError::new(Operation::Put, Class::Desync, "the body is not a chunk of this upload"));
        }
        let cv = swallow(body.as_mut(), ChunkHasher::new(&layout, index)).await?;
        if body.cv().is_some_and(|claimed| claimed != cv) {
            return Err(corrupt(Operation::Put));
        }
        self.upload(Operation::Put, &handle, |upload| upload.keep(index, cv))?;
        Ok(ChunkReceipt::default())
    }

    async fn amend(&self, _: &Amendment) -> Result<UploadHandle, RemoteError> {
        let what = "nothing of it was kept";
        Err(RemoteError::new(Operation::Amend, Class::Fatal, what))
    }

    async fn complete(&self, completion: &Completion) -> Result<Completed, RemoteError> {
        self.upload(Operation::Complete, &completion.handle, |upload| upload.finish(completion))
    }

    async fn abort(&self, handle: &UploadHandle) -> Result<(), RemoteError> {
        self.uploads().remove(handle);
        Ok(())
    }

    async fn open(&self, _: &ObjectId) -> Result<Arc<dyn RangeReader>, RemoteError> {
        Err(RemoteError::new(Operation::Read, Class::Fatal, "nothing was kept"))
    }

    fn wishes(&self, _: &UploadHandle) -> Option<watch::Receiver<Wishes>> {
        None
    }

    async fn announce(&self, _: &UploadHandle, _: Arriving) {}
}
