//! Beginning, finishing and giving up, each of which a lost reply may repeat.

use std::sync::Arc;

use futures::future::join;

use super::World;
use super::checks::{acked, begin, class, finish, four_chunks, send};
use crate::error::Class;
use crate::remote::{Completion, Proof, UploadStatus};
use crate::tree::Root;

pub(super) async fn beginning_twice_loses_nothing(world: Arc<dyn World>) {
    let remote = world.remote();
    if !world.client_names_uploads() {
        return;
    }
    let film = four_chunks(&*remote, 30);
    let handle = begin(&*remote, &film).await;
    assert_eq!(begin(&*remote, &film).await, handle, "one transfer is one upload");
    let mut receipts = send(&*remote, &film, &handle, film.layout.indices().take(2)).await;
    assert_eq!(begin(&*remote, &film).await, handle, "one transfer is one upload, with bytes in it too");
    assert_eq!(acked(&*remote, &film, &handle).await, [0, 1], "beginning again takes nothing back");
    receipts.extend(send(&*remote, &film, &handle, film.layout.indices().skip(2)).await);
    let completed = finish(&*remote, &film, &handle, receipts).await;
    let again = begin(&*remote, &film).await;
    let same = again == handle || !world.finished_handles_stay();
    assert!(same, "a finished upload is found by the same name: {again:?}");
    let status = remote.status(&again, &film.layout).await.expect("the remote says what it has");
    assert_eq!(status, UploadStatus::Completed(completed), "beginning again does not undo what was finished");
}

pub(super) async fn completing_twice_gives_one_object(world: Arc<dyn World>) {
    let remote = world.remote();
    for (seed, film) in [(31, four_chunks(&*remote, 31)), (32, crate::testing::Film::new(&*remote, 32, 0))] {
        let handle = begin(&*remote, &film).await;
        let receipts = send(&*remote, &film, &handle, film.layout.indices()).await;
        let first = finish(&*remote, &film, &handle, receipts.clone()).await;
        let again = finish(&*remote, &film, &handle, receipts).await;
        assert_eq!(again, first, "a lost reply is asked for again; it is the same object (film {seed})");
    }
}

pub(super) async fn completing_at_the_same_time_gives_one_object(world: Arc<dyn World>) {
    let remote = world.remote();
    let film = four_chunks(&*remote, 33);
    let handle = begin(&*remote, &film).await;
    let receipts = send(&*remote, &film, &handle, film.layout.indices()).await;
    let completion = film.completion(&handle, receipts.clone());
    let (one, other) = join(remote.complete(&completion), remote.complete(&completion)).await;
    let winners: Vec<_> = [one, other].into_iter().filter_map(Result::ok).collect();
    assert!(!winners.is_empty(), "of two who finish one succeeds");
    let settled = finish(&*remote, &film, &handle, receipts).await;
    assert!(winners.iter().all(|winner| *winner == settled), "there is one object: {winners:?} and {settled:?}");
}

pub(super) async fn completing_too_early_is_refused_and_does_no_harm(world: Arc<dyn World>) {
    let remote = world.remote();
    let film = four_chunks(&*remote, 34);
    let handle = begin(&*remote, &film).await;
    let mut receipts = send(&*remote, &film, &handle, film.layout.indices().take(3)).await;
    let early = remote.complete(&film.completion(&handle, receipts.clone())).await;
    assert_eq!(class(&early), Some(&Class::Desync), "the engine asks for the status on this class: {early:?}");
    assert_eq!(acked(&*remote, &film, &handle).await, [0, 1, 2], "what was there stays");
    receipts.extend(send(&*remote, &film, &handle, film.layout.indices().skip(3)).await);
    finish(&*remote, &film, &handle, receipts).await;
}

pub(super) async fn a_wrong_root_gives_no_object(world: Arc<dyn World>) {
    let remote = world.remote();
    if remote.capabilities().proof != Proof::Root {
        return;
    }
    let film = four_chunks(&*remote, 35);
    let handle = begin(&*remote, &film).await;
    let receipts = send(&*remote, &film, &handle, film.layout.indices()).await;
    let completion = Completion { root: Root([1; 32]), ..film.completion(&handle, receipts) };
    let wrong = remote.complete(&completion).await;
    let refused = matches!(class(&wrong), Some(Class::Corrupt | Class::Fatal));
    assert!(refused, "another file's root is refused: {wrong:?}");
    let status = remote.status(&handle, &film.layout).await.expect("the remote says what it has");
    assert!(!matches!(status, UploadStatus::Completed(_)), "what was refused is no object: {status:?}");
}

pub(super) async fn an_aborted_upload_is_unknown(world: Arc<dyn World>) {
    let remote = world.remote();
    let film = four_chunks(&*remote, 36);
    let handle = begin(&*remote, &film).await;
    send(&*remote, &film, &handle, film.layout.indices().take(2)).await;
    for time in ["first", "second"] {
        remote.abort(&handle).await.unwrap_or_else(|error| panic!("aborting for the {time} time: {error:?}"));
        let status = remote.status(&handle, &film.layout).await.expect("the remote says what it has");
        assert_eq!(status, UploadStatus::Unknown, "what was given up is gone");
    }
    film.deliver(&*remote).await.expect("what was given up can begin anew");
}

pub(super) async fn an_unknown_upload_cannot_be_completed(world: Arc<dyn World>) {
    let remote = world.remote();
    let film = four_chunks(&*remote, 37);
    let handle = begin(&*remote, &film).await;
    let receipts = send(&*remote, &film, &handle, film.layout.indices()).await;
    remote.abort(&handle).await.expect("an upload can be given up");
    let late = remote.complete(&film.completion(&handle, receipts)).await;
    assert_eq!(class(&late), Some(&Class::Expired), "what was given up does not become an object: {late:?}");
}
