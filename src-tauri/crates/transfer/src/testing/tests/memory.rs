//! What a test can do to a remote in memory, and what it sees of it.

use std::num::NonZeroU32;
use std::sync::Arc;

use bytes::Bytes;

use crate::body::ReadyBody;
use crate::error::{Class, RemoteError};
use crate::ids::DestinationId;
use crate::layout::ByteRange;
use crate::remote::{Arriving, Capabilities, Order, Remote, Remotes, UploadHandle, UploadStatus};
use crate::testing::{BrokenBody, Film, MemoryRemote, MemoryRemotes, cv_of};
use crate::units::MIB;

async fn begun(remote: &MemoryRemote) -> (Film, UploadHandle) {
    let film = Film::new(remote, 1, 4 * MIB);
    let handle = remote.begin(&film.upload()).await.expect("the remote begins");
    (film, handle)
}

fn class<T>(result: Result<T, RemoteError>) -> Option<Class> {
    result.err().map(|error| error.class)
}

async fn chunks(remote: &MemoryRemote, film: &Film, handle: &UploadHandle) -> Vec<u32> {
    match remote.status(handle, &film.layout).await.expect("memory answers") {
        UploadStatus::Receiving(received) => received.chunks.iter().map(|(index, _)| index.get()).collect(),
        other @ (UploadStatus::Completed(_) | UploadStatus::Unknown) => panic!("unfinished is not {other:?}"),
    }
}

#[tokio::test]
async fn a_sequential_remote_refuses_a_chunk_out_of_order() {
    let remote = MemoryRemote::with(Capabilities { order: Order::Sequential, ..MemoryRemote::everything() });
    let (film, handle) = begun(&remote).await;
    let second = remote.put_chunk(film.put(&handle, film.chunk(1))).await;
    assert_eq!(class(second), Some(Class::Desync), "the first comes first");
    film.send(&remote, &handle, film.layout.indices()).await.expect("in order all are taken");
}

#[tokio::test]
async fn a_remote_with_two_lanes_refuses_a_third_and_a_lane_that_overtakes_itself() {
    let order = Order::Lanes(NonZeroU32::new(2).expect("not zero"));
    let remote = MemoryRemote::with(Capabilities { order, ..MemoryRemote::everything() });
    let film = Film::new(&remote, 1, 6 * MIB);
    let handle = remote.begin(&film.upload()).await.expect("the remote begins");
    film.send(&remote, &handle, [0, 3].map(|number| film.chunk(number))).await.expect("two lanes");
    let third = remote.put_chunk(film.put(&handle, film.chunk(5))).await;
    assert_eq!(class(third), Some(Class::Desync), "there are two lanes");
    film.send(&remote, &handle, [4, 1, 2, 5].map(|number| film.chunk(number))).await.expect("each lane goes on");
}

#[tokio::test]
async fn what_arrived_of_a_cut_chunk_is_kept_where_bytes_resume() {
    for (byte_resume, kept) in [(true, vec![(1, 1000)]), (false, vec![])] {
        let remote = MemoryRemote::with(Capabilities { byte_resume, ..MemoryRemote::everything() });
        let (film, handle) = begun(&remote).await;
        let range = film.layout.range(film.chunk(1));
        let head = film.bytes.slice(range.start() as usize..range.start() as usize + 1000);
        let body = BrokenBody::stopping(range, head);
        drop(remote.put_chunk(film.put_body(&handle, film.chunk(1), Box::new(body))).await);
        let UploadStatus::Receiving(received) = remote.status(&handle, &film.layout).await.expect("memory answers")
        else {
            panic!("it is unfinished")
        };
        let partial: Vec<_> = received.partial.iter().map(|(index, len)| (index.get(), *len)).collect();
        assert_eq!(partial, kept, "byte resume: {byte_resume}");
        film.send_rest(&remote, &handle, film.chunk(1)).await.expect("the rest is enough");
        assert_eq!(remote.puts()[1].bytes, if byte_resume { MIB - 1000 } else { MIB }, "no byte twice");
    }
}

#[tokio::test]
async fn a_body_that_leaves_a_hole_is_refused() {
    let remote = MemoryRemote::with(Capabilities { byte_resume: true, ..MemoryRemote::everything() });
    let (film, handle) = begun(&remote).await;
    let index = film.chunk(0);
    let rest = film.layout.range(index).without_first(10);
    let bytes = film.bytes.slice(10..MIB as usize);
    let body = ReadyBody::new(rest, bytes, Some(cv_of(&film.layout, index, &film.bytes)));
    let put = remote.put_chunk(film.put_body(&handle, index, Box::new(body))).await;
    assert_eq!(class(put), Some(Class::Desync), "ten bytes never came");
}

#[tokio::test]
async fn a_remote_without_checksums_takes_what_comes_and_tells_at_the_end() {
    let remote = MemoryRemote::with(Capabilities { checksums: false, ..MemoryRemote::everything() });
    let (film, handle) = begun(&remote).await;
    let spoiled = Film { bytes: Bytes::from(vec![0; 4 * MIB as usize]), ..film.clone() };
    let receipts = spoiled.send(&remote, &handle, film.layout.indices()).await.expect("nobody checks");
    let completed = remote.complete(&film.completion(&handle, receipts)).await;
    assert_eq!(class(completed), Some(Class::Corrupt), "the roots differ");
    assert!(remote.objects().is_empty(), "what is wrong does not become an object");
}

#[tokio::test]
async fn chunks_can_be_lost_and_uploads_forgotten() {
    let remote = MemoryRemote::new();
    let (film, handle) = begun(&remote).await;
    film.send(&remote, &handle, film.layout.indices()).await.expect("taken");
    remote.lose(&handle, &[1, 2]);
    assert_eq!(chunks(&remote, &film, &handle).await, [0, 3], "two were lost behind the sender's back");
    assert_eq!(remote.uploads(), std::slice::from_ref(&handle), "it is unfinished");
    remote.forget(&handle);
    let status = remote.status(&handle, &film.layout).await.expect("memory answers");
    assert_eq!(status, UploadStatus::Unknown, "it expired");
}

#[tokio::test]
async fn puts_objects_and_announcements_can_be_looked_at() {
    let remote = MemoryRemote::new();
    let (film, handle) = begun(&remote).await;
    remote.announce(&handle, Arriving::Paused).await;
    let object = film.deliver(&remote).await.expect("delivered").object;
    let numbers: Vec<_> = remote.puts().iter().map(|put| (put.chunk, put.bytes, put.acked)).collect();
    assert_eq!(numbers, [0, 1, 2, 3].map(|number| (number, MIB, true)), "every put, in order");
    assert_eq!(remote.bytes_received(), 4 * MIB, "every byte once");
    assert_eq!(remote.object_bytes(&object), Some(film.bytes), "the object's bytes");
    assert_eq!(remote.object_name(&object), Some(film.name), "the object's name");
    assert_eq!((remote.objects(), remote.uploads()), (vec![object], vec![]), "nothing is unfinished");
    assert_eq!(remote.announced(), [(handle, Arriving::Paused)], "what the sender said");
}

#[tokio::test]
async fn wishes_reach_the_sender_whole_and_at_every_change() {
    let remote = MemoryRemote::new();
    let (_, handle) = begun(&remote).await;
    let mut wishes = remote.wishes(&handle).expect("the remote has wishes");
    let range = ByteRange::at(3 * MIB, 10);
    remote.wish(&handle, &[range]);
    wishes.changed().await.expect("the upload lives");
    assert_eq!(wishes.borrow_and_update().to_vec(), [range], "the whole set");
    remote.wish(&handle, &[]);
    assert!(wishes.borrow_and_update().is_empty(), "nobody waits any more");
}

#[tokio::test]
async fn a_body_over_the_limit_is_too_large_and_another_layout_begins_empty() {
    let remote = MemoryRemote::new().body_limit(MIB);
    let film = Film::new(&remote, 1, 4 * MIB);
    let long = Film { layout: crate::layout::ChunkLayout::new(4 * MIB, 2 * MIB).expect("a layout"), ..film.clone() };
    assert_eq!(class(long.deliver(&remote).await), Some(Class::TooLarge), "two of one are too many");
    film.deliver(&remote).await.expect("the same transfer in shorter chunks");
    let handle = remote.begin(&film.upload()).await.expect("the remote begins");
    let status = remote.status(&handle, &long.layout).await;
    assert_eq!(class(status), Some(Class::Desync), "chunks of another length are not what it has");
}

#[tokio::test]
async fn remotes_are_found_by_their_destination() {
    let id = DestinationId("vault:/a".to_owned());
    let other = DestinationId("vault:/b".to_owned());
    let remote: Arc<dyn Remote> = Arc::new(MemoryRemote::new());
    let some = MemoryRemotes::new([(id.clone(), Arc::clone(&remote))]);
    assert!(some.remote(&id).is_ok() && some.remote(&other).is_err(), "these and no other");
    assert!(MemoryRemotes::one(remote).remote(&other).is_ok(), "this one, whatever it is called");
}
