//! What a remote said before it ended, it still says when it runs again.

use std::sync::Arc;

use super::World;
use super::checks::{acked, begin, finish, four_chunks, holds, send};
use crate::remote::UploadStatus;

pub(super) async fn acknowledged_chunks_survive_a_restart(world: Arc<dyn World>) {
    let film = four_chunks(&*world.remote(), 40);
    let handle = begin(&*world.remote(), &film).await;
    let mut receipts = Vec::new();
    for index in film.layout.indices() {
        receipts.extend(send(&*world.remote(), &film, &handle, [index]).await);
        world.reopen().await;
        let there: Vec<u32> = (0..=index.get()).collect();
        assert_eq!(acked(&*world.remote(), &film, &handle).await, there, "acknowledged means durable");
    }
    finish(&*world.remote(), &film, &handle, receipts).await;
}

pub(super) async fn a_finished_upload_survives_a_restart(world: Arc<dyn World>) {
    let film = four_chunks(&*world.remote(), 41);
    let handle = begin(&*world.remote(), &film).await;
    let receipts = send(&*world.remote(), &film, &handle, film.layout.indices()).await;
    let completed = finish(&*world.remote(), &film, &handle, receipts.clone()).await;
    world.reopen().await;
    let remote = world.remote();
    let status = remote.status(&handle, &film.layout).await.expect("the remote says what it has");
    assert_eq!(status, UploadStatus::Completed(completed.clone()), "a finished upload is found again");
    holds(&*remote, &film, &completed.object).await;
    let again = finish(&*remote, &film, &handle, receipts).await;
    assert_eq!(again, completed, "finishing again after a restart gives the same object");
}

pub(super) async fn an_aborted_upload_stays_unknown_after_a_restart(world: Arc<dyn World>) {
    let film = four_chunks(&*world.remote(), 42);
    let handle = begin(&*world.remote(), &film).await;
    send(&*world.remote(), &film, &handle, film.layout.indices().take(1)).await;
    world.remote().abort(&handle).await.expect("an upload can be given up");
    world.reopen().await;
    let status = world.remote().status(&handle, &film.layout).await.expect("the remote says what it has");
    assert_eq!(status, UploadStatus::Unknown, "what was given up does not come back");
}
