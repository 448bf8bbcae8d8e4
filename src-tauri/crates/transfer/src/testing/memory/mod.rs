//! A remote in memory: a complete driver, whose capabilities a test chooses and whose inside it can look at.
//!
//! It enforces what its capabilities say: a chunk out of order, a body from the middle where that is not offered, a
//! wrong digest are refused as a strict server would. The lock is held for bookkeeping only, never across an await.

mod amending;
mod inspection;
mod order;
mod reader;
mod receiving;
mod remotes;
mod shapes;
mod upload;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;
use bytes::Bytes;
use tokio::sync::watch;

use crate::error::{Class, Operation, RemoteError};
use crate::ids::ObjectId;
use crate::layout::ChunkLayout;
use crate::name::FileName;
use crate::placing::Taken;
use crate::range::RangeReader;
use crate::remote::{
    Amendment, Arriving, Capabilities, ChunkReceipt, Completed, Completion, NewUpload, Proof, PutChunk, Received,
    Remote, UploadHandle, UploadStatus, Wishes,
};
use reader::MemoryReader;
use upload::{Refusal, Upload};

pub use inspection::Put;
pub use remotes::MemoryRemotes;

/// A whole remote in memory.
#[derive(Debug)]
pub struct MemoryRemote {
    capabilities: Capabilities,
    body_limit: Option<u64>,
    new_handles: bool,
    tells_digests: bool,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    uploads: BTreeMap<String, Upload>,
    /// What uploads are called since they were amended, by the name of before.
    successors: BTreeMap<String, String>,
    objects: BTreeMap<ObjectId, Object>,
    /// So many objects were made: a replaced one's number is not given again.
    made: usize,
    puts: Vec<Put>,
    announced: Vec<(UploadHandle, Arriving)>,
    /// How often its connections were to be forgotten.
    renewals: usize,
}

impl State {
    /// Finds the upload of this name, whatever it is called since it was amended, or begins it. Another layout is another
    /// upload: what had arrived in the old one's chunks is of no use.
    fn begin(&mut self, name: String, new: &NewUpload) -> String {
        let now = self.now_called(&name);
        if self.uploads.get(&now).is_some_and(|upload| !upload.of_another_layout(&new.layout)) {
            return now;
        }
        self.uploads.remove(&now);
        self.successors.remove(&name);
        self.uploads.insert(name.clone(), Upload::new(new.name.clone(), new.layout));
        name
    }

    /// The object of an upload that is there whole, made when it is not yet.
    fn object(&mut self, upload: &str, proof: Proof, taken: Taken) -> Option<Completed> {
        let object = ObjectId(format!("object-{}", self.made + 1));
        let upload = self.uploads.get_mut(upload)?;
        let (completed, fresh) = upload.complete(Completed { object, proof });
        let name = upload.name().clone();
        if let Some(bytes) = fresh {
            self.objects.retain(|_, other| taken != Taken::Replace || other.name != name);
            self.objects.insert(completed.object.clone(), Object { name, bytes });
            self.made += 1;
        }
        Some(completed)
    }

    fn must_skip(&self, upload: &str, new: &NewUpload) -> bool {
        let taken = || self.objects.values().any(|object| object.name == new.name);
        new.placing.taken == Taken::Skip && !self.uploads.contains_key(upload) && taken()
    }
}

#[derive(Debug, Clone)]
struct Object {
    name: FileName,
    bytes: Bytes,
}

impl Default for MemoryRemote {
    fn default() -> Self {
        Self::new()
    }
}

impl MemoryRemote {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nothing panics while it holds the lock")
    }

    /// Runs `act` on an unfinished or finished upload of this layout.
    fn on_upload<T>(
        &self,
        operation: Operation,
        handle: &UploadHandle,
        layout: &ChunkLayout,
        act: impl FnOnce(&mut Upload) -> Result<T, Refusal>,
    ) -> Result<T, RemoteError> {
        let mut state = self.state();
        let upload = state.uploads.get_mut(&handle.0).ok_or_else(|| Refusal::expired().at(operation))?;
        upload.of_layout(layout).and_then(act).map_err(|refusal| refusal.at(operation))
    }

    /// Makes an object of an upload whose last byte is there, where the capabilities say so.
    fn finish_itself(&self, name: &str) {
        let (mut state, able) = (self.state(), &self.capabilities);
        if able.finishes_itself && state.uploads.get(name).is_some_and(Upload::is_whole) {
            state.object(name, able.proof, Taken::KeepBoth);
        }
    }

    fn permits(&self, layout: &ChunkLayout) -> bool {
        let able = &self.capabilities;
        able.chunk_len.contains(&layout.chunk_len()) && layout.count() <= able.max_chunks.get()
    }
}

fn without_digests(status: UploadStatus) -> UploadStatus {
    match status {
        UploadStatus::Receiving(received) => {
            let chunks = received.chunks.into_iter().map(|(index, _)| (index, None)).collect();
            UploadStatus::Receiving(Received { chunks, ..received })
        }
        other @ (UploadStatus::Completed(_) | UploadStatus::Unknown) => other,
    }
}

#[async_trait]
impl Remote for MemoryRemote {
    fn capabilities(&self) -> Capabilities {
        self.capabilities.clone()
    }

    async fn begin(&self, new: &NewUpload) -> Result<UploadHandle, RemoteError> {
        if !self.permits(&new.layout) {
            let context = "the remote does not take chunks of this length or number";
            return Err(RemoteError::new(Operation::Begin, Class::Fatal, context));
        }
        let name = new.transfer.to_string();
        let mut state = self.state();
        if state.must_skip(&name, new) {
            return Err(RemoteError::new(Operation::Begin, Class::Taken, "an object of this name is there"));
        }
        let name = state.begin(name, new);
        drop(state);
        self.finish_itself(&name);
        Ok(UploadHandle(name))
    }

    async fn status(&self, handle: &UploadHandle, layout: &ChunkLayout) -> Result<UploadStatus, RemoteError> {
        if !self.state().uploads.contains_key(&handle.0) {
            return Ok(UploadStatus::Unknown);
        }
        let keeps_parts = self.capabilities.byte_resume;
        let status = self.on_upload(Operation::Status, handle, layout, |upload| Ok(upload.status(keeps_parts)))?;
        Ok(if self.tells_digests { status } else { without_digests(status) })
    }

    async fn put_chunk(&self, put: PutChunk) -> Result<ChunkReceipt, RemoteError> {
        let writer = self.state().enter(&put);
        if self.body_limit.is_some_and(|limit| put.body.range().len() > limit) {
            return Err(RemoteError::new(Operation::Put, Class::TooLarge, "the body is longer than the remote takes"));
        }
        self.receive(put, writer).await
    }

    async fn amend(&self, amendment: &Amendment) -> Result<UploadHandle, RemoteError> {
        if !self.capabilities.amends || !amendment.is_sound() || !self.permits(&amendment.after) {
            return Err(RemoteError::new(Operation::Amend, Class::Fatal, "the remote does not amend uploads so"));
        }
        self.state().amend(amendment, self.new_handles).map_err(|refusal| refusal.at(Operation::Amend))
    }

    async fn complete(&self, completion: &Completion) -> Result<Completed, RemoteError> {
        let proof = self.capabilities.proof;
        let mut state = self.state();
        let upload =
            state.uploads.get_mut(&completion.handle.0).ok_or_else(|| Refusal::expired().at(Operation::Complete))?;
        upload.may_complete(completion, proof).map_err(|why| why.at(Operation::Complete))?;
        state
            .object(&completion.handle.0, proof, completion.taken)
            .ok_or_else(|| Refusal::expired().at(Operation::Complete))
    }

    async fn abort(&self, handle: &UploadHandle) -> Result<(), RemoteError> {
        // A finished upload is an object; giving the upload up does not delete it. Where nobody finishes, an upload
        // that is there whole is still one.
        let keeps = |upload: &Upload| upload.is_finished() && !self.capabilities.finishes_itself;
        let mut state = self.state();
        let now = state.now_called(&handle.0);
        state.uploads.retain(|name, upload| *name != now || keeps(upload));
        Ok(())
    }

    async fn open(&self, object: &ObjectId) -> Result<Arc<dyn RangeReader>, RemoteError> {
        if !self.capabilities.ranged_read {
            return Err(RemoteError::new(Operation::Read, Class::Fatal, "the remote cannot be read from"));
        }
        let found = self.state().objects.get(object).map(|found| found.bytes.clone());
        let bytes =
            found.ok_or_else(|| RemoteError::new(Operation::Read, Class::Expired, "there is no such object"))?;
        Ok(Arc::new(MemoryReader::new(object.clone(), bytes)))
    }

    fn wishes(&self, handle: &UploadHandle) -> Option<watch::Receiver<Wishes>> {
        let state = self.state();
        state.uploads.get(&handle.0).filter(|_| self.capabilities.wishes).map(Upload::wishes)
    }

    fn forget_connections(&self) {
        self.state().renewals += 1;
    }

    async fn announce(&self, handle: &UploadHandle, arriving: Arriving) {
        self.state().announced.push((handle.clone(), arriving));
    }
}
