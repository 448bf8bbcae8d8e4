//! The vault as one owner sees it from afar: only what it began itself can be asked for, sent to, finished or given up.
//! Of another's upload it learns nothing, not even that it is there.
//!
//! A handle that travels names the upload *and* the film that it becomes: a request that was on its way for an upload
//! which was given up meanwhile must not reach the one that was begun again under its name.

use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::watch;
use transfer::error::{Operation, RemoteError};
use transfer::ids::ObjectId;
use transfer::layout::ChunkLayout;
use transfer::range::RangeReader;
use transfer::remote::{
    Amendment, Arriving, Capabilities, ChunkReceipt, Completed, Completion, NewUpload, Proof, PutChunk, Received,
    Remote, UploadHandle, UploadStatus, Wishes,
};

use super::amending::Amending;
use super::upload::Upload;
use super::{Allowance, Progress, Vault, begin, trouble};
use crate::ports::{Owner, UploadId};

/// What there is to say about an upload of the owner's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known {
    /// It takes chunks.
    Receiving {
        /// Its size and chunks.
        layout: ChunkLayout,
        /// The film that it becomes.
        object: ObjectId,
        /// What has arrived.
        received: Received,
    },
    /// It is a film.
    Completed(Completed),
}

/// A vault in the name of an owner.
#[derive(Debug, Clone)]
pub struct OwnedVault {
    pub(super) vault: Vault,
    pub(super) owner: Owner,
    pub(super) allowance: Allowance,
}

impl Vault {
    /// The vault in the name of `owner`, who may have so much in it.
    pub fn of(&self, owner: Owner, allowance: Allowance) -> OwnedVault {
        OwnedVault { vault: self.clone(), owner, allowance }
    }

    /// Gives up anybody's upload, by the handle that travels; `Ok`, as ever, where there is none.
    pub async fn withdraw(&self, handle: &UploadHandle) -> Result<(), RemoteError> {
        match apart(handle) {
            Some((own, object)) if self.object_of(&own).as_ref() == Some(&object) => self.abort(&own).await,
            Some(_) | None => Ok(()),
        }
    }
}

impl OwnedVault {
    /// Whether its owner has begun just that before, finished or not.
    pub async fn has_begun(&self, new: &NewUpload) -> Result<bool, RemoteError> {
        let (id, published) = begin::name(&self.vault.shared, &self.owner, new).await?;
        let same = |upload: Arc<Upload>| upload.layout == new.layout;
        Ok(published || self.vault.shared.register.by_id(&id).is_some_and(same))
    }

    /// The chunks of an unfinished upload.
    pub fn layout(&self, handle: &UploadHandle) -> Option<ChunkLayout> {
        self.vault.shared.upload(&self.receiving(handle)?).map(|upload| upload.layout)
    }

    /// How an unfinished upload gets on.
    pub fn progress(&self, handle: &UploadHandle) -> Option<Progress> {
        self.vault.shared.upload(&self.receiving(handle)?).map(Progress::new)
    }

    /// What there is to say about an upload; none where it is not known.
    pub async fn look(&self, handle: &UploadHandle) -> Result<Option<Known>, RemoteError> {
        let Some((own, object)) = apart(handle) else { return Ok(None) };
        let Some(layout) = self.layout(handle) else {
            let known = self.known(handle, Operation::Status).await?;
            return Ok(known.map(|_| Known::Completed(Completed { object, proof: Proof::Root })));
        };
        Ok(match self.vault.status(&own, &layout).await? {
            UploadStatus::Receiving(received) => Some(Known::Receiving { layout, object, received }),
            UploadStatus::Completed(completed) => Some(Known::Completed(completed)),
            UploadStatus::Unknown => None,
        })
    }

    /// The vault's own handle of an unfinished upload of the owner's that takes chunks. No call to the database.
    fn receiving(&self, handle: &UploadHandle) -> Option<UploadHandle> {
        let (own, upload) = self.unfinished(handle)?;
        (!upload.is_in_order()).then_some(own)
    }

    /// The same of any unfinished upload, and the upload.
    fn unfinished(&self, handle: &UploadHandle) -> Option<(UploadHandle, Arc<Upload>)> {
        let (own, object) = apart(handle)?;
        let upload = self.vault.shared.register.by_id(&UploadId(own.0.clone()))?;
        (upload.owner == self.owner && upload.object == object).then_some((own, upload))
    }

    /// The same, also by the handle that it had before it was amended: who lost the new one may give it up all the same.
    fn given_up(&self, handle: &UploadHandle) -> Option<UploadHandle> {
        let (own, object) = apart(handle)?;
        let upload = self.vault.shared.register.by_id(&UploadId(own.0.clone()))?;
        (upload.owner == self.owner && upload.is_known_as(&object)).then_some(own)
    }

    /// The same, also of a finished one.
    async fn known(&self, handle: &UploadHandle, operation: Operation) -> Result<Option<UploadHandle>, RemoteError> {
        if let Some(own) = self.receiving(handle) {
            return Ok(Some(own));
        }
        let Some((own, object)) = apart(handle) else { return Ok(None) };
        let published = self.vault.shared.catalogue.published(&UploadId(own.0.clone())).await;
        let video = published.map_err(|error| trouble::of_ledger(operation, error))?;
        let ours = video.is_some_and(|video| video.owner == self.owner && video.object == object);
        Ok(ours.then_some(own))
    }

    async fn object(&self, own: &UploadHandle, operation: Operation) -> Result<ObjectId, RemoteError> {
        if let Some(object) = self.vault.object_of(own) {
            return Ok(object);
        }
        let published = self.vault.shared.catalogue.published(&UploadId(own.0.clone())).await;
        let video = published.map_err(|error| trouble::of_ledger(operation, error))?;
        video.map(|video| video.object).ok_or_else(|| trouble::unknown(operation))
    }
}

pub(super) fn together(own: &UploadHandle, object: &ObjectId) -> UploadHandle {
    UploadHandle(format!("{}.{object}", own.0))
}

fn apart(handle: &UploadHandle) -> Option<(UploadHandle, ObjectId)> {
    let (own, object) = handle.0.split_once('.')?;
    Some((UploadHandle(own.to_owned()), ObjectId(object.to_owned())))
}

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl Remote for OwnedVault {
    fn capabilities(&self) -> Capabilities {
        self.vault.capabilities()
    }

    async fn begin(&self, upload: &NewUpload) -> Result<UploadHandle, RemoteError> {
        let own = self.vault.begin_for(&self.owner, &self.allowance, upload).await?;
        let object = self.object(&own, Operation::Begin).await?;
        Ok(together(&own, &object))
    }

    async fn status(&self, handle: &UploadHandle, layout: &ChunkLayout) -> Result<UploadStatus, RemoteError> {
        match self.known(handle, Operation::Status).await? {
            Some(own) => self.vault.status(&own, layout).await,
            None => Ok(UploadStatus::Unknown),
        }
    }

    async fn put_chunk(&self, put: PutChunk) -> Result<ChunkReceipt, RemoteError> {
        let own = self.known(&put.handle, Operation::Put).await?.ok_or_else(|| trouble::unknown(Operation::Put))?;
        self.vault.put_chunk(PutChunk { handle: own, ..put }).await
    }

    async fn amend(&self, amendment: &Amendment) -> Result<UploadHandle, RemoteError> {
        let (own, named) = apart(&amendment.handle).ok_or_else(|| trouble::unknown(Operation::Amend))?;
        let id = UploadId(own.0.clone());
        if self.vault.shared.register.by_id(&id).is_none_or(|upload| upload.owner != self.owner) {
            return Err(trouble::unknown(Operation::Amend));
        }
        let (allowance, keep) = (self.allowance.clone(), amendment.keep.clone());
        let asked = Amending { id, named: Some(named), allowance, after: amendment.after, keep };
        let upload = self.vault.amend_for(asked, amendment).await?;
        Ok(together(&own, &upload.object))
    }

    async fn complete(&self, completion: &Completion) -> Result<Completed, RemoteError> {
        let own = self.known(&completion.handle, Operation::Complete).await?;
        let handle = own.ok_or_else(|| trouble::unknown(Operation::Complete))?;
        self.vault.complete(&Completion { handle, ..completion.clone() }).await
    }

    /// Of another's upload: `Ok`, as of one that is unknown, and nothing is done.
    async fn abort(&self, handle: &UploadHandle) -> Result<(), RemoteError> {
        match self.given_up(handle) {
            Some(own) => self.vault.abort(&own).await,
            None => Ok(()),
        }
    }

    async fn open(&self, object: &ObjectId) -> Result<Arc<dyn RangeReader>, RemoteError> {
        self.vault.open(object).await
    }

    fn wishes(&self, handle: &UploadHandle) -> Option<watch::Receiver<Wishes>> {
        self.vault.wishes(&self.receiving(handle)?)
    }

    async fn announce(&self, handle: &UploadHandle, arriving: Arriving) {
        if let Some(own) = self.receiving(handle) {
            self.vault.announce(&own, arriving).await;
        }
    }
}
