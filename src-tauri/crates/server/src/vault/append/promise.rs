//! Bytes that an upload may come to whose length nobody knows: the lifecycle promises them before they are taken, one
//! request at a time, so that many uploads do not all get what is left for one.

use std::sync::Arc;

use super::{Append, AppendError};
use crate::vault::allowance::{Allowance, no_room};
use crate::vault::lifecycle::Step;
use crate::vault::shared::Shared;
use crate::vault::{OwnedVault, Vault};

/// Bytes that are promised at once to a body that does not say how many it has.
pub(super) const STRETCH: u64 = 16 << 20;

/// An upload that wants to come to so many bytes, or as near to that as may be.
#[derive(Debug)]
pub(in crate::vault) struct Promising {
    append: Arc<Append>,
    allowance: Allowance,
    wanted: u64,
}

/// What one request is promised. It is given back when it is dropped: what came counts by itself.
#[derive(Debug)]
pub(super) struct Promise {
    vault: Vault,
    append: Arc<Append>,
    allowance: Allowance,
}

/// How many bytes it may come to, of those that it wants.
pub(in crate::vault) async fn promise(shared: &Shared, promising: Promising) -> Result<u64, AppendError> {
    let Promising { append, allowance, wanted } = promising;
    let left = allowance.left(shared, &append.owner).await?;
    let promised = left.map_or(wanted, |left| wanted.min(append.counted().saturating_add(left)));
    append.promise(promised);
    Ok(promised)
}

impl Promise {
    /// For an upload whose turn the caller has.
    pub(super) fn new(owned: &OwnedVault, append: &Arc<Append>) -> Self {
        Self { vault: owned.vault.clone(), append: append.clone(), allowance: owned.allowance.clone() }
    }

    /// How many bytes the upload may come to now. Fewer than `end` are none.
    pub(super) async fn reach(&self, end: u64, wanted: u64) -> Result<u64, AppendError> {
        let promising = Promising { append: self.append.clone(), allowance: self.allowance.clone(), wanted };
        let most = self.vault.step_of_append(|reply| Step::PromiseAppend(promising, reply)).await?;
        if most < end { Err(no_room(end - most, 0).into()) } else { Ok(most) }
    }
}

impl Drop for Promise {
    fn drop(&mut self) {
        self.append.promise(0);
    }
}
