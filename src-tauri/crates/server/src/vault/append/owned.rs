//! Uploads whose bytes come in order, as one owner sees them: of another's nobody learns anything.

use std::sync::Arc;

use tokio::sync::oneshot;
use tracing::Instrument;
use transfer::error::{Operation, RemoteError};
use transfer::ids::ObjectId;
use transfer::name::FileName;

use super::{Append, AppendBody, AppendError, AppendStage, AppendView, Begun, assembly, conclusion};
use crate::ports::{Ending, Owner, Role, UploadId};
use crate::vault::lifecycle::Step;
use crate::vault::{OwnedVault, Vault, trouble};

/// What a new upload is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewRole {
    /// It is a film.
    Whole,
    /// It is a part of one.
    Part,
    /// It is put together from parts, in this order.
    Assembly {
        /// The parts; the owner's own.
        parts: Vec<UploadId>,
        /// As the sender named them.
        said: String,
    },
}

/// An upload to begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAppend {
    /// What its sender calls it.
    pub name: FileName,
    /// Bytes in all; none while the sender does not know.
    pub length: Option<u64>,
    /// What its sender says of it, to be said again.
    pub metadata: Option<String>,
    /// What it is for.
    pub role: NewRole,
    /// When it is complete.
    pub ending: Ending,
    /// Bytes that one film may have here.
    pub most: Option<u64>,
}

impl OwnedVault {
    /// Begins an upload, also when the caller is gone meanwhile. One without a byte that ends with its length is a film at
    /// once. What is put together from the very parts, and is unfinished, is that same upload.
    pub async fn begin_append(&self, new: NewAppend) -> Result<AppendView, AppendError> {
        let owned = self.clone();
        self.vault.regardless(Operation::Begin, async move { owned.begin(new).await }).await
    }

    async fn begin(&self, new: NewAppend) -> Result<AppendView, AppendError> {
        let step = |reply| Step::BeginAppend(self.owner.clone(), self.allowance.clone(), Box::new(new), reply);
        let (append, begun) = self.vault.step_of_append(step).await?;
        let view = AppendView::of(&append, &self.vault.shared);
        if append.is_assembly() {
            if begun == Begun::Now {
                assembly::start(&self.vault, append);
            }
        } else if append.is_complete() {
            let mut turn = append.turns.take().await.ok_or(AppendError::Held)?;
            conclusion::conclude(&self.vault, &append, &mut turn).await?;
        }
        Ok(view)
    }

    /// Begins an upload with its first bytes; `complete` says that they are all. Where it fails nothing is left, also
    /// when the caller is gone: nobody was told of the upload, and nobody could go on.
    pub async fn begin_append_with(
        &self,
        new: NewAppend,
        complete: bool,
        body: Box<dyn AppendBody>,
    ) -> Result<AppendView, AppendError> {
        let (owned, most) = (self.clone(), new.most);
        let beginning = async move {
            let begun = owned.begin(new).await?;
            if begun.is_complete() {
                return Ok(begun);
            }
            let id = &begun.told.id;
            let mut taken = owned.take(id, 0, None, most, body).await;
            if let Some(there) = taken.as_ref().ok().and_then(AppendView::offset).filter(|_| complete) {
                taken = owned.complete_append(id, there).await;
            }
            if taken.is_err() {
                drop(owned.remove_append(id).await);
            }
            taken
        };
        self.vault.regardless(Operation::Begin, beginning).await
    }

    /// What there is to say about an upload. A request that still sends to it is ended, so that what is said holds.
    pub async fn look_at_append(&self, id: &UploadId) -> Result<AppendView, AppendError> {
        let Some(append) = self.unfinished_append(id) else { return self.finished_append(id).await };
        if !append.is_assembly() {
            drop(append.turns.take().await.ok_or(AppendError::Held)?);
        }
        if append.is_gone() {
            return self.finished_append(id).await;
        }
        Ok(AppendView::of(&append, &self.vault.shared))
    }

    /// Takes bytes that begin at `offset`; gives what is there then. `length` is the upload's, where it comes with them;
    /// `most` are the bytes that one upload may have here. It goes on when the caller is gone: what came is kept.
    pub async fn append(
        &self,
        id: &UploadId,
        offset: u64,
        length: Option<u64>,
        most: Option<u64>,
        body: Box<dyn AppendBody>,
    ) -> Result<AppendView, AppendError> {
        let (owned, id) = (self.clone(), id.clone());
        let taking = async move { owned.take(&id, offset, length, most, body).await };
        self.vault.regardless(Operation::Put, taking).await
    }

    /// The sender says that the upload's `length` bytes are there, and so they must be.
    pub async fn complete_append(&self, id: &UploadId, length: u64) -> Result<AppendView, AppendError> {
        let Some(append) = self.unfinished_append(id) else { return self.finished_append(id).await };
        let mut turn = self.turn(&append).await?;
        if append.is_gone() {
            return self.finished_append(id).await;
        }
        if append.offset() != length {
            return Err(AppendError::Offset(append.offset()));
        }
        self.settle(&append, &mut turn, length, None).await?;
        conclusion::conclude(&self.vault, &append, &mut turn).await?;
        self.finished_append(id).await
    }

    /// Gives an upload up; a film that it became goes too.
    pub async fn remove_append(&self, id: &UploadId) -> Result<(), AppendError> {
        if let Some(append) = self.unfinished_append(id)
            && self.vault.give_up(append).await?
        {
            return Ok(());
        }
        let film = self.finished_append(id).await?.object;
        let removed = self.vault.take_out(&film, |path| std::fs::remove_file(path)).await;
        removed.map(drop).map_err(|error| trouble::of_vault(error).into())
    }

    pub(super) fn unfinished_append(&self, id: &UploadId) -> Option<Arc<Append>> {
        self.vault.shared.appends.by_id(id).filter(|append| append.owner == self.owner)
    }

    pub(super) async fn finished_append(&self, id: &UploadId) -> Result<AppendView, AppendError> {
        let shared = &self.vault.shared;
        let failed = |error| AppendError::from(trouble::of_ledger(Operation::Status, error));
        let told = shared.ledger.appending(id).await.map_err(failed)?;
        let video = shared.catalogue.published(id).await.map_err(failed)?;
        let both = told.filter(|told| told.owner == self.owner).zip(video);
        both.map(|(told, video)| AppendView::finished(told, video)).ok_or(AppendError::Unknown)
    }
}

impl Vault {
    /// Whose an upload whose bytes come in order is, and the film that it becomes, or is.
    pub async fn film_of_append(&self, id: &UploadId) -> Result<Option<(Owner, ObjectId)>, RemoteError> {
        if let Some(append) = self.shared.appends.by_id(id) {
            return Ok(Some((append.owner.clone(), append.object().clone())));
        }
        let failed = |error| trouble::of_ledger(Operation::Read, error);
        if self.shared.ledger.appending(id).await.map_err(failed)?.is_none() {
            return Ok(None);
        }
        let video = self.shared.catalogue.published(id).await.map_err(failed)?;
        Ok(video.map(|video| (video.owner, video.object)))
    }

    /// Gives an unfinished upload up, also when the caller is gone meanwhile: whoever had it was told to stop. False: it
    /// was no longer unfinished when its turn came.
    pub(in crate::vault) async fn give_up(&self, append: Arc<Append>) -> Result<bool, AppendError> {
        let vault = self.clone();
        let giving_up = async move {
            let _turn = append.turns.take().await.ok_or(AppendError::Held)?;
            if append.is_gone() {
                return Ok(false);
            }
            vault.step(Operation::Abort, |reply| Step::DiscardAppend(append.clone(), reply)).await?;
            Ok(true)
        };
        self.regardless(Operation::Abort, giving_up).await
    }

    /// What must not stop half-way because the caller is gone.
    async fn regardless<T: Send + 'static>(
        &self,
        operation: Operation,
        work: impl Future<Output = Result<T, AppendError>> + Send + 'static,
    ) -> Result<T, AppendError> {
        let done = self.tasks.spawn(work.in_current_span()).await;
        done.map_err(|error| trouble::closed(operation).because(error))?
    }

    pub(super) async fn step_of_append<T>(
        &self,
        step: impl FnOnce(oneshot::Sender<Result<T, AppendError>>) -> Step,
    ) -> Result<T, AppendError> {
        let (reply, answer) = oneshot::channel();
        let closed = || AppendError::from(trouble::closed(Operation::Begin));
        self.steps.send(step(reply)).await.map_err(|_| closed())?;
        answer.await.map_err(|_| closed())?
    }
}

impl AppendView {
    /// Whether it is a part that others are put together from.
    pub fn is_part(&self) -> bool {
        self.told.role == Role::Part
    }

    /// Whether it is complete, as its protocol means that.
    pub fn is_complete(&self) -> bool {
        self.progress == AppendStage::Complete
    }
}
