//! A destination as the engine holds it: every call goes to the driver that the destination has at that moment, so that
//! an edit holds from the next request on. While there is none, calls fail in passing, and say why.

use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::watch;
use transfer::error::{Class, Operation, RemoteError};
use transfer::ids::{DestinationId, ObjectId};
use transfer::layout::ChunkLayout;
use transfer::range::RangeReader;
use transfer::remote::{
    Amendment, Arriving, Capabilities, ChunkReceipt, Completed, Completion, NewUpload, PutChunk, Remote, UploadHandle,
    UploadStatus, Wishes,
};

use super::doors::Doors;

#[derive(Debug)]
pub(super) struct Switch {
    id: DestinationId,
    doors: Arc<Doors>,
    /// As they were when it was asked for: what was planned with them must stay so.
    capabilities: Capabilities,
}

impl Switch {
    /// There must be a driver now, or it is said why not.
    pub(super) fn of(id: DestinationId, doors: Arc<Doors>) -> Result<Self, String> {
        let capabilities = doors.driver(&id)?.remote().capabilities();
        Ok(Self { id, doors, capabilities })
    }

    fn now(&self, operation: Operation) -> Result<Arc<dyn Remote>, RemoteError> {
        let driver = self.doors.driver(&self.id);
        driver.map(|driver| driver.remote()).map_err(|why| RemoteError::new(operation, Class::Transient, why))
    }
}

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl Remote for Switch {
    fn capabilities(&self) -> Capabilities {
        self.capabilities.clone()
    }

    async fn begin(&self, upload: &NewUpload) -> Result<UploadHandle, RemoteError> {
        self.now(Operation::Begin)?.begin(upload).await
    }

    async fn status(&self, handle: &UploadHandle, layout: &ChunkLayout) -> Result<UploadStatus, RemoteError> {
        self.now(Operation::Status)?.status(handle, layout).await
    }

    async fn put_chunk(&self, put: PutChunk) -> Result<ChunkReceipt, RemoteError> {
        self.now(Operation::Put)?.put_chunk(put).await
    }

    async fn amend(&self, amendment: &Amendment) -> Result<UploadHandle, RemoteError> {
        self.now(Operation::Amend)?.amend(amendment).await
    }

    async fn complete(&self, completion: &Completion) -> Result<Completed, RemoteError> {
        self.now(Operation::Complete)?.complete(completion).await
    }

    async fn abort(&self, handle: &UploadHandle) -> Result<(), RemoteError> {
        self.now(Operation::Abort)?.abort(handle).await
    }

    async fn open(&self, object: &ObjectId) -> Result<Arc<dyn RangeReader>, RemoteError> {
        self.now(Operation::Read)?.open(object).await
    }

    fn wishes(&self, handle: &UploadHandle) -> Option<watch::Receiver<Wishes>> {
        self.now(Operation::Status).ok()?.wishes(handle)
    }

    async fn announce(&self, handle: &UploadHandle, arriving: Arriving) {
        if let Ok(remote) = self.now(Operation::Status) {
            remote.announce(handle, arriving).await;
        }
    }
}
