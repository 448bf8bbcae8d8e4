//! One chunk: sent twice, wrong, cut, or to nobody.

use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::Notify;

use super::World;
use super::checks::{acked, begin, class, finish, four_chunks, harmless, received, send, takes_any_order};
use crate::body::{ChunkBody, ReadyBody};
use crate::error::Class;
use crate::layout::ChunkIndex;
use crate::remote::{Proof, Remote, UploadHandle};
use crate::testing::{BrokenBody, Film, cv_of};

/// How often a refusal is asked for where answers may be lost: one of them gets through, however busy the machine is.
const PATIENCE: usize = 50;

pub(super) async fn status_names_just_what_was_acknowledged(world: Arc<dyn World>) {
    let remote = world.remote();
    let film = four_chunks(&*remote, 1);
    let handle = begin(&*remote, &film).await;
    let mut receipts = Vec::new();
    for number in 0..film.layout.count() {
        assert_eq!(acked(&*remote, &film, &handle).await, (0..number).collect::<Vec<_>>(), "no more and no fewer");
        receipts.extend(send(&*remote, &film, &handle, [film.chunk(number)]).await);
    }
    let received = received(&*remote, &film, &handle).await;
    for (index, receipt) in received.receipts {
        assert_eq!(receipt, receipts[index.position()], "a receipt that is told again is the one that was given");
    }
    for (index, cv) in received.chunks {
        let right = cv_of(&film.layout, index, &film.bytes);
        assert!(cv.is_none_or(|cv| cv == right), "a digest that the remote tells is the chunk's own: {index:?} {cv:?}");
    }
}

pub(super) async fn the_same_chunk_twice_does_no_harm(world: Arc<dyn World>) {
    let remote = world.remote();
    let film = four_chunks(&*remote, 2);
    let handle = begin(&*remote, &film).await;
    let mut receipts = Vec::new();
    for index in film.layout.indices() {
        let first = send(&*remote, &film, &handle, [index]).await;
        let again = remote.put_chunk(film.put(&handle, index)).await;
        harmless(&again, refusals_of_a_duplicate(&*remote), "a chunk that is there already, sent again");
        receipts.push(again.unwrap_or_else(|_| first[0].clone()));
    }
    finish(&*remote, &film, &handle, receipts).await;
}

pub(super) async fn a_corrupt_duplicate_leaves_acknowledged_bytes_alone(world: Arc<dyn World>) {
    let remote = world.remote();
    if remote.capabilities().checksums {
        duplicate(&*remote, |film, index| wrong_body(film, index, &film.bytes)).await;
    }
}

pub(super) async fn another_content_of_an_acknowledged_chunk_is_not_taken(world: Arc<dyn World>) {
    let remote = world.remote();
    let able = remote.capabilities();
    // Who keeps no digests cannot tell it from the first; there the receipts keep the two apart.
    if able.checksums && able.proof == Proof::Root {
        duplicate(&*remote, |film, index| wrong_body(film, index, &spoiled(&film.bytes))).await;
    }
}

pub(super) async fn a_corrupt_chunk_is_refused_and_can_be_sent_again(world: Arc<dyn World>) {
    let remote = world.remote();
    if !remote.capabilities().checksums {
        return;
    }
    let film = four_chunks(&*remote, 4);
    let handle = begin(&*remote, &film).await;
    let mut receipts = Vec::new();
    for index in film.layout.indices() {
        let wrong = remote.put_chunk(film.put_body(&handle, index, wrong_body(&film, index, &film.bytes))).await;
        assert_eq!(class(&wrong), Some(&Class::Corrupt), "bytes that do not have their digest are refused: {wrong:?}");
        let there = acked(&*remote, &film, &handle).await;
        assert!(!there.contains(&index.get()), "a refused chunk is not there");
        receipts.push(film.send_rest(&*remote, &handle, index).await.expect("the right bytes are taken afterwards"));
    }
    finish(&*remote, &film, &handle, receipts).await;
}

pub(super) async fn a_body_that_ends_early_is_not_acknowledged(world: Arc<dyn World>) {
    let remote = world.remote();
    let film = four_chunks(&*remote, 5);
    let handle = begin(&*remote, &film).await;
    let mut receipts = Vec::new();
    for index in film.layout.indices() {
        let body = BrokenBody::stopping(film.layout.range(index), half(&film, index));
        let ended = remote.put_chunk(film.put_body(&handle, index, Box::new(body))).await;
        assert!(ended.is_err(), "half a chunk is no chunk: {ended:?}");
        receipts.push(goes_on(&*world, &film, &handle, index).await);
    }
    finish(&*remote, &film, &handle, receipts).await;
}

pub(super) async fn a_chunk_that_was_cut_can_be_sent_again_at_once(world: Arc<dyn World>) {
    let remote = world.remote();
    let film = four_chunks(&*remote, 6);
    let handle = begin(&*remote, &film).await;
    let mut receipts = Vec::new();
    for index in film.layout.indices() {
        let hung = Arc::new(Notify::new());
        let body = BrokenBody::hanging(film.layout.range(index), half(&film, index), Arc::clone(&hung));
        tokio::select! {
            ended = remote.put_chunk(film.put_body(&handle, index, Box::new(body))) => {
                panic!("half a chunk was answered: {ended:?}")
            }
            () = hung.notified() => {}
        }
        receipts.push(goes_on(&*world, &film, &handle, index).await);
    }
    finish(&*remote, &film, &handle, receipts).await;
}

pub(super) async fn a_chunk_of_an_unknown_upload_is_refused_as_expired(world: Arc<dyn World>) {
    let remote = world.remote();
    let film = four_chunks(&*remote, 7);
    let handle = begin(&*remote, &film).await;
    remote.abort(&handle).await.expect("an upload can be given up");
    let put = async || remote.put_chunk(film.put(&handle, film.chunk(0))).await;
    let mut refused = put().await;
    for _ in 0..PATIENCE {
        if world.hangs_up() && class(&refused) == Some(&Class::Transient) {
            refused = put().await;
        }
    }
    assert_eq!(class(&refused), Some(&Class::Expired), "the engine begins again on this class alone: {refused:?}");
}

/// Sends every chunk and then `body` for it, which must change nothing.
async fn duplicate(remote: &dyn Remote, body: impl Fn(&Film, ChunkIndex) -> Box<dyn ChunkBody>) {
    let film = four_chunks(remote, 3);
    let handle = begin(remote, &film).await;
    let mut receipts = Vec::new();
    for index in film.layout.indices() {
        receipts.extend(send(remote, &film, &handle, [index]).await);
        let again = remote.put_chunk(film.put_body(&handle, index, body(&film, index))).await;
        harmless(&again, &[Class::Corrupt, Class::Desync], "a wrong duplicate");
        let there = acked(remote, &film, &handle).await;
        assert!(there.contains(&index.get()), "a wrong duplicate takes no acknowledgement back");
    }
    finish(remote, &film, &handle, receipts).await;
}

fn refusals_of_a_duplicate(remote: &dyn Remote) -> &'static [Class] {
    if takes_any_order(remote) { &[] } else { &[Class::Desync] }
}

/// The chunk is not there, and the rest of it is taken. A remote that is far away may hear of what was cut late: as the
/// newest writer that takes the place of this one, once.
async fn goes_on(
    world: &dyn World,
    film: &Film,
    handle: &UploadHandle,
    index: ChunkIndex,
) -> crate::remote::ChunkReceipt {
    let remote = &*world.remote();
    let there = acked(remote, film, handle).await;
    assert!(!there.contains(&index.get()), "a chunk that did not come whole is not there");
    let sent = match film.send_rest(remote, handle, index).await {
        Err(error) if world.is_far() && error.class == Class::Transient => film.send_rest(remote, handle, index).await,
        sent => sent,
    };
    sent.expect("what lacks of the chunk is taken afterwards")
}

fn half(film: &Film, index: ChunkIndex) -> Bytes {
    let range = film.layout.range(index);
    film.bytes.slice(range.start() as usize..(range.start() + range.len() / 2) as usize)
}

/// Spoiled bytes of a chunk, with the digest that it has in `announced`.
pub(super) fn wrong_body(film: &Film, index: ChunkIndex, announced: &Bytes) -> Box<dyn ChunkBody> {
    let range = film.layout.range(index);
    let chunk = spoiled(&film.bytes).slice(range.start() as usize..range.end() as usize);
    Box::new(ReadyBody::new(range, chunk, Some(cv_of(&film.layout, index, announced))))
}

/// Every chunk of it differs: one byte in a thousand does.
fn spoiled(bytes: &Bytes) -> Bytes {
    let mut bytes = bytes.to_vec();
    bytes.iter_mut().step_by(1000).for_each(|byte| *byte ^= 1);
    bytes.last_mut().into_iter().for_each(|byte| *byte ^= 2);
    bytes.into()
}
