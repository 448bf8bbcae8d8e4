//! The unfinished uploads of a vault, by their own name and by the object that they become.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use transfer::ids::ObjectId;
use transfer::name::FileName;

use super::upload::{Standing, Upload};
use crate::ports::{Stage, UploadId};

/// Every unfinished upload. Only the lifecycle changes it, and whoever learns the length of one whose bytes come in
/// order; everybody looks things up.
#[derive(Debug, Clone, Default)]
pub(super) struct Register(Arc<Mutex<Lists>>);

#[derive(Debug, Default)]
struct Lists {
    by_id: HashMap<UploadId, Arc<Upload>>,
    by_object: HashMap<ObjectId, Arc<Upload>>,
    /// The names that uploads which end will have.
    names: HashMap<FileName, UploadId>,
}

impl Register {
    pub(super) fn by_id(&self, id: &UploadId) -> Option<Arc<Upload>> {
        self.lists().by_id.get(id).cloned()
    }

    pub(super) fn by_object(&self, object: &ObjectId) -> Option<Arc<Upload>> {
        self.lists().by_object.get(object).cloned()
    }

    pub(super) fn all(&self) -> Vec<Arc<Upload>> {
        self.lists().by_id.values().cloned().collect()
    }

    pub(super) fn enter(&self, upload: Arc<Upload>) {
        let mut lists = self.lists();
        if let Standing::Unfinished(Stage::Publishing { name, .. }) = upload.standing() {
            lists.names.insert(name, upload.id.clone());
        }
        lists.by_object.insert(upload.object.clone(), upload.clone());
        lists.by_id.insert(upload.id.clone(), upload);
    }

    /// Keeps a name for an upload that ends, in the place of any that it had. False: another that ends has it.
    pub(super) fn keep_name(&self, id: &UploadId, name: &FileName) -> bool {
        let mut lists = self.lists();
        if lists.names.get(name).is_some_and(|owner| owner != id) {
            return false;
        }
        lists.names.retain(|_, owner| owner != id);
        lists.names.insert(name.clone(), id.clone());
        true
    }

    /// One takes the other's place: at no instant is there none of that name.
    pub(super) fn replace(&self, before: &Upload, upload: Arc<Upload>) {
        let mut lists = self.lists();
        lists.by_object.remove(&before.object);
        lists.by_object.insert(upload.object.clone(), upload.clone());
        lists.by_id.insert(upload.id.clone(), upload);
    }

    pub(super) fn strike(&self, upload: &Upload) {
        let mut lists = self.lists();
        lists.by_object.remove(&upload.object);
        lists.by_id.remove(&upload.id);
        lists.names.retain(|_, owner| *owner != upload.id);
    }

    fn lists(&self) -> MutexGuard<'_, Lists> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
