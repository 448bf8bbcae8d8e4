//! Whole films of every size that breaks uploaders, in every order that the remote takes.

use std::num::NonZeroU32;
use std::sync::Arc;

use futures::{StreamExt, TryStreamExt, stream};
use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;

use super::World;
use super::checks::{acked, begin, chunk_len, finish, takes_any_order};
use crate::layout::{ChunkIndex, ChunkLayout, LayoutError};
use crate::remote::{ChunkReceipt, Order, Remote, UploadHandle};
use crate::testing::{Film, interesting_sizes};

const AT_ONCE: usize = 8;

pub(super) async fn every_size_arrives_in_order(world: Arc<dyn World>) {
    every_size(&*world.remote(), |chunks| vec![chunks]).await;
}

pub(super) async fn every_size_arrives_backwards(world: Arc<dyn World>) {
    let remote = world.remote();
    if takes_any_order(&*remote) {
        every_size(&*remote, |chunks| vec![chunks.into_iter().rev().collect()]).await;
    }
}

pub(super) async fn every_size_arrives_shuffled(world: Arc<dyn World>) {
    let remote = world.remote();
    let mut chance = StdRng::seed_from_u64(4);
    if takes_any_order(&*remote) {
        every_size(&*remote, |mut chunks| {
            chunks.shuffle(&mut chance);
            vec![chunks]
        })
        .await;
    }
}

pub(super) async fn every_size_arrives_many_chunks_at_once(world: Arc<dyn World>) {
    let remote = world.remote();
    let lanes = match remote.capabilities().order {
        Order::Sequential => return,
        Order::Lanes(lanes) => lanes.get() as usize,
        Order::AnyOrder => AT_ONCE,
    };
    let split = |chunks: Vec<ChunkIndex>| {
        let each = chunks.len().div_ceil(lanes).max(1);
        chunks.chunks(each).map(<[ChunkIndex]>::to_vec).collect()
    };
    every_size(&*remote, split).await;
    let long = Film::new(&*remote, 99, 3 * AT_ONCE as u64 * chunk_len(&*remote));
    deliver(&*remote, &long, split(long.layout.indices().collect())).await;
}

pub(super) async fn a_file_of_too_many_chunks_is_refused_at_planning(world: Arc<dyn World>) {
    let able = world.remote().capabilities();
    let few = NonZeroU32::MIN;
    let size = able.chunk_len.end().saturating_mul(2);
    let plan = ChunkLayout::plan(size, able.preferred_chunk_len, &able.chunk_len, few);
    assert!(matches!(plan, Err(LayoutError::TooManyChunks { .. })), "two longest chunks are not one: {plan:?}");
    let most = u64::from(able.max_chunks.get()).checked_mul(*able.chunk_len.end());
    if let Some(size) = most.and_then(|most| most.checked_add(1)) {
        let plan = ChunkLayout::plan(size, able.preferred_chunk_len, &able.chunk_len, able.max_chunks);
        assert!(plan.is_err(), "a byte more than the longest chunks hold must not begin: {plan:?}");
    }
}

/// Sends a film of every size; `split` makes sequences of its chunks, which travel side by side.
async fn every_size(remote: &dyn Remote, mut split: impl FnMut(Vec<ChunkIndex>) -> Vec<Vec<ChunkIndex>>) {
    for (seed, size) in (0..).zip(interesting_sizes(chunk_len(remote))) {
        let film = Film::new(remote, seed, size);
        deliver(remote, &film, split(film.layout.indices().collect())).await;
    }
}

async fn deliver(remote: &dyn Remote, film: &Film, sequences: Vec<Vec<ChunkIndex>>) {
    let handle = begin(remote, film).await;
    let side_by_side = sequences.len().max(1);
    let sent = stream::iter(sequences).map(|chunks| send_one_by_one(remote, film, &handle, chunks));
    let mut receipts: Vec<(ChunkIndex, ChunkReceipt)> =
        sent.buffer_unordered(side_by_side).try_concat().await.expect("every chunk is taken");
    let all: Vec<u32> = film.layout.indices().map(ChunkIndex::get).collect();
    assert_eq!(acked(remote, film, &handle).await, all, "what was acknowledged is there, before it is finished");
    receipts.sort_by_key(|(index, _)| *index);
    finish(remote, film, &handle, receipts.into_iter().map(|(_, receipt)| receipt).collect()).await;
}

async fn send_one_by_one(
    remote: &dyn Remote,
    film: &Film,
    handle: &UploadHandle,
    chunks: Vec<ChunkIndex>,
) -> Result<Vec<(ChunkIndex, ChunkReceipt)>, crate::error::RemoteError> {
    let receipts = film.send(remote, handle, chunks.iter().copied()).await?;
    Ok(chunks.into_iter().zip(receipts).collect())
}
