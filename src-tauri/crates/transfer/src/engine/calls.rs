//! What a transfer asks of its remote besides chunks: each call a task of its own, which reports to the actor.

use std::path::PathBuf;
use std::sync::Arc;

use super::breaker::{Passage, Probe};
use super::docket::Written;
use super::messages::{Obstacle, Opened};
use super::setback::Setback;
use super::words::EngineError;
use crate::error::{Class, RemoteError};
use crate::ids::DestinationId;
use crate::layout::{ChunkLayout, LayoutError};
use crate::remote::{Capabilities, Completed, Completion, NewUpload, Remote, Remotes, UploadHandle};
use crate::source::{Fingerprint, Source, SourceError, Sources};

/// What a request must wait for: that its intent is written down, and that the remote wants no break.
#[derive(Debug)]
pub(super) struct Leave {
    pub(super) written: Written,
    pub(super) passage: Passage,
}

impl Leave {
    /// What it gives is kept until the request is answered.
    pub(super) async fn granted(self) -> Result<Option<Probe>, EngineError> {
        self.written.settled().await?;
        Ok(self.passage.open().await)
    }
}

/// Where calls find files and drivers.
#[derive(Debug, Clone)]
pub(super) struct World {
    pub(super) sources: Arc<dyn Sources>,
    pub(super) remotes: Arc<dyn Remotes>,
}

impl World {
    fn remote(&self, destination: &DestinationId) -> Result<Arc<dyn Remote>, Obstacle> {
        self.remotes.remote(destination).map_err(Obstacle::NoRemote)
    }
}

/// A file, and what it must still be.
#[derive(Debug, Clone)]
pub(super) struct Promise {
    pub(super) path: PathBuf,
    pub(super) fingerprint: Fingerprint,
}

impl Promise {
    async fn open(&self, world: &World) -> Result<Arc<dyn Source>, SourceError> {
        world.sources.open(&self.path, Some(&self.fingerprint)).await
    }
}

/// How a transfer is, or shall be, cut into chunks.
#[derive(Debug, Clone, Copy)]
pub(super) enum Plan {
    Given(ChunkLayout),
    New { max_chunk_len: Option<u64> },
}

/// Opens source and driver, and plans the chunks.
pub(super) async fn open(
    world: World,
    promise: Promise,
    destination: Arc<DestinationId>,
    plan: Plan,
) -> Result<Opened, Obstacle> {
    let source = promise.open(&world).await?;
    let remote = world.remote(&destination)?;
    let layout = match plan {
        Plan::Given(layout) => layout,
        Plan::New { max_chunk_len } => lay_out(promise.fingerprint.size, &remote.capabilities(), max_chunk_len)
            .map_err(|error| Setback::fatal(error.to_string()))?,
    };
    Ok(Opened { source, remote, layout })
}

fn lay_out(size: u64, can: &Capabilities, max_chunk_len: Option<u64>) -> Result<ChunkLayout, LayoutError> {
    let longest = max_chunk_len.unwrap_or(u64::MAX).min(*can.chunk_len.end());
    let preferred = can.preferred_chunk_len.min(longest);
    ChunkLayout::plan(size, preferred, &(*can.chunk_len.start()..=longest), can.max_chunks)
}

/// Begins the upload. One that is to be forgotten is aborted first: both may bear the same name.
pub(super) async fn begin(
    remote: Arc<dyn Remote>,
    farewell: Option<UploadHandle>,
    upload: NewUpload,
    leave: Leave,
) -> Result<UploadHandle, Obstacle> {
    let _probe = leave.granted().await?;
    if let Some(old) = farewell {
        bid_farewell(remote.as_ref(), &old).await?;
    }
    Ok(remote.begin(&upload).await?)
}

/// A remote that does not know the old upload, or never will obey, is left alone.
async fn bid_farewell(remote: &dyn Remote, old: &UploadHandle) -> Result<(), RemoteError> {
    match remote.abort(old).await {
        Err(error) if matches!(error.class, Class::Expired | Class::Fatal) => Ok(()),
        answer => answer,
    }
}

/// Finishes, if the file is still what was sent.
pub(super) async fn complete(
    world: World,
    promise: Promise,
    destination: Arc<DestinationId>,
    completion: Completion,
    leave: Leave,
) -> Result<Completed, Obstacle> {
    let _probe = leave.granted().await?;
    promise.open(&world).await?;
    Ok(world.remote(&destination)?.complete(&completion).await?)
}

/// Gives the upload up.
pub(super) async fn abort(
    world: World,
    destination: Arc<DestinationId>,
    handle: UploadHandle,
    leave: Leave,
) -> Result<(), Obstacle> {
    let _probe = leave.granted().await?;
    Ok(world.remote(&destination)?.abort(&handle).await?)
}

/// Whether a source that was gone still is. Anything else is for the next preparation to find out.
pub(super) async fn is_still_gone(world: World, promise: Promise) -> bool {
    matches!(promise.open(&world).await, Err(SourceError::Gone(_)))
}
