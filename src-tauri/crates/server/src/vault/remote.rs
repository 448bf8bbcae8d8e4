//! The vault as a destination in the same process: [`transfer::remote::Remote`], call by call.

use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::{oneshot, watch};
use transfer::error::{Class, Operation, RemoteError};
use transfer::ids::ObjectId;
use transfer::layout::ChunkLayout;
use transfer::range::RangeReader;
use transfer::remote::{
    Amendment, Arriving, Capabilities, ChunkReceipt, Completed, Completion, NewUpload, Order, Proof, PutChunk, Remote,
    UploadHandle, UploadStatus, Wishes,
};
use wire::uploads::{BEST_CHUNK, LONGEST_CHUNK, MAX_CHUNKS, SHORTEST_CHUNK};

use super::allowance::Allowance;
use super::amending::Amending;
use super::lifecycle::Step;
use super::upload::{Standing, Upload};
use super::{AppendError, Vault, publish, receive, trouble};
use crate::ports::{Owner, UploadId};

/// Whether the vault takes such chunks.
pub(super) fn permits(layout: &ChunkLayout) -> bool {
    (SHORTEST_CHUNK..=LONGEST_CHUNK).contains(&layout.chunk_len()) && layout.count() <= MAX_CHUNKS.get()
}

impl Vault {
    /// Takes a turn in the lifecycle. The step is taken even if the caller stops waiting.
    pub(super) async fn step<T>(
        &self,
        operation: Operation,
        step: impl FnOnce(oneshot::Sender<Result<T, RemoteError>>) -> Step,
    ) -> Result<T, RemoteError> {
        let (reply, answer) = oneshot::channel();
        self.steps.send(step(reply)).await.map_err(|_| trouble::closed(operation))?;
        answer.await.map_err(|_| trouble::closed(operation))?
    }

    /// Begins an upload of an owner. Two owners may name theirs alike.
    pub(super) async fn begin_for(
        &self,
        owner: &Owner,
        allowance: &Allowance,
        upload: &NewUpload,
    ) -> Result<UploadHandle, RemoteError> {
        let step = |reply| Step::Begin(owner.clone(), allowance.clone(), upload.clone(), reply);
        self.step(Operation::Begin, step).await
    }

    /// Amends an upload, whoever sends it.
    pub(super) async fn amend_for(&self, asked: Amending, said: &Amendment) -> Result<Arc<Upload>, RemoteError> {
        if !said.is_sound() || !permits(&said.after) {
            let context = "the vault does not take the chunks of the other file";
            return Err(RemoteError::new(Operation::Amend, Class::Fatal, context));
        }
        self.step(Operation::Amend, |reply| Step::Amend(asked, reply)).await
    }

    /// A put on an upload that is no longer there: it is a film, or it is unknown.
    async fn too_late(&self, handle: &UploadHandle) -> RemoteError {
        match publish::published(&self.shared, &UploadId(handle.0.clone()), Operation::Put).await {
            Ok(Some(_)) => RemoteError::new(Operation::Put, Class::Desync, "the upload is finished"),
            Ok(None) => trouble::unknown(Operation::Put),
            Err(error) => error,
        }
    }
}

#[async_trait]
impl Remote for Vault {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            chunk_len: SHORTEST_CHUNK..=LONGEST_CHUNK,
            preferred_chunk_len: BEST_CHUNK,
            max_chunks: MAX_CHUNKS,
            order: Order::AnyOrder,
            byte_resume: false,
            finishes_itself: false,
            checksums: true,
            proof: Proof::Root,
            ranged_read: true,
            handle_ttl: Some(self.shared.expiry),
            wishes: true,
            amends: true,
            names: true,
        }
    }

    async fn begin(&self, upload: &NewUpload) -> Result<UploadHandle, RemoteError> {
        self.begin_for(&Owner::default(), &Allowance::default(), upload).await
    }

    async fn status(&self, handle: &UploadHandle, layout: &ChunkLayout) -> Result<UploadStatus, RemoteError> {
        let upload = self.shared.upload(handle).filter(|upload| upload.standing() != Standing::Gone);
        let Some(upload) = upload else {
            let published = publish::published(&self.shared, &UploadId(handle.0.clone()), Operation::Status).await?;
            return Ok(published.map_or(UploadStatus::Unknown, UploadStatus::Completed));
        };
        if upload.layout != *layout {
            return Err(trouble::other_layout(Operation::Status));
        }
        upload.hear();
        Ok(UploadStatus::Receiving(upload.received()))
    }

    async fn put_chunk(&self, put: PutChunk) -> Result<ChunkReceipt, RemoteError> {
        match self.shared.upload(&put.handle) {
            Some(upload) => receive::receive(&self.shared, &self.flushes, upload, put).await?,
            None => return Err(self.too_late(&put.handle).await),
        }
        Ok(ChunkReceipt::default())
    }

    async fn amend(&self, amendment: &Amendment) -> Result<UploadHandle, RemoteError> {
        let asked = Amending {
            id: UploadId(amendment.handle.0.clone()),
            named: None,
            allowance: Allowance::default(),
            after: amendment.after,
            keep: amendment.keep.clone(),
        };
        self.amend_for(asked, amendment).await.map(|_| amendment.handle.clone())
    }

    async fn complete(&self, completion: &Completion) -> Result<Completed, RemoteError> {
        self.step(Operation::Complete, |reply| Step::Complete(completion.clone(), reply)).await
    }

    async fn abort(&self, handle: &UploadHandle) -> Result<(), RemoteError> {
        let Some(append) = self.shared.appends.by_id(&UploadId(handle.0.clone())) else {
            return self.step(Operation::Abort, |reply| Step::Abort(handle.clone(), reply)).await;
        };
        match self.give_up(append).await {
            Ok(_) => Ok(()),
            Err(AppendError::Failed(error)) => Err(error),
            Err(held) => Err(RemoteError::new(Operation::Abort, Class::Transient, held.to_string()).because(held)),
        }
    }

    async fn open(&self, object: &ObjectId) -> Result<Arc<dyn RangeReader>, RemoteError> {
        self.reader(object).await.map_err(trouble::of_vault)
    }

    fn wishes(&self, handle: &UploadHandle) -> Option<watch::Receiver<Wishes>> {
        self.shared.upload(handle).map(|upload| upload.wishes.subscribe())
    }

    async fn announce(&self, handle: &UploadHandle, arriving: Arriving) {
        let Some(upload) = self.shared.upload(handle) else { return };
        let now = self.shared.clock.now();
        upload.announce(arriving, now);
        if let Err(error) = self.shared.ledger.announce(&upload.id, arriving, now).await {
            tracing::warn!(upload = %upload.id, %error, "what the sender is about was not written down");
        }
    }
}
