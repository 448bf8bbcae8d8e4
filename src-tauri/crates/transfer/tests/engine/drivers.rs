//! Drivers that make mistakes of their own.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use tokio::sync::watch;
use transfer::engine::Command;
use transfer::error::RemoteError;
use transfer::ids::ObjectId;
use transfer::layout::ChunkLayout;
use transfer::range::RangeReader;
use transfer::remote::{
    Amendment, Arriving, Capabilities, ChunkReceipt, Completed, Completion, NewUpload, PutChunk, Remote, UploadHandle,
    UploadStatus, Wishes,
};
use transfer::state::TransferState;
use transfer::testing::MemoryRemote;
use transfer::units::MIB;

use crate::world::{World, add, command, done, until_state};

const FILM: &str = "/films/a.mp4";

/// Panics at its first status and its third put; acknowledges its fourth without reading it to the end, as one does
/// that had the chunk already.
#[derive(Debug)]
struct Careless {
    inner: Arc<MemoryRemote>,
    statuses: AtomicU32,
    puts: AtomicU32,
}

#[async_trait]
impl Remote for Careless {
    fn capabilities(&self) -> Capabilities {
        self.inner.capabilities()
    }

    async fn begin(&self, upload: &NewUpload) -> Result<UploadHandle, RemoteError> {
        self.inner.begin(upload).await
    }

    async fn status(&self, handle: &UploadHandle, layout: &ChunkLayout) -> Result<UploadStatus, RemoteError> {
        assert!(self.statuses.fetch_add(1, Ordering::SeqCst) > 0, "the test's own panic");
        self.inner.status(handle, layout).await
    }

    async fn put_chunk(&self, mut put: PutChunk) -> Result<ChunkReceipt, RemoteError> {
        let nth = self.puts.fetch_add(1, Ordering::SeqCst) + 1;
        assert!(nth != 3, "the test's own panic");
        if nth != 4 {
            return self.inner.put_chunk(put).await;
        }
        let content = World::content(FILM, 6 * MIB);
        put.body = transfer::testing::body_of(&put.layout, put.index, &content);
        self.inner.put_chunk(put).await
    }

    async fn amend(&self, amendment: &Amendment) -> Result<UploadHandle, RemoteError> {
        self.inner.amend(amendment).await
    }

    async fn complete(&self, completion: &Completion) -> Result<Completed, RemoteError> {
        self.inner.complete(completion).await
    }

    async fn abort(&self, handle: &UploadHandle) -> Result<(), RemoteError> {
        self.inner.abort(handle).await
    }

    async fn open(&self, object: &ObjectId) -> Result<Arc<dyn RangeReader>, RemoteError> {
        self.inner.open(object).await
    }

    fn wishes(&self, handle: &UploadHandle) -> Option<watch::Receiver<Wishes>> {
        self.inner.wishes(handle)
    }

    async fn announce(&self, _: &UploadHandle, _: Arriving) {
        panic!("the test's own panic");
    }
}

#[tokio::test(start_paused = true)]
async fn a_driver_that_panics_fails_its_transfer_and_holds_nothing() {
    let world = World::new();
    let driver = Careless { inner: Arc::clone(&world.remote), statuses: AtomicU32::new(0), puts: AtomicU32::new(0) };
    let world = World { driver: Arc::new(driver), ..world };
    let engine = world.start().await;
    let id = add(&engine, world.file(FILM, 6 * MIB)).await;
    for _ in ["the status", "the put"] {
        let failed = until_state(&engine, id, |state| matches!(state, TransferState::Failed(_))).await;
        assert_eq!(failed.chunks_in_flight, 0, "no lease is held for ever");
        command(&engine, id, Command::Retry).await;
    }
    done(&world, &engine, id, &World::content(FILM, 6 * MIB)).await;
}
