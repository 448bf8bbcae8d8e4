//! The unfinished uploads of a vault whose bytes come in order, by their name.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Append;
use crate::ports::{Owner, Role, UploadId};

/// Every one of them.
#[derive(Debug, Default)]
pub(in crate::vault) struct Appends(Mutex<HashMap<UploadId, Arc<Append>>>);

impl Appends {
    pub(super) fn by_id(&self, id: &UploadId) -> Option<Arc<Append>> {
        self.list().get(id).cloned()
    }

    pub(super) fn all(&self) -> Vec<Arc<Append>> {
        self.list().values().cloned().collect()
    }

    pub(super) fn enter(&self, append: Arc<Append>) {
        self.list().insert(append.id.clone(), append);
    }

    pub(super) fn strike(&self, append: &Append) {
        self.list().remove(&append.id);
    }

    /// The sizes of an owner's uploads that are not in the register: parts, and those whose length is unknown.
    pub(in crate::vault) fn sizes_of(&self, owner: &Owner) -> Vec<u64> {
        let list = self.list();
        let hidden = list.values().filter(|append| append.owner == *owner && append.upload().is_none());
        hidden.map(|append| append.length().unwrap_or_else(|| append.offset())).collect()
    }

    /// Whether an upload that is put together needs this part.
    pub(super) fn is_needed(&self, part: &UploadId) -> bool {
        self.list().values().any(|append| match &append.told.role {
            Role::Assembly { parts, .. } => parts.contains(part),
            Role::Whole | Role::Part => false,
        })
    }

    fn list(&self) -> MutexGuard<'_, HashMap<UploadId, Arc<Append>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
