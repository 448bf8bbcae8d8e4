//! One lease from the source to the remote. A worker touches neither journal nor window: it reports to the actor.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::body::{Flow, FlowingBody, digest};
use super::setback::Setback;
use crate::chunk_map::Lease;
use crate::layout::ChunkLayout;
use crate::remote::{ChunkReceipt, PutChunk, Remote, UploadHandle};
use crate::tree::Cv;

/// Everything that a worker needs; it opens nothing itself.
#[derive(Debug)]
pub(super) struct Errand {
    pub(super) lease: Lease,
    pub(super) layout: ChunkLayout,
    pub(super) handle: UploadHandle,
    pub(super) remote: Arc<dyn Remote>,
    pub(super) flow: Flow,
}

/// A chunk that is durable at the remote.
#[derive(Debug)]
pub(super) struct Delivered {
    pub(super) receipt: ChunkReceipt,
    pub(super) cv: Cv,
}

impl Errand {
    /// Sends the chunk, if the file is still what it was.
    pub(super) async fn carry_out(self) -> Result<Delivered, Setback> {
        let Self { lease, layout, handle, remote, flow } = self;
        // A file that answers slowly is nobody's stall; the body takes the word back.
        flow.trace.waits_here.store(true, Ordering::Relaxed);
        flow.source.unchanged().await?;
        let body = Box::new(FlowingBody::open(flow.clone(), &layout, &lease).await?);
        let answer = remote.put_chunk(PutChunk { handle, layout, index: lease.index, body }).await;
        // The source wins over what the remote made of a body that ended early.
        if let Some(failure) = flow.trace.failure() {
            return Err(failure.into());
        }
        let receipt = answer?;
        let cv = match flow.trace.cv() {
            Some(cv) => cv,
            // The remote had the chunk already and did not want all of it: it is read again for its digest.
            None => {
                flow.trace.waits_here.store(true, Ordering::Relaxed);
                digest(flow.source.as_ref(), &layout, lease.index).await?
            }
        };
        Ok(Delivered { receipt, cv })
    }
}
