//! The unfinished uploads of a vault whose bytes come in order, by their name.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Append;
use crate::ports::{Owner, Role, UploadId};

/// Every one of them.
#[derive(Debug, Default)]
pub(in crate::vault) struct Appends(Mutex<HashMap<UploadId, Arc<Append>>>);

impl Appends {
    pub(in crate::vault) fn by_id(&self, id: &UploadId) -> Option<Arc<Append>> {
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

    /// Whether it is put together from parts, which are counted themselves.
    pub(in crate::vault) fn is_assembly(&self, id: &UploadId) -> bool {
        self.by_id(id).is_some_and(|append| append.is_assembly())
    }

    /// The sizes of an owner's uploads that are not in the register: parts, and those whose length is unknown.
    pub(in crate::vault) fn sizes_of(&self, owner: &Owner) -> Vec<u64> {
        let list = self.list();
        let hidden = list.values().filter(|append| append.owner == *owner && append.upload().is_none());
        hidden.map(|append| append.counted()).collect()
    }

    /// The upload that is put together from this part, among others.
    pub(super) fn needing(&self, part: &UploadId) -> Option<Arc<Append>> {
        let needs = |append: &&Arc<Append>| match &append.told.role {
            Role::Assembly { parts, .. } => parts.contains(part),
            Role::Whole | Role::Part => false,
        };
        self.list().values().find(needs).cloned()
    }

    /// Whether an upload that is put together needs this part.
    pub(super) fn is_needed(&self, part: &UploadId) -> bool {
        self.needing(part).is_some()
    }

    fn list(&self) -> MutexGuard<'_, HashMap<UploadId, Arc<Append>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
