//! The bytes of one lease: read from the source, hashed as they pass, held back by the speed limit, counted.

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use bytes::Bytes;

use super::limiter::{Limits, Precedence};
use crate::body::{ChunkBody, SourceStopped, Witness};
use crate::chunk_map::Lease;
use crate::layout::{ByteRange, ChunkIndex, ChunkLayout};
use crate::source::{Source, SourceError};
use crate::tree::{ChunkHasher, Cv};

/// What one transfer's bodies count together.
#[derive(Debug, Default)]
pub(super) struct Meter {
    /// Bytes that left, those sent again included.
    pub(super) sent: AtomicU64,
    /// Bodies that the speed limit holds back now.
    pub(super) held: AtomicU32,
}

/// What is known of a body while it flows and after it is gone.
#[derive(Debug, Default)]
pub(super) struct Trace {
    /// Bytes that left.
    pub(super) sent: AtomicU64,
    /// Whether a viewer waits for them.
    pub(super) wanted: AtomicBool,
    /// Whether it waits for its source or for the speed limit now, and not for the remote.
    pub(super) waits_here: AtomicBool,
    cv: OnceLock<Cv>,
    failure: OnceLock<SourceError>,
}

impl Trace {
    /// Whether all its bytes are on their way, so that only the answer is waited for.
    pub(super) fn has_left(&self) -> bool {
        self.cv.get().is_some()
    }

    /// The digest of the chunk, when its last byte was taken.
    pub(super) fn cv(&self) -> Option<Cv> {
        self.cv.get().copied()
    }

    /// Why the source failed, if it did.
    pub(super) fn failure(&self) -> Option<&SourceError> {
        self.failure.get()
    }

    fn precedence(&self) -> Precedence {
        if self.wanted.load(Ordering::Relaxed) { Precedence::Wanted } else { Precedence::Ordinary }
    }
}

/// Where a body's bytes come from, what holds them back, and who counts them.
#[derive(Debug, Clone)]
pub(super) struct Flow {
    pub(super) source: Arc<dyn Source>,
    pub(super) limits: Limits,
    pub(super) meter: Arc<Meter>,
    pub(super) trace: Arc<Trace>,
}

/// One lease's bytes. What becomes of it stands in its [`Trace`], for the remote swallows the body itself.
#[derive(Debug)]
pub(super) struct FlowingBody {
    flow: Flow,
    range: ByteRange,
    left: ByteRange,
    hasher: ChunkHasher,
}

impl FlowingBody {
    /// Ready to yield the lease's range. When that begins in the middle of the chunk, its head is read first, for the
    /// digest.
    pub(super) async fn open(flow: Flow, layout: &ChunkLayout, lease: &Lease) -> Result<Self, SourceError> {
        let Lease { index, range, .. } = *lease;
        flow.trace.waits_here.store(true, Ordering::Relaxed);
        let mut hasher = ChunkHasher::new(layout, index);
        let start = layout.range(index).start();
        hash_into(&mut hasher, flow.source.as_ref(), ByteRange::at(start, range.start() - start)).await?;
        flow.trace.waits_here.store(false, Ordering::Relaxed);
        Ok(Self { flow, range, left: range, hasher })
    }

    async fn read(&self) -> Result<Bytes, SourceStopped> {
        let piece = ByteRange::at(self.left.start(), self.left.len().min(self.flow.limits.piece_len()));
        self.flow.source.read(piece).await.map_err(|error| {
            // A body fails once: nothing is read after it, and who is waited for then is the remote.
            let _ = self.flow.trace.failure.set(error);
            self.flow.trace.waits_here.store(false, Ordering::Relaxed);
            SourceStopped
        })
    }

    async fn wait_for_leave(&self, bytes: u64) {
        let _held = Held::new(&self.flow.meter.held);
        self.flow.limits.take(bytes, self.flow.trace.precedence()).await;
    }

    fn passed(&mut self, piece: &Bytes) {
        let len = piece.len() as u64;
        self.left = self.left.without_first(len);
        self.hasher.update(piece);
        self.flow.trace.sent.fetch_add(len, Ordering::Relaxed);
        self.flow.meter.sent.fetch_add(len, Ordering::Relaxed);
        if let Some(cv) = self.hasher.cv() {
            // Set once: the last byte passes once.
            let _ = self.flow.trace.cv.set(cv);
        }
    }
}

#[async_trait]
impl ChunkBody for FlowingBody {
    fn range(&self) -> ByteRange {
        self.range
    }

    async fn next(&mut self) -> Result<Option<Bytes>, SourceStopped> {
        if self.left.is_empty() {
            return Ok(None);
        }
        self.flow.trace.waits_here.store(true, Ordering::Relaxed);
        let piece = self.read().await?;
        self.wait_for_leave(piece.len() as u64).await;
        self.passed(&piece);
        self.flow.trace.waits_here.store(false, Ordering::Relaxed);
        Ok(Some(piece))
    }

    fn cv(&self) -> Option<Cv> {
        self.hasher.cv()
    }

    fn witness(&self) -> Witness {
        Witness::Own
    }
}

/// Counts a body that waits, however its waiting ends.
struct Held<'a>(&'a AtomicU32);

impl<'a> Held<'a> {
    fn new(held: &'a AtomicU32) -> Self {
        held.fetch_add(1, Ordering::Relaxed);
        Self(held)
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The digest of a chunk, read for that alone.
pub(super) async fn digest(source: &dyn Source, layout: &ChunkLayout, index: ChunkIndex) -> Result<Cv, SourceError> {
    let mut hasher = ChunkHasher::new(layout, index);
    hash_into(&mut hasher, source, layout.range(index)).await?;
    Ok(hasher.cv().expect("the whole chunk was hashed"))
}

async fn hash_into(hasher: &mut ChunkHasher, source: &dyn Source, range: ByteRange) -> Result<(), SourceError> {
    let mut left = range;
    while !left.is_empty() {
        let piece = source.read(left).await?;
        left = left.without_first(piece.len() as u64);
        hasher.update(&piece);
    }
    Ok(())
}

#[cfg(all(test, feature = "testing"))]
mod tests {
    use super::super::limiter::Limiter;
    use super::*;
    use crate::source::Sources;
    use crate::testing::MemorySources;
    use crate::units::MIB;

    #[tokio::test]
    async fn a_body_whose_file_failed_waits_for_the_remote_and_can_stand_still() {
        let sources = MemorySources::new();
        sources.pattern("/film", 7, MIB);
        let source = sources.open(std::path::Path::new("/film"), None).await.expect("it is there");
        let limiter = || Arc::new(Limiter::new(None));
        let limits = Limits { destination: limiter(), whole: limiter() };
        let flow = Flow { source, limits, meter: Arc::default(), trace: Arc::default() };
        let layout = ChunkLayout::new(MIB, MIB).expect("a layout");
        let index = layout.index(0).expect("a chunk");
        let lease = Lease { index, range: layout.range(index), attempt: 1, serial: 0 };
        let mut body = FlowingBody::open(flow.clone(), &layout, &lease).await.expect("nothing is read yet");
        sources.fail_reads("/film");
        assert_eq!(body.next().await, Err(SourceStopped), "the device failed");
        assert!(!flow.trace.waits_here.load(Ordering::Relaxed), "a remote that never answers is not waited for");
    }
}
