//! A remote that writes down what sets out, what is acknowledged and what is finished.
//!
//! A decorator that changes nothing. Invariant: what is told was answered before; so whoever hears it may hold the
//! remote to it, whatever happens next.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use transfer::error::RemoteError;
use transfer::ids::ObjectId;
use transfer::layout::ChunkLayout;
use transfer::range::RangeReader;
use transfer::remote::{
    Amendment, Arriving, Capabilities, ChunkReceipt, Completed, Completion, NewUpload, PutChunk, Remote, UploadHandle,
    UploadStatus, Wishes,
};

/// What was seen of an upload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Told {
    /// The remote gave it a handle.
    Begun(UploadHandle),
    /// The chunk with this number set out.
    SetOut(UploadHandle, u32),
    /// The remote acknowledged it.
    Acked(UploadHandle, u32),
    /// The remote finished it.
    Completed(UploadHandle, ObjectId),
}

/// Who hears everything at once.
pub type Listener = Box<dyn Fn(&Told) + Send + Sync>;

/// The decorator.
pub struct Recording {
    inner: Arc<dyn Remote>,
    log: Mutex<Vec<Told>>,
    listener: Listener,
}

impl Recording {
    /// Around `inner`.
    pub fn new(inner: Arc<dyn Remote>) -> Self {
        Self::heard_by(inner, Box::new(|_| {}))
    }

    /// Around `inner`, with somebody who hears each thing as it happens.
    pub fn heard_by(inner: Arc<dyn Remote>, listener: Listener) -> Self {
        Self { inner, log: Mutex::default(), listener }
    }

    /// Everything so far, in order.
    pub fn log(&self) -> Vec<Told> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The numbers of the chunks that set out so far, in order.
    pub fn puts(&self) -> Vec<u32> {
        let set_out = |told| if let Told::SetOut(_, number) = told { Some(number) } else { None };
        self.log().into_iter().filter_map(set_out).collect()
    }

    /// The upload that was begun last.
    pub fn handle(&self) -> Option<UploadHandle> {
        let begun = |told| if let Told::Begun(handle) = told { Some(handle) } else { None };
        self.log().into_iter().rev().find_map(begun)
    }

    fn tell(&self, told: Told) {
        (self.listener)(&told);
        self.log.lock().unwrap_or_else(PoisonError::into_inner).push(told);
    }
}

impl fmt::Debug for Recording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Recording").field(&self.inner).finish()
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
        self.tell(Told::Begun(handle.clone()));
        Ok(handle)
    }

    async fn status(&self, handle: &UploadHandle, layout: &ChunkLayout) -> Result<UploadStatus, RemoteError> {
        self.inner.status(handle, layout).await
    }

    async fn put_chunk(&self, put: PutChunk) -> Result<ChunkReceipt, RemoteError> {
        let (handle, number) = (put.handle.clone(), put.index.get());
        self.tell(Told::SetOut(handle.clone(), number));
        let receipt = self.inner.put_chunk(put).await?;
        self.tell(Told::Acked(handle, number));
        Ok(receipt)
    }

    async fn amend(&self, amendment: &Amendment) -> Result<UploadHandle, RemoteError> {
        self.inner.amend(amendment).await
    }

    async fn complete(&self, completion: &Completion) -> Result<Completed, RemoteError> {
        let completed = self.inner.complete(completion).await?;
        self.tell(Told::Completed(completion.handle.clone(), completed.object.clone()));
        Ok(completed)
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
