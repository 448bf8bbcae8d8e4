//! A decorator that ends the whole process between a call's effect and its reply: the instant that kills rarely hit.

use std::process;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use thiserror::Error;
use tokio::sync::watch;

use crate::error::RemoteError;
use crate::ids::ObjectId;
use crate::layout::ChunkLayout;
use crate::range::RangeReader;
use crate::remote::{
    Amendment, Arriving, Capabilities, ChunkReceipt, Completed, Completion, NewUpload, PutChunk, Remote, UploadHandle,
    UploadStatus, Wishes,
};

/// The exit code of a process that a [`StoppingRemote`] ended.
///
/// An exit, not an abort: it leaves a code that a test can tell from a crash. No destructor runs and no task is
/// awaited, so nothing that is not on disk yet gets there.
pub const STOPPED: i32 = 86;

/// After which effect the process ends. As text: `begin`, `put:3` (the third put), `amend`, `complete`, `abort`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// The upload was begun.
    Begin,
    /// So many puts succeeded, counted from 1.
    Put(u32),
    /// The upload was amended.
    Amend,
    /// The object was finished.
    Complete,
    /// The upload was given up.
    Abort,
}

/// The text names no [`Stop`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0:?} is none of begin, put:N, amend, complete, abort")]
pub struct NoStop(String);

impl FromStr for Stop {
    type Err = NoStop;

    fn from_str(text: &str) -> Result<Self, NoStop> {
        let nth = |nth: &str| nth.parse().ok().filter(|nth| *nth > 0).map(Self::Put);
        match text {
            "begin" => Some(Self::Begin),
            "amend" => Some(Self::Amend),
            "complete" => Some(Self::Complete),
            "abort" => Some(Self::Abort),
            other => other.strip_prefix("put:").and_then(nth),
        }
        .ok_or_else(|| NoStop(text.to_owned()))
    }
}

/// A remote that answers once too seldom.
#[derive(Debug)]
pub struct StoppingRemote {
    inner: Arc<dyn Remote>,
    stop: Stop,
    puts: AtomicU32,
}

impl StoppingRemote {
    /// `inner`, until `stop`.
    pub fn new(inner: Arc<dyn Remote>, stop: Stop) -> Self {
        Self { inner, stop, puts: AtomicU32::new(0) }
    }

    /// The effect of `here` took place: ends the process when that is the stop.
    fn pass<T>(&self, here: Stop, reply: T) -> T {
        if self.stop == here { process::exit(STOPPED) } else { reply }
    }
}

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl Remote for StoppingRemote {
    fn capabilities(&self) -> Capabilities {
        self.inner.capabilities()
    }

    async fn begin(&self, upload: &NewUpload) -> Result<UploadHandle, RemoteError> {
        self.inner.begin(upload).await.map(|reply| self.pass(Stop::Begin, reply))
    }

    async fn status(&self, handle: &UploadHandle, layout: &ChunkLayout) -> Result<UploadStatus, RemoteError> {
        self.inner.status(handle, layout).await
    }

    async fn put_chunk(&self, put: PutChunk) -> Result<ChunkReceipt, RemoteError> {
        let reply = self.inner.put_chunk(put).await?;
        let nth = self.puts.fetch_add(1, Ordering::SeqCst) + 1;
        Ok(self.pass(Stop::Put(nth), reply))
    }

    async fn amend(&self, amendment: &Amendment) -> Result<UploadHandle, RemoteError> {
        self.inner.amend(amendment).await.map(|reply| self.pass(Stop::Amend, reply))
    }

    async fn complete(&self, completion: &Completion) -> Result<Completed, RemoteError> {
        self.inner.complete(completion).await.map(|reply| self.pass(Stop::Complete, reply))
    }

    async fn abort(&self, handle: &UploadHandle) -> Result<(), RemoteError> {
        self.inner.abort(handle).await.map(|reply| self.pass(Stop::Abort, reply))
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
