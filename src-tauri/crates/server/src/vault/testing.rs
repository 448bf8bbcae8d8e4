//! A ledger and catalogue in memory, for the vault's own tests: whole, counting its writes, failing when told to.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

use async_trait::async_trait;
use tokio::sync::watch;
use transfer::ids::ObjectId;
use transfer::name::FileName;
use transfer::remote::Arriving;
use transfer::tree::Root;
use transfer::units::Timestamp;

use crate::ports::{
    Amended, Appending, Arrived, Catalogue, Claim, Ledger, Mark, Marked, Owner, PortError, Rename, Stage, Upload,
    UploadId, Video,
};

/// What the vault believes to be a database.
#[derive(Debug, Default)]
pub(super) struct MemoryLedger {
    tables: Mutex<Tables>,
    held: watch::Sender<bool>,
    marking: watch::Sender<usize>,
    claims_held: watch::Sender<bool>,
    claiming: watch::Sender<usize>,
}

#[derive(Debug, Default)]
struct Tables {
    uploads: BTreeMap<UploadId, (Upload, Arrived)>,
    videos: Vec<Video>,
    appendings: BTreeMap<UploadId, Appending>,
    renames: BTreeMap<ObjectId, FileName>,
    groups: Vec<usize>,
    full: bool,
}

impl MemoryLedger {
    /// The size of each group of marks, in order.
    pub(super) fn groups(&self) -> Vec<usize> {
        self.tables().groups.clone()
    }

    /// From now on marks find the disk full, or not.
    pub(super) fn set_full(&self, full: bool) {
        self.tables().full = full;
    }

    /// From now on marks hang, or go on.
    pub(super) fn hold_marks(&self, held: bool) {
        self.held.send_replace(held);
    }

    /// Counts the groups of marks that have begun.
    pub(super) fn marking(&self) -> watch::Receiver<usize> {
        self.marking.subscribe()
    }

    /// From now on claims hang, or go on.
    pub(super) fn hold_claims(&self, held: bool) {
        self.claims_held.send_replace(held);
    }

    /// Counts the claims that have begun.
    pub(super) fn claiming(&self) -> watch::Receiver<usize> {
        self.claiming.subscribe()
    }

    fn tables(&self) -> MutexGuard<'_, Tables> {
        self.tables.lock().expect("nothing panics while it holds the lock")
    }

    fn change(&self, id: &UploadId, change: impl FnOnce(&mut Upload)) {
        if let Some((upload, _)) = self.tables().uploads.get_mut(id) {
            change(upload);
        }
    }
}

impl Tables {
    fn mark(&mut self, id: &UploadId, mark: &Mark, at: Timestamp) -> Marked {
        let Some((upload, arrived)) = self.uploads.get_mut(id) else { return Marked::Duplicate };
        upload.touched_at = at;
        if arrived.ranges.contains(&(mark.range, mark.vouched)) {
            return Marked::Duplicate;
        }
        arrived.ranges.push((mark.range, mark.vouched));
        arrived.cvs.extend(mark.cv);
        Marked::Fresh
    }
}

#[async_trait]
impl Ledger for MemoryLedger {
    async fn begin(&self, upload: &Upload) -> Result<Upload, PortError> {
        let mut tables = self.tables();
        let fresh = || (upload.clone(), Arrived::default());
        Ok(tables.uploads.entry(upload.id.clone()).or_insert_with(fresh).0.clone())
    }

    async fn begin_append(&self, upload: &Upload, appending: &Appending) -> Result<(), PortError> {
        self.begin(upload).await?;
        self.tables().appendings.insert(upload.id.clone(), appending.clone());
        Ok(())
    }

    async fn appendings(&self) -> Result<Vec<Appending>, PortError> {
        let tables = self.tables();
        let unfinished = tables.appendings.values().filter(|one| tables.uploads.contains_key(&one.id));
        Ok(unfinished.cloned().collect())
    }

    async fn appending(&self, id: &UploadId) -> Result<Option<Appending>, PortError> {
        Ok(self.tables().appendings.get(id).cloned())
    }

    async fn settle(&self, id: &UploadId, size: u64) -> Result<(), PortError> {
        self.change(id, |upload| upload.size = Some(size));
        Ok(())
    }

    async fn uploads(&self) -> Result<Vec<Upload>, PortError> {
        Ok(self.tables().uploads.values().map(|(upload, _)| upload.clone()).collect())
    }

    async fn arrived(&self, id: &UploadId) -> Result<Arrived, PortError> {
        Ok(self.tables().uploads.get(id).map(|(_, arrived)| arrived.clone()).unwrap_or_default())
    }

    async fn mark(&self, marks: &[(UploadId, Mark)], at: Timestamp) -> Result<Vec<Marked>, PortError> {
        self.marking.send_modify(|groups| *groups += 1);
        let released = self.held.subscribe().wait_for(|held| !held).await.is_ok();
        assert!(released, "the sender of it is here");
        let mut tables = self.tables();
        if tables.full {
            return Err(PortError::Full { what: "write down what has arrived" });
        }
        tables.groups.push(marks.len());
        Ok(marks.iter().map(|(id, mark)| tables.mark(id, mark, at)).collect())
    }

    async fn amend(&self, id: &UploadId, amended: &Amended, at: Timestamp) -> Result<(), PortError> {
        let mut tables = self.tables();
        if tables.full {
            return Err(PortError::Full { what: "amend an upload" });
        }
        let Some((upload, arrived)) = tables.uploads.get_mut(id) else { return Ok(()) };
        (upload.object, upload.amended_from) = (amended.object.clone(), Some(amended.from.clone()));
        (upload.size, upload.touched_at, upload.arriving) = (Some(amended.size), at, Arriving::Yes);
        let stays = |number: u32| amended.keep.iter().any(|(kept, _)| *kept == number);
        arrived.cvs.retain(|(number, _)| stays(*number));
        arrived.ranges.retain(|(range, _)| amended.keep.iter().any(|(_, kept)| kept == range));
        Ok(())
    }

    async fn announce(&self, id: &UploadId, arriving: Arriving, at: Timestamp) -> Result<(), PortError> {
        self.change(id, |upload| (upload.arriving, upload.touched_at) = (arriving, at));
        Ok(())
    }

    async fn claim_complete(&self, id: &UploadId, name: &FileName, root: &Root) -> Result<Claim, PortError> {
        self.claiming.send_modify(|claims| *claims += 1);
        let released = self.claims_held.subscribe().wait_for(|held| !held).await.is_ok();
        assert!(released, "the sender of it is here");
        let mut claim = Claim::Unknown;
        self.change(id, |upload| {
            claim = if upload.stage == Stage::Receiving { Claim::Mine } else { Claim::Taken };
            if claim == Claim::Mine {
                upload.stage = Stage::Publishing { name: name.clone(), root: *root };
            }
        });
        Ok(claim)
    }

    async fn rename_claim(&self, id: &UploadId, name: &FileName) -> Result<(), PortError> {
        self.change(id, |upload| {
            if let Stage::Publishing { name: claimed, .. } = &mut upload.stage {
                *claimed = name.clone();
            }
        });
        Ok(())
    }

    async fn publish(&self, video: &Video) -> Result<(), PortError> {
        let mut tables = self.tables();
        tables.uploads.remove(&video.upload);
        tables.videos.insert(0, video.clone());
        Ok(())
    }

    async fn remove(&self, id: &UploadId) -> Result<(), PortError> {
        let mut tables = self.tables();
        tables.uploads.remove(id);
        tables.appendings.remove(id);
        Ok(())
    }
}

#[async_trait]
impl Catalogue for MemoryLedger {
    async fn videos(&self, after: Option<&ObjectId>, limit: u32) -> Result<Vec<Video>, PortError> {
        let tables = self.tables();
        let first = after.and_then(|after| tables.videos.iter().position(|video| video.object == *after));
        let rest = tables.videos.iter().skip(first.map_or(0, |at| at + 1));
        Ok(rest.take(limit as usize).cloned().collect())
    }

    async fn video(&self, object: &ObjectId) -> Result<Option<Video>, PortError> {
        Ok(self.tables().videos.iter().find(|video| video.object == *object).cloned())
    }

    async fn published(&self, upload: &UploadId) -> Result<Option<Video>, PortError> {
        Ok(self.tables().videos.iter().find(|video| video.upload == *upload).cloned())
    }

    async fn named(&self, name: &FileName) -> Result<Option<Video>, PortError> {
        Ok(self.tables().videos.iter().find(|video| video.name == *name).cloned())
    }

    async fn kept_of(&self, owner: &Owner) -> Result<u64, PortError> {
        Ok(self.tables().videos.iter().filter(|video| video.owner == *owner).map(|video| video.size).sum())
    }

    async fn renames(&self) -> Result<Vec<Rename>, PortError> {
        let tables = self.tables();
        let rename = |(object, name): (&ObjectId, &FileName)| Rename { object: object.clone(), name: name.clone() };
        Ok(tables.renames.iter().map(rename).collect())
    }

    async fn begin_rename(&self, rename: &Rename) -> Result<(), PortError> {
        self.tables().renames.insert(rename.object.clone(), rename.name.clone());
        Ok(())
    }

    async fn end_rename(&self, object: &ObjectId, moved: bool) -> Result<(), PortError> {
        let mut tables = self.tables();
        let name = tables.renames.remove(object).filter(|_| moved);
        if let Some((video, name)) = tables.videos.iter_mut().find(|video| video.object == *object).zip(name) {
            video.name = name;
        }
        Ok(())
    }

    async fn take_out(&self, object: &ObjectId) -> Result<(), PortError> {
        self.tables().videos.retain(|video| video.object != *object);
        Ok(())
    }

    async fn put_back(&self, video: &Video) -> Result<(), PortError> {
        self.tables().videos.push(video.clone());
        Ok(())
    }
}
