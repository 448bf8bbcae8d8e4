//! A ledger that writes down how many chunks each group acknowledged.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use server::ports::{Amended, Appending, Arrived, Claim, Ledger, Mark, Marked, PortError, Upload, UploadId, Video};
use transfer::name::FileName;
use transfer::remote::Arriving;
use transfer::tree::Root;
use transfer::units::Timestamp;

/// A decorator that changes nothing.
#[derive(Debug)]
pub struct GroupLedger {
    inner: Arc<dyn Ledger>,
    groups: Mutex<Vec<usize>>,
}

impl GroupLedger {
    /// Around `inner`.
    pub fn new(inner: Arc<dyn Ledger>) -> Self {
        Self { inner, groups: Mutex::default() }
    }

    /// The number of chunks in each write, in order.
    pub fn groups(&self) -> Vec<usize> {
        self.groups.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl Ledger for GroupLedger {
    async fn begin(&self, upload: &Upload) -> Result<Upload, PortError> {
        self.inner.begin(upload).await
    }

    async fn begin_append(&self, upload: &Upload, appending: &Appending) -> Result<(), PortError> {
        self.inner.begin_append(upload, appending).await
    }

    async fn appendings(&self) -> Result<Vec<Appending>, PortError> {
        self.inner.appendings().await
    }

    async fn appending(&self, id: &UploadId) -> Result<Option<Appending>, PortError> {
        self.inner.appending(id).await
    }

    async fn settle(&self, id: &UploadId, size: u64) -> Result<(), PortError> {
        self.inner.settle(id, size).await
    }

    async fn uploads(&self) -> Result<Vec<Upload>, PortError> {
        self.inner.uploads().await
    }

    async fn arrived(&self, id: &UploadId) -> Result<Arrived, PortError> {
        self.inner.arrived(id).await
    }

    async fn mark(&self, marks: &[(UploadId, Mark)], at: Timestamp) -> Result<Vec<Marked>, PortError> {
        self.groups.lock().unwrap_or_else(PoisonError::into_inner).push(marks.len());
        self.inner.mark(marks, at).await
    }

    async fn amend(&self, id: &UploadId, amended: &Amended, at: Timestamp) -> Result<(), PortError> {
        self.inner.amend(id, amended, at).await
    }

    async fn announce(&self, id: &UploadId, arriving: Arriving, at: Timestamp) -> Result<(), PortError> {
        self.inner.announce(id, arriving, at).await
    }

    async fn claim_complete(&self, id: &UploadId, name: &FileName, root: &Root) -> Result<Claim, PortError> {
        self.inner.claim_complete(id, name, root).await
    }

    async fn rename_claim(&self, id: &UploadId, name: &FileName) -> Result<(), PortError> {
        self.inner.rename_claim(id, name).await
    }

    async fn publish(&self, video: &Video) -> Result<(), PortError> {
        self.inner.publish(video).await
    }

    async fn remove(&self, id: &UploadId) -> Result<(), PortError> {
        self.inner.remove(id).await
    }
}
