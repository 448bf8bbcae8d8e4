//! One lease from the source to the remote. A worker touches neither journal nor window: it reports to the actor.

use std::sync::Arc;

use super::body::{FlowingBody, Meter, Trace, digest};
use super::limiter::Limiter;
use super::setback::Setback;
use crate::chunk_map::Lease;
use crate::layout::ChunkLayout;
use crate::remote::{ChunkReceipt, PutChunk, Remote, UploadHandle};
use crate::source::Source;
use crate::tree::Cv;

/// Everything that a worker needs; it opens nothing itself.
#[derive(Debug)]
pub(super) struct Errand {
    pub(super) lease: Lease,
    pub(super) layout: ChunkLayout,
    pub(super) handle: UploadHandle,
    pub(super) source: Arc<dyn Source>,
    pub(super) remote: Arc<dyn Remote>,
    pub(super) limiter: Arc<Limiter>,
    pub(super) meter: Arc<Meter>,
    pub(super) trace: Arc<Trace>,
}

/// A chunk that is durable at the remote.
#[derive(Debug)]
pub(super) struct Delivered {
    pub(super) receipt: ChunkReceipt,
    pub(super) cv: Cv,
}

impl Errand {
    /// Sends the chunk.
    pub(super) async fn carry_out(self) -> Result<Delivered, Setback> {
        self.source.unchanged().await?;
        let body = self.body().await?;
        let put = PutChunk {
            handle: self.handle.clone(),
            layout: self.layout,
            index: self.lease.index,
            body: Box::new(body),
        };
        let answer = self.remote.put_chunk(put).await;
        // The source wins over what the remote made of a body that ended early.
        if let Some(failure) = self.trace.failure() {
            return Err(failure.into());
        }
        Ok(Delivered { receipt: answer?, cv: self.cv().await? })
    }

    async fn body(&self) -> Result<FlowingBody, Setback> {
        let (limiter, meter, trace) = (Arc::clone(&self.limiter), Arc::clone(&self.meter), Arc::clone(&self.trace));
        let source = Arc::clone(&self.source);
        Ok(FlowingBody::open(source, &self.layout, self.lease.index, self.lease.range, limiter, meter, trace).await?)
    }

    /// The digest; read again when the remote had the chunk already and did not want all of it.
    async fn cv(&self) -> Result<Cv, Setback> {
        match self.trace.cv() {
            Some(cv) => Ok(cv),
            None => Ok(digest(self.source.as_ref(), &self.layout, self.lease.index).await?),
        }
    }
}
