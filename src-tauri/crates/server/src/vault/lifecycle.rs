//! Uploads begin and end in one task, and films change their names and go: of two calls about one upload one comes
//! first, of two uploads that want the last free bytes one gets them, of two that want a name one gets it, and a caller
//! that hangs up does not leave half a step behind.
//!
//! One step is taken at a time, but for films that end together: they share the commits of the ledger and the syncs of
//! the folder, which cost the same for one and for many.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;
use transfer::error::{Class, Operation, RemoteError};
use transfer::ids::ObjectId;
use transfer::placing::Taken;
use transfer::remote::{Completed, Completion, NewUpload, UploadHandle};
use transfer::tree::Root;

use super::allowance::Allowance;
use super::amending::{self, Amending};
use super::append::{self, Append, AppendError, Begun, NewAppend, Promising, Settling};
use super::error::VaultError;
use super::flush::Flushes;
use super::removal::{self, Mover};
use super::scrub::{self, Finding};
use super::shared::Shared;
use super::upload::{Standing, Upload};
use super::{STEPS, begin, disk, publish, renaming, trouble};
use crate::ports::{Owner, Rename, Stage, Video};

/// How often abandoned uploads are looked for, and idle files are closed.
pub(super) const ROUND: Duration = Duration::from_secs(60);

/// A call that waits for its turn, and where its answer goes.
#[derive(Debug)]
pub(super) enum Step {
    Begin(Owner, Allowance, NewUpload, oneshot::Sender<Result<UploadHandle, RemoteError>>),
    Amend(Amending, oneshot::Sender<Result<Arc<Upload>, RemoteError>>),
    Complete(Completion, oneshot::Sender<Result<Completed, RemoteError>>),
    Abort(UploadHandle, oneshot::Sender<Result<(), RemoteError>>),
    BeginAppend(Owner, Allowance, Box<NewAppend>, oneshot::Sender<Result<(Arc<Append>, Begun), AppendError>>),
    SettleAppend(Settling, oneshot::Sender<Result<(), AppendError>>),
    PromiseAppend(Promising, oneshot::Sender<Result<u64, AppendError>>),
    ConcludeAppend(Arc<Append>, Root, oneshot::Sender<Result<Completed, RemoteError>>),
    DiscardAppend(Arc<Append>, oneshot::Sender<Result<(), RemoteError>>),
    Rename(Rename, oneshot::Sender<Result<(), VaultError>>),
    TakeOut(ObjectId, Mover, oneshot::Sender<Result<Video, VaultError>>),
    PutBack(Box<Video>, Mover, oneshot::Sender<Result<Video, VaultError>>),
    Reconsider(Vec<Finding>, oneshot::Sender<Result<Vec<Finding>, VaultError>>),
}

/// The task.
#[derive(Debug)]
pub(super) struct Lifecycle {
    shared: Arc<Shared>,
    flushes: Flushes,
}

impl Lifecycle {
    pub(super) fn new(shared: Arc<Shared>, flushes: Flushes) -> Self {
        Self { shared, flushes }
    }

    /// Runs until the vault is closed or its last handle is gone. A step that began ends.
    pub(super) async fn run(self, mut steps: mpsc::Receiver<Step>) {
        // The first round was the opening.
        let mut round = tokio::time::interval_at(Instant::now() + ROUND, ROUND);
        let mut batch = Vec::new();
        loop {
            tokio::select! {
                biased;
                () = self.shared.closed.cancelled() => return,
                count = steps.recv_many(&mut batch, STEPS) => match count {
                    0 => return,
                    _ => self.take_all(std::mem::take(&mut batch)).await,
                },
                _ = round.tick() => self.look_round().await,
            }
        }
    }

    /// Steps that were asked for at once. Whose order does not matter, for none was answered when another was asked for.
    async fn take_all(&self, steps: Vec<Step>) {
        let is_end = |step: &Step| matches!(step, Step::Complete(..));
        let (ends, others): (Vec<_>, _) = match are_apart(&steps) {
            true => steps.into_iter().partition(is_end),
            false => (Vec::new(), steps),
        };
        join_all(ends.into_iter().map(|end| self.take(end))).await;
        for step in others {
            if self.shared.closed.is_cancelled() {
                return;
            }
            self.take(step).await;
        }
    }

    /// Whoever asked may be gone; the step was taken all the same.
    async fn take(&self, step: Step) {
        match step {
            Step::Begin(owner, allowance, new, reply) => {
                drop(reply.send(self.begin(&owner, &allowance, &new).await));
            }
            Step::Amend(asked, reply) => {
                drop(reply.send(amending::amend(&self.shared, &self.flushes, asked).await));
            }
            Step::Complete(completion, reply) => drop(reply.send(self.complete(&completion).await)),
            Step::BeginAppend(owner, allowance, new, reply) => {
                drop(reply.send(append::begin(&self.shared, &owner, &allowance, *new).await));
            }
            Step::SettleAppend(settling, reply) => drop(reply.send(append::settle(&self.shared, settling).await)),
            Step::PromiseAppend(promising, reply) => drop(reply.send(append::promise(&self.shared, promising).await)),
            Step::ConcludeAppend(append, root, reply) => {
                drop(reply.send(append::publish(&self.shared, &append, root).await));
            }
            Step::DiscardAppend(append, reply) => drop(reply.send(append::discard(&self.shared, &append).await)),
            Step::Abort(handle, reply) => drop(reply.send(self.abort(&handle).await)),
            Step::Rename(rename, reply) => drop(reply.send(renaming::rename(&self.shared, rename).await)),
            Step::TakeOut(object, mover, reply) => {
                drop(reply.send(removal::take_out(&self.shared, &object, mover).await));
            }
            Step::PutBack(video, mover, reply) => {
                drop(reply.send(removal::put_back(&self.shared, *video, mover).await));
            }
            Step::Reconsider(findings, reply) => {
                drop(reply.send(scrub::reconsider(&self.shared, findings).await));
            }
        }
    }

    /// Another layout is another upload: what had arrived in the old one's chunks is of no use.
    async fn begin(&self, owner: &Owner, allowance: &Allowance, new: &NewUpload) -> Result<UploadHandle, RemoteError> {
        let (id, published) = begin::name(&self.shared, owner, new).await?;
        if published {
            return Ok(begin::handle(&id));
        }
        if let Some(upload) = self.shared.register.by_id(&id) {
            let same = upload.layout == new.layout && upload.standing() != Standing::Gone;
            if same {
                upload.hear();
                return Ok(begin::handle(&id));
            }
            self.discard(&upload, Operation::Begin).await?;
        }
        allowance.permits(&self.shared, owner, new.layout.size()).await?;
        begin::begin(&self.shared, id, owner, new).await
    }

    /// An upload whose file somebody took away cannot be finished, ever: its sender begins again.
    async fn complete(&self, completion: &Completion) -> Result<Completed, RemoteError> {
        let completed = publish::complete(&self.shared, completion).await;
        let expired = completed.as_ref().is_err_and(|error| error.class == Class::Expired);
        if let Some(upload) = self.shared.upload(&completion.handle).filter(|_| expired) {
            self.discard(&upload, Operation::Complete).await?;
        }
        completed
    }

    async fn abort(&self, handle: &UploadHandle) -> Result<(), RemoteError> {
        let Some(upload) = self.shared.upload(handle) else { return Ok(()) };
        let part = self.shared.folder.part(&upload.id);
        let publishing = matches!(upload.standing(), Standing::Unfinished(Stage::Publishing { .. }));
        // Once the file has its film's name it is a film, whatever became of the rest of its publication.
        if publishing && !disk::blocking_io(move || part.try_exists()).await.unwrap_or(true) {
            return publish::publish(&self.shared, &upload).await.map(drop);
        }
        self.discard(&upload, Operation::Abort).await
    }

    /// Takes an upload away. It is out of the ledger before its file goes, and before that no flush may be under way
    /// that would write it down again, for a new upload may take its name.
    async fn discard(&self, upload: &Upload, operation: Operation) -> Result<(), RemoteError> {
        upload.end();
        self.flushes.barrier(operation).await?;
        let removed = self.shared.ledger.remove(&upload.id).await;
        removed.map_err(|error| trouble::of_ledger(operation, error))?;
        let part = self.shared.folder.part(&upload.id);
        let deleted = disk::blocking_io(move || std::fs::remove_file(part)).await;
        self.shared.register.strike(upload);
        self.shared.library_changed();
        if let Err(error) = deleted {
            tracing::warn!(upload = %upload.id, %error, "the file of an upload stays until the vault is opened again");
        }
        Ok(())
    }

    async fn look_round(&self) {
        self.shared.films.close_files();
        append::look_round(&self.shared).await;
        let now = self.shared.clock.now();
        let uploads = self.shared.register.all();
        for upload in uploads.iter().filter(|upload| upload.is_abandoned(now, self.shared.expiry)) {
            tracing::info!(upload = %upload.id, "an abandoned upload has expired");
            if let Err(error) = self.discard(upload, Operation::Abort).await {
                tracing::warn!(upload = %upload.id, %error, "an abandoned upload stays for now");
            }
        }
    }
}

/// Whether nothing but uploads that begin and different uploads that end is asked for. One that takes another film's place
/// goes alone.
fn are_apart(steps: &[Step]) -> bool {
    let mut ending = HashSet::new();
    steps.iter().all(|step| match step {
        Step::Begin(..) => true,
        Step::Complete(completion, _) => completion.taken != Taken::Replace && ending.insert(&completion.handle),
        _ => false,
    })
}
