//! Bytes that ask to come in: whose turn it is, where they must begin, and how many are let in.

use std::sync::Arc;

use super::promise::Promise;
use super::settling::Settling;
use super::taking::{Bound, Taking};
use super::turn::Turn;
use super::{Append, AppendBody, AppendError, AppendView, conclusion};
use crate::ports::UploadId;
use crate::vault::OwnedVault;
use crate::vault::lifecycle::Step;

impl OwnedVault {
    /// The turn of an upload that takes bytes.
    pub(super) async fn turn(&self, append: &Append) -> Result<Turn, AppendError> {
        let turn = append.turns.take().await.ok_or(AppendError::Held)?;
        match turn.over.is_cancelled() {
            true => Err(AppendError::Superseded),
            false => Ok(turn),
        }
    }

    pub(super) async fn take(
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
            self.settle(&append, &mut turn, length, most).await?;
        }
        let mut bound = self.bound(&append, most);
        if let Some(bytes) = body.expected() {
            bound.reach(offset.saturating_add(bytes), 0).await?;
        }
        let taking = Taking { shared: &self.vault.shared, append: &append, turn: &mut turn, body, bound };
        taking.take().await?;
        if append.is_complete() {
            conclusion::conclude(&self.vault, &append, &mut turn).await?;
        }
        Ok(AppendView::of(&append, &self.vault.shared))
    }

    /// Its length is known now, and never another.
    pub(super) async fn settle(
        &self,
        append: &Arc<Append>,
        turn: &mut Turn,
        length: u64,
        most: Option<u64>,
    ) -> Result<(), AppendError> {
        turn.writer.prepare(&self.vault.shared, append).await?;
        let (append, allowance, cvs) = (append.clone(), self.allowance.clone(), turn.writer.whole_chunks());
        let settling = Settling { append, length, allowance, most, cvs };
        self.vault.step_of_append(|reply| Step::SettleAppend(settling, reply)).await
    }

    /// How far the upload may go by what comes now.
    fn bound(&self, append: &Arc<Append>, most: Option<u64>) -> Bound {
        if let Some(length) = append.length() {
            return Bound::at(length, AppendError::TooLong(length));
        }
        let most = most.unwrap_or(u64::MAX);
        let bound = Bound::at(most, AppendError::TooLarge(most));
        match self.allowance.bytes {
            Some(_) => bound.promised(Promise::new(self, append)),
            None => bound,
        }
    }

    /// Bytes for an upload that takes none: it is a film, or unknown.
    async fn too_late(&self, id: &UploadId) -> AppendError {
        match self.finished_append(id).await {
            Ok(view) => AppendError::Finished(view.length.unwrap_or(0)),
            Err(error) => error,
        }
    }
}
