//! Reading finished objects back, and what readers wish for.

use std::sync::Arc;

use futures::TryStreamExt;

use super::World;
use super::checks::{begin, chunk_len, four_chunks, read, same};
use crate::ids::ObjectId;
use crate::layout::ByteRange;
use crate::range::{RangeReader, ReadError};
use crate::remote::Arriving;
use crate::testing::Film;

pub(super) async fn any_range_reads_back(world: Arc<dyn World>) {
    let Some((film, object, _)) = readable(&world, 80).await else { return };
    let (chunk, size) = (chunk_len(&*world.remote()), film.layout.size());
    let borders = [0, 1, chunk - 1, chunk, chunk + 1, 2 * chunk, size - 1, size];
    for (at, start) in borders.iter().enumerate() {
        for end in &borders[at..] {
            let range = ByteRange::new(*start, *end).expect("borders ascend");
            let bytes = read(&*world.remote(), &object, range).await;
            same(&bytes, &film.bytes[*start as usize..*end as usize], &format!("the range {range:?}"));
        }
    }
}

pub(super) async fn a_range_outside_is_refused(world: Arc<dyn World>) {
    let Some((film, _, reader)) = readable(&world, 81).await else { return };
    let size = film.layout.size();
    for range in [ByteRange::at(size, 1), ByteRange::at(size - 1, 2), ByteRange::at(u64::MAX - 1, 1)] {
        let refused = match reader.read(range).await {
            Err(refused) => Some(refused),
            Ok(stream) => stream.try_collect::<Vec<_>>().await.err(),
        };
        let right = matches!(&refused, Some(ReadError::OutOfRange { len, .. }) if *len == size);
        assert!(right, "{range:?} does not lie in {size} bytes, and reading it gave {refused:?}");
    }
}

pub(super) async fn the_validator_of_an_object_is_constant(world: Arc<dyn World>) {
    let Some((film, object, reader)) = readable(&world, 82).await else { return };
    assert_eq!(reader.len(), film.layout.size(), "an object is as long as its film");
    let validator = reader.validator();
    assert!(!validator.is_empty() && !validator.contains('"'), "a validator comes without quotes: {validator:?}");
    world.reopen().await;
    let again = world.remote().open(&object).await.expect("a finished object can be opened");
    assert_eq!(again.validator(), validator, "the same bytes have the same validator for ever");
    let (_, _, other) = readable(&world, 83).await.expect("the remote can be read");
    assert_ne!(other.validator(), validator, "other bytes have another");
}

pub(super) async fn an_unknown_object_cannot_be_opened(world: Arc<dyn World>) {
    let opened = world.remote().open(&ObjectId("there-is-no-such-object".to_owned())).await;
    assert!(opened.is_err(), "what is not there cannot be read: {opened:?}");
}

pub(super) async fn wishes_are_offered_as_promised(world: Arc<dyn World>) {
    let remote = world.remote();
    let film = four_chunks(&*remote, 84);
    let handle = begin(&*remote, &film).await;
    let wishes = remote.wishes(&handle);
    assert_eq!(wishes.is_some(), remote.capabilities().wishes, "wishes are told just where the capability says so");
    assert!(wishes.is_none_or(|wishes| wishes.borrow().is_empty()), "nobody reads, so nobody wishes");
    for arriving in [Arriving::Paused, Arriving::Failed, Arriving::Yes] {
        remote.announce(&handle, arriving).await;
    }
    let goes_on = film.deliver(&*remote).await;
    assert!(goes_on.is_ok(), "what the sender announces is for readers, and never in its own way: {goes_on:?}");
}

/// A delivered film of four chunks, where the remote can be read.
async fn readable(world: &Arc<dyn World>, seed: u64) -> Option<(Film, ObjectId, Arc<dyn RangeReader>)> {
    let remote = world.remote();
    if !remote.capabilities().ranged_read {
        return None;
    }
    let film = four_chunks(&*remote, seed);
    let object = film.deliver(&*remote).await.expect("the film is delivered").object;
    let reader = remote.open(&object).await.expect("a finished object can be opened");
    Some((film, object, reader))
}
