//! What a transfer asks of its remote besides chunks: each call a task of its own, which reports to the actor.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

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

/// The half-open gate's one probe, if a call is it. The actor has it as well: it is put away when the actor knows what
/// came of the call, unless the call itself knows before.
#[derive(Debug, Clone, Default)]
pub(super) struct Probing(Arc<Mutex<Option<Probe>>>);

impl Probing {
    fn set(&self, probe: Option<Probe>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = probe;
    }
}

/// What a request must wait for: that its intent is written down, and that the remote wants no break.
#[derive(Debug)]
pub(super) struct Leave {
    pub(super) written: Written,
    pub(super) passage: Passage,
    /// Where the probe is kept that this request becomes at a half-open gate.
    pub(super) probe: Probing,
}

impl Leave {
    pub(super) async fn granted(self) -> Result<Granted, EngineError> {
        let Self { written, passage, probe } = self;
        written.settled().await?;
        probe.set(passage.open().await);
        Ok(Granted { passage, probe })
    }
}

/// The way was free.
#[derive(Debug)]
pub(super) struct Granted {
    passage: Passage,
    probe: Probing,
}

impl Granted {
    /// The remote answered well, while this call goes on with what is nobody's business there: who waits need not wait
    /// for that, and the next probe may go.
    pub(super) fn succeeded(self) {
        self.passage.succeeded();
        self.probe.set(None);
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

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::super::breaker::Breaker;
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_call_that_was_answered_frees_the_way_while_it_reads_on() {
        let mut breaker = Breaker::default();
        breaker.throttled(Instant::now());
        let leave = |breaker: &Breaker| Leave {
            written: Written::already(),
            passage: breaker.passage(),
            probe: Probing::default(),
        };
        let first = leave(&breaker);
        let held = first.probe.clone();
        let granted = first.granted().await.expect("its intent is written down");
        assert_eq!(breaker.probes(), 0, "it is the one probe");
        granted.succeeded();
        assert!(!breaker.is_half_open(Instant::now()), "whoever waits may go");
        breaker.throttled(Instant::now());
        assert_eq!(breaker.probes(), 1, "and where the gate is half-open again another probe goes");
        drop(held);
    }
}
