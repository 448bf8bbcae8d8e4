//! Two who send the same upload at the same time.

use std::sync::Arc;

use futures::future::join;

use super::World;
use super::checks::{acked, begin, finish, four_chunks, harmless, takes_any_order};
use super::chunks::wrong_body;
use crate::error::{Class, RemoteError};
use crate::layout::ChunkIndex;
use crate::remote::{ChunkReceipt, Remote, UploadHandle};
use crate::testing::Film;

/// How a remote may refuse one of two who write at the same chunk.
const RIVALRY: [Class; 2] = [Class::Transient, Class::Desync];

pub(super) async fn two_senders_of_one_upload_do_no_harm(world: Arc<dyn World>) {
    let remote = world.remote();
    if !takes_any_order(&*remote) {
        return;
    }
    let film = four_chunks(&*remote, 20);
    let handle = begin(&*remote, &film).await;
    let forwards = async { puts(&remote, &film, &handle, film.layout.indices()).await };
    let backwards = async { puts(&remote, &film, &handle, film.layout.indices().rev()).await };
    let (one, other) = join(forwards, backwards).await;
    for put in one.iter().chain(&other) {
        harmless(put, &RIVALRY, "a chunk that two send at the same time");
    }
    settle(&*remote, &film, &handle).await;
}

pub(super) async fn a_corrupt_rival_of_a_chunk_does_no_harm(world: Arc<dyn World>) {
    let remote = world.remote();
    if !takes_any_order(&*remote) || !remote.capabilities().checksums {
        return;
    }
    let film = four_chunks(&*remote, 21);
    let handle = begin(&*remote, &film).await;
    for index in film.layout.indices() {
        let right = remote.put_chunk(film.put(&handle, index));
        let wrong = remote.put_chunk(film.put_body(&handle, index, wrong_body(&film, index, &film.bytes)));
        let (right, wrong) = join(right, wrong).await;
        harmless(&right, &RIVALRY, "the right one of two bodies");
        harmless(&wrong, &[&RIVALRY[..], &[Class::Corrupt]].concat(), "the corrupt one of two bodies");
        let there = acked(&*remote, &film, &handle).await.contains(&index.get());
        assert!(there || right.is_err(), "what was acknowledged stays, whatever the rival does");
    }
    settle(&*remote, &film, &handle).await;
}

async fn puts(
    remote: &Arc<dyn Remote>,
    film: &Film,
    handle: &UploadHandle,
    chunks: impl Iterator<Item = ChunkIndex>,
) -> Vec<Result<ChunkReceipt, RemoteError>> {
    let mut results = Vec::new();
    for index in chunks {
        results.push(remote.put_chunk(film.put(handle, index)).await);
    }
    results
}

/// Sends every chunk once more, alone, and finishes.
async fn settle(remote: &dyn Remote, film: &Film, handle: &UploadHandle) {
    let receipts = film.send(remote, handle, film.layout.indices()).await.expect("alone, every chunk is taken");
    finish(remote, film, handle, receipts).await;
}
