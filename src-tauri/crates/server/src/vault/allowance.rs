//! How much an owner may have in the vault. Looked at by the one task that begins uploads, so that many that begin at
//! once do not all see the room that is there for one.

use transfer::error::{Class, Operation, RemoteError};
use transfer::remote::NewUpload;

use super::shared::Shared;
use super::trouble;
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
    pub(super) async fn permits(&self, shared: &Shared, owner: &Owner, new: &NewUpload) -> Result<(), RemoteError> {
        let all = shared.register.all();
        let sizes: Vec<u64> =
            all.iter().filter(|upload| upload.owner == *owner).map(|upload| upload.layout.size()).collect();
        if self.uploads.is_some_and(|most| sizes.len() >= most) {
            let said = format!("{} uploads are unfinished: one must end first", sizes.len());
            return Err(RemoteError::new(Operation::Begin, Class::Throttled { after: None }, said));
        }
        let Some(most) = self.bytes else { return Ok(()) };
        let finished = shared.catalogue.kept_of(owner).await;
        let finished = finished.map_err(|error| trouble::of_ledger(Operation::Begin, error))?;
        let kept = sizes.iter().fold(finished, |kept, size| kept.saturating_add(*size));
        match most.saturating_sub(kept) {
            left if new.layout.size() > left => Err(no_room(new.layout.size(), left)),
            _ => Ok(()),
        }
    }
}

fn no_room(needed: u64, left: u64) -> RemoteError {
    let class = Class::NoSpace { needed: Some(needed), free: Some(left) };
    RemoteError::new(Operation::Begin, class, "what may be kept under this name is used up")
}
