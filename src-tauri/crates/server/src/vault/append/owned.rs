//! Uploads whose bytes come in order, as one owner sees them: of another's nobody learns anything.

use std::sync::Arc;

use tracing::Instrument;
use transfer::error::{Operation, RemoteError};
use transfer::ids::ObjectId;
use transfer::name::FileName;

use super::taking::{Bound, Taking};
use super::turn::Turn;
use super::{Append, AppendBody, AppendError, AppendStage, AppendView, assembly, conclusion};
use crate::ports::{Ending, Owner, Role, UploadId};
use crate::vault::begin::find_room;
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
}

impl OwnedVault {
    /// Begins an upload. One without a byte that ends with its length is a film at once.
    pub async fn begin_append(&self, new: NewAppend) -> Result<AppendView, AppendError> {
        let step = |reply| Step::BeginAppend(self.owner.clone(), self.allowance.clone(), Box::new(new), reply);
        let append = self.vault.turn_of_append(step).await?;
        let view = AppendView::of(&append, &self.vault.shared);
        if append.is_assembly() {
            assembly::start(&self.vault, append);
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
        most: Option<u64>,
        body: Box<dyn AppendBody>,
    ) -> Result<AppendView, AppendError> {
        let owned = self.clone();
        let beginning = async move {
            let begun = owned.begin_append(new).await?;
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
        let begun = self.vault.tasks.spawn(beginning.in_current_span()).await;
        begun.map_err(|error| trouble::closed(Operation::Begin).because(error))?
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
        let taken = self.vault.tasks.spawn(taking.in_current_span()).await;
        taken.map_err(|error| trouble::closed(Operation::Put).because(error))?
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
        self.settle(&append, &mut turn, length).await?;
        conclusion::conclude(&self.vault, &append, &mut turn).await?;
        self.finished_append(id).await
    }

    /// Gives an upload up; a film that it became goes too.
    pub async fn remove_append(&self, id: &UploadId) -> Result<(), AppendError> {
        if let Some(append) = self.unfinished_append(id) {
            let _turn = append.turns.take().await.ok_or(AppendError::Held)?;
            if !append.is_gone() {
                return Ok(self
                    .vault
                    .step(Operation::Abort, |reply| Step::DiscardAppend(append.clone(), reply))
                    .await?);
            }
        }
        let film = self.finished_append(id).await?.object;
        let removed = self.vault.take_out(&film, |path| std::fs::remove_file(path)).await;
        removed.map(drop).map_err(|error| trouble::of_vault(error).into())
    }

    fn unfinished_append(&self, id: &UploadId) -> Option<Arc<Append>> {
        self.vault.shared.appends.by_id(id).filter(|append| append.owner == self.owner)
    }

    async fn finished_append(&self, id: &UploadId) -> Result<AppendView, AppendError> {
        let shared = &self.vault.shared;
        let failed = |error| AppendError::from(trouble::of_ledger(Operation::Status, error));
        let told = shared.ledger.appending(id).await.map_err(failed)?;
        let video = shared.catalogue.published(id).await.map_err(failed)?;
        let both = told.filter(|told| told.owner == self.owner).zip(video);
        both.map(|(told, video)| AppendView::finished(told, video)).ok_or(AppendError::Unknown)
    }

    /// The turn of an upload that takes bytes.
    async fn turn(&self, append: &Append) -> Result<Turn, AppendError> {
        let turn = append.turns.take().await.ok_or(AppendError::Held)?;
        match turn.over.is_cancelled() {
            true => Err(AppendError::Superseded),
            false => Ok(turn),
        }
    }

    async fn take(
        &self,
        id: &UploadId,
        offset: u64,
        length: Option<u64>,
        most: Option<u64>,
        body: Box<dyn AppendBody>,
    ) -> Result<AppendView, AppendError> {
        let Some(append) = self.unfinished_append(id) else { return Err(self.too_late(id).await) };
        if append.is_assembly() {
            return Err(AppendError::Assembly);
        }
        let mut turn = self.turn(&append).await?;
        if append.is_gone() {
            return Err(self.too_late(id).await);
        }
        if offset != append.offset() {
            return Err(AppendError::Offset(append.offset()));
        }
        turn.writer.prepare(&self.vault.shared, &append).await?;
        if let Some(length) = length {
            self.settle(&append, &mut turn, length).await?;
        }
        let bound = self.bound(&append, most).await?;
        if body.expected().is_some_and(|bytes| offset.saturating_add(bytes) > bound.most) {
            return Err(bound.beyond);
        }
        let taking = Taking { shared: &self.vault.shared, append: &append, turn: &mut turn, body, bound };
        taking.take().await?;
        if append.is_complete() {
            conclusion::conclude(&self.vault, &append, &mut turn).await?;
        }
        Ok(AppendView::of(&append, &self.vault.shared))
    }

    /// Its length is known now, and never another.
    async fn settle(&self, append: &Append, turn: &mut Turn, length: u64) -> Result<(), AppendError> {
        let (shared, there) = (&self.vault.shared, append.offset());
        match append.length() {
            Some(known) if known == length => return Ok(()),
            Some(known) => return Err(AppendError::OtherLength(known)),
            None if length < there => return Err(AppendError::OtherLength(there)),
            None => {}
        }
        self.allowance.permits_more(shared, &self.owner, length - there).await?;
        let rest = super::layout(length - there).ok_or(AppendError::TooLong(there))?;
        find_room(shared, &rest).await?;
        let settled = shared.ledger.settle(&append.id, length).await;
        settled.map_err(|error| trouble::of_ledger(Operation::Put, error))?;
        turn.writer.prepare(shared, append).await?;
        let cvs = turn.writer.digests.as_ref().map_or_else(Vec::new, |digests| digests.whole_from(0));
        if let Some(upload) = append.settle(length, cvs) {
            shared.register.enter(upload);
            shared.library_changed();
        }
        Ok(())
    }

    /// How far the upload may go by what comes now.
    async fn bound(&self, append: &Append, most: Option<u64>) -> Result<Bound, AppendError> {
        if let Some(length) = append.length() {
            return Ok(Bound { most: length, beyond: AppendError::TooLong(length) });
        }
        let left = self.allowance.left(&self.vault.shared, &self.owner).await?;
        let kept = left.map_or(u64::MAX, |left| append.offset().saturating_add(left));
        Ok(match most {
            Some(most) if most <= kept => Bound { most, beyond: AppendError::TooLarge(most) },
            Some(_) | None => Bound { most: kept, beyond: crate::vault::allowance::no_room(1, 0).into() },
        })
    }

    /// Bytes for an upload that takes none: it is a film, or unknown.
    async fn too_late(&self, id: &UploadId) -> AppendError {
        match self.finished_append(id).await {
            Ok(view) => AppendError::Finished(view.length.unwrap_or(0)),
            Err(error) => error,
        }
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

    async fn turn_of_append(
        &self,
        step: impl FnOnce(tokio::sync::oneshot::Sender<Result<Arc<Append>, AppendError>>) -> Step,
    ) -> Result<Arc<Append>, AppendError> {
        let (reply, answer) = tokio::sync::oneshot::channel();
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
