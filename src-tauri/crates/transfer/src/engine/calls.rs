//! What a transfer asks of its remote besides chunks: each call a task of its own, which reports to the actor.

use std::path::PathBuf;
use std::sync::Arc;

use super::body::digest;
use super::docket::Written;
use super::gates::Passage;
use super::messages::{Obstacle, Opened, Stands};
use super::session::Standing;
use super::setback::Setback;
use super::transfer::Open;
use super::words::EngineError;
use crate::error::{Class, Operation, RemoteError};
use crate::ids::DestinationId;
use crate::layout::{ChunkIndex, ChunkLayout, LayoutError};
use crate::remote::{
    Capabilities, Completed, Completion, NewUpload, Received, Remote, Remotes, UploadHandle, UploadStatus,
};
use crate::source::{Fingerprint, Source, SourceError, Sources};
use crate::tree::Cv;

/// What a request must wait for: that its intent is written down, and that the remote wants no break.
#[derive(Debug)]
pub(super) struct Leave {
    pub(super) written: Written,
    pub(super) passage: Passage,
}

impl Leave {
    async fn granted(self) -> Result<(), EngineError> {
        self.written.settled().await?;
        self.passage.open().await;
        Ok(())
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
    leave.granted().await?;
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

/// What we know of an upload before the remote is asked.
#[derive(Debug)]
pub(super) struct Belief {
    pub(super) handle: UploadHandle,
    pub(super) layout: ChunkLayout,
    /// The digests that were made here.
    pub(super) cvs: Vec<Option<Cv>>,
    /// Whether the remote was ever asked to finish it, with a root of ours.
    pub(super) has_root: bool,
}

/// Asks what has arrived, and makes sure that it is this file's.
pub(super) async fn stands(open: Open, belief: Belief, leave: Leave) -> Result<Stands, Obstacle> {
    leave.granted().await?;
    let Open { source, remote } = open;
    match remote.status(&belief.handle, &belief.layout).await? {
        UploadStatus::Receiving(received) => Ok(Stands::Receiving(compare(source.as_ref(), &belief, received).await?)),
        UploadStatus::Completed(completed) if belief.has_root => Ok(Stands::Completed(completed)),
        // Finished, and we do not remember why. It is asked for once more, with the root that we make now.
        UploadStatus::Completed(_) => {
            let all = belief.layout.indices().map(|index| (index, None)).collect();
            let received = Received { chunks: all, partial: Vec::new() };
            Ok(Stands::Receiving(compare(source.as_ref(), &belief, received).await?))
        }
        UploadStatus::Unknown => {
            let what = "the destination no longer knows this upload";
            Err(RemoteError::new(Operation::Status, Class::Expired, what).into())
        }
    }
}

/// Keeps of what the remote has only what is right. What was never hashed here is read for that: the file's root
/// must rest on our own reading alone.
async fn compare(source: &dyn Source, belief: &Belief, received: Received) -> Result<Standing, SourceError> {
    let Belief { layout, cvs, .. } = belief;
    let mut there = Vec::with_capacity(received.chunks.len());
    for (index, theirs) in known(layout, received.chunks) {
        let ours = match cvs.get(index.position()).copied().flatten() {
            Some(cv) => cv,
            None => digest(source, layout, index).await?,
        };
        if theirs.is_none_or(|theirs| theirs == ours) {
            there.push((index, ours));
        }
    }
    Ok(Standing { there, partial: received.partial })
}

/// Chunks of this layout, in order: a remote may remember a longer one.
fn known(layout: &ChunkLayout, mut chunks: Vec<(ChunkIndex, Option<Cv>)>) -> Vec<(ChunkIndex, Option<Cv>)> {
    chunks.retain(|(index, _)| layout.index(index.get()).is_some());
    chunks.sort_by_key(|(index, _)| *index);
    chunks.dedup_by_key(|(index, _)| *index);
    chunks
}

/// Finishes, if the file is still what was sent.
pub(super) async fn complete(
    world: World,
    promise: Promise,
    destination: Arc<DestinationId>,
    completion: Completion,
    leave: Leave,
) -> Result<Completed, Obstacle> {
    leave.granted().await?;
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
    leave.granted().await?;
    Ok(world.remote(&destination)?.abort(&handle).await?)
}

/// Whether a source that was gone still is. Anything else is for the next preparation to find out.
pub(super) async fn is_still_gone(world: World, promise: Promise) -> bool {
    matches!(promise.open(&world).await, Err(SourceError::Gone(_)))
}
