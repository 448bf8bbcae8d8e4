//! A remote that writes down in which order chunks set out.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use tokio::sync::watch;
use transfer::error::RemoteError;
use transfer::ids::ObjectId;
use transfer::layout::ChunkLayout;
use transfer::range::RangeReader;
use transfer::remote::{
    Arriving, Capabilities, ChunkReceipt, Completed, Completion, NewUpload, PutChunk, Remote, UploadHandle,
    UploadStatus, Wishes,
};

/// A decorator that changes nothing.
#[derive(Debug)]
pub struct Recording {
    inner: Arc<dyn Remote>,
    puts: Mutex<Vec<u32>>,
    handle: Mutex<Option<UploadHandle>>,
}

impl Recording {
    /// Around `inner`.
    pub fn new(inner: Arc<dyn Remote>) -> Self {
        Self { inner, puts: Mutex::default(), handle: Mutex::default() }
    }

    /// The numbers of the chunks that set out so far, in order.
    pub fn puts(&self) -> Vec<u32> {
        self.puts.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The upload that was begun last.
    pub fn handle(&self) -> Option<UploadHandle> {
        self.handle.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl Remote for Recording {
    fn capabilities(&self) -> Capabilities {
        self.inner.capabilities()
    }

    async fn begin(&self, upload: &NewUpload) -> Result<UploadHandle, RemoteError> {
        let handle = self.inner.begin(upload).await?;
        *self.handle.lock().unwrap_or_else(PoisonError::into_inner) = Some(handle.clone());
        Ok(handle)
    }

    async fn status(&self, handle: &UploadHandle, layout: &ChunkLayout) -> Result<UploadStatus, RemoteError> {
        self.inner.status(handle, layout).await
    }

    async fn put_chunk(&self, put: PutChunk) -> Result<ChunkReceipt, RemoteError> {
        self.puts.lock().unwrap_or_else(PoisonError::into_inner).push(put.index.get());
        self.inner.put_chunk(put).await
    }

    async fn complete(&self, completion: &Completion) -> Result<Completed, RemoteError> {
        self.inner.complete(completion).await
    }

    async fn abort(&self, handle: &UploadHandle) -> Result<(), RemoteError> {
        self.inner.abort(handle).await
    }

    async fn open(&self, object: &ObjectId) -> Result<Arc<dyn RangeReader>, RemoteError> {
        self.inner.open(object).await
    }

    fn wishes(&self, handle: &UploadHandle) -> Option<watch::Receiver<Wishes>> {
        self.inner.wishes(handle)
    }

    async fn announce(&self, handle: &UploadHandle, arriving: Arriving) {
        self.inner.announce(handle, arriving).await;
    }
}
