//! What cases have in common: getting a chunk through, and looking whether everything arrived.

use std::fmt::Debug;

use futures::TryStreamExt;

use crate::error::{Class, RemoteError};
use crate::ids::ObjectId;
use crate::layout::{ByteRange, ChunkIndex};
use crate::remote::{ChunkReceipt, Completed, Order, Received, Remote, UploadHandle, UploadStatus};
use crate::testing::Film;

/// The shortest chunk that the remote takes, in bytes.
pub(super) fn chunk_len(remote: &dyn Remote) -> u64 {
    Film::new(remote, 0, 0).layout.chunk_len()
}

pub(super) fn takes_any_order(remote: &dyn Remote) -> bool {
    remote.capabilities().order == Order::AnyOrder
}

/// A film of four chunks, the last one short.
pub(super) fn four_chunks(remote: &dyn Remote, seed: u64) -> Film {
    Film::new(remote, seed, 3 * chunk_len(remote) + 7)
}

pub(super) fn class<T>(result: &Result<T, RemoteError>) -> Option<&Class> {
    result.as_ref().err().map(|error| &error.class)
}

pub(super) async fn begin(remote: &dyn Remote, film: &Film) -> UploadHandle {
    remote.begin(&film.upload()).await.expect("the remote begins an upload")
}

/// Sends chunks whole, one after the other, all of which must be taken.
pub(super) async fn send(
    remote: &dyn Remote,
    film: &Film,
    handle: &UploadHandle,
    chunks: impl IntoIterator<Item = ChunkIndex>,
) -> Vec<ChunkReceipt> {
    film.send(remote, handle, chunks).await.expect("the remote takes a chunk that is right")
}

pub(super) async fn received(remote: &dyn Remote, film: &Film, handle: &UploadHandle) -> Received {
    match remote.status(handle, &film.layout).await.expect("the remote says what it has") {
        UploadStatus::Receiving(received) => received,
        // With the last byte there is nothing left to finish: every chunk is there.
        UploadStatus::Completed(_) if remote.capabilities().finishes_itself => {
            let chunks = film.layout.indices().map(|index| (index, None)).collect();
            Received { chunks, ..Received::default() }
        }
        other @ (UploadStatus::Completed(_) | UploadStatus::Unknown) => panic!("an unfinished upload is {other:?}"),
    }
}

/// The numbers of the chunks that the remote says it has whole.
pub(super) async fn acked(remote: &dyn Remote, film: &Film, handle: &UploadHandle) -> Vec<u32> {
    let received = received(remote, film, handle).await;
    let mut numbers: Vec<u32> = received.chunks.iter().map(|(index, _)| index.get()).collect();
    numbers.sort_unstable();
    numbers
}

/// Completes, and looks at the object as closely as the remote permits.
pub(super) async fn finish(
    remote: &dyn Remote,
    film: &Film,
    handle: &UploadHandle,
    receipts: Vec<ChunkReceipt>,
) -> Completed {
    let completed = remote.complete(&film.completion(handle, receipts)).await;
    let completed = completed.expect("an upload whose chunks are all acknowledged can be finished");
    assert_eq!(completed.proof, remote.capabilities().proof, "the strongest proof that the remote has is taken");
    let status = remote.status(handle, &film.layout).await.expect("the remote says what it has");
    assert_eq!(status, UploadStatus::Completed(completed.clone()), "a finished upload is found again as that object");
    holds(remote, film, &completed.object).await;
    completed
}

/// The object has the film's bytes, as far as the remote can be read.
pub(super) async fn holds(remote: &dyn Remote, film: &Film, object: &ObjectId) {
    if remote.capabilities().ranged_read {
        let bytes = read(remote, object, film.layout.whole()).await;
        same(&bytes, &film.bytes, "the object that was sent");
    }
}

pub(super) async fn read(remote: &dyn Remote, object: &ObjectId, range: ByteRange) -> Vec<u8> {
    let reader = remote.open(object).await.expect("a finished object can be opened");
    let stream = reader.read(range).await.expect("a range within the object can be read");
    let pieces: Vec<_> = stream.try_collect().await.expect("a finished object is read to the end of the range");
    pieces.concat()
}

/// Equal, or told in a line where they first differ: nobody reads a megabyte of a message.
pub(super) fn same(seen: &[u8], right: &[u8], what: &str) {
    assert_eq!(seen.len(), right.len(), "{what} has its length");
    if seen != right {
        let differs = seen.iter().zip(right).position(|(seen, right)| seen != right);
        panic!("{what} does not have its bytes: the first that differs is byte {differs:?}");
    }
}

/// One of these classes, or success.
pub(super) fn harmless<T: Debug>(result: &Result<T, RemoteError>, classes: &[Class], what: &str) {
    let fine = class(result).is_none_or(|class| classes.contains(class));
    assert!(fine, "{what} may be taken or refused as one of {classes:?}, and was {result:?}");
}
