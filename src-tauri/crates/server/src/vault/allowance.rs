//! How much an owner may have in the vault. Looked at by the one task that begins uploads, so that many that begin at
//! once do not all see the room that is there for one.

use std::sync::Arc;

use transfer::error::{Class, Operation, RemoteError};

use super::shared::Shared;
use super::trouble;
use super::upload::Upload;
use crate::ports::Owner;

/// What is none is not limited.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Allowance {
    /// Unfinished uploads.
    pub uploads: Option<usize>,
    /// Bytes of films, and bytes that unfinished ones will have.
    pub bytes: Option<u64>,
}

impl Allowance {
    /// Whether one more upload is permitted. One that is there already was.
    pub(super) async fn permits(&self, shared: &Shared, owner: &Owner, size: u64) -> Result<(), RemoteError> {
        let unfinished = sizes(shared, owner).len();
        if self.uploads.is_some_and(|most| unfinished >= most) {
            let said = format!("{unfinished} uploads are unfinished: one must end first");
            return Err(RemoteError::new(Operation::Begin, Class::Throttled { after: None }, said));
        }
        self.permits_more(shared, owner, size).await
    }

    /// Whether so many bytes more are permitted.
    pub(super) async fn permits_more(&self, shared: &Shared, owner: &Owner, size: u64) -> Result<(), RemoteError> {
        let Some(most) = self.bytes else { return Ok(()) };
        let kept = kept(shared, owner).await?;
        if kept.saturating_add(size) > most { Err(no_room(size, most.saturating_sub(kept))) } else { Ok(()) }
    }

    /// How many bytes more are permitted, where there is a limit.
    pub(super) async fn left(&self, shared: &Shared, owner: &Owner) -> Result<Option<u64>, RemoteError> {
        let Some(most) = self.bytes else { return Ok(None) };
        Ok(Some(most.saturating_sub(kept(shared, owner).await?)))
    }
}

/// Bytes of an owner.
async fn kept(shared: &Shared, owner: &Owner) -> Result<u64, RemoteError> {
    let finished = shared.catalogue.kept_of(owner).await;
    let finished = finished.map_err(|error| trouble::of_ledger(Operation::Begin, error))?;
    Ok(sizes(shared, owner).iter().fold(finished, |kept, size| kept.saturating_add(*size)))
}

/// Of an owner's unfinished uploads. Of what is put together the parts are counted: they go when it is a film.
fn sizes(shared: &Shared, owner: &Owner) -> Vec<u64> {
    let all = shared.register.all();
    let size = |upload: &Arc<Upload>| if shared.appends.is_assembly(&upload.id) { 0 } else { upload.layout.size() };
    let shown = all.iter().filter(|upload| upload.owner == *owner).map(size);
    shown.chain(shared.appends.sizes_of(owner)).collect()
}

pub(super) fn no_room(needed: u64, left: u64) -> RemoteError {
    let class = Class::NoSpace { needed: Some(needed), free: Some(left) };
    RemoteError::new(Operation::Begin, class, "what may be kept under this name is used up")
}
