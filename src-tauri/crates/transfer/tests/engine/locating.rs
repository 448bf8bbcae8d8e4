//! A film that was moved while it was sent is pointed at, and what arrived of it is proven.

use std::path::Path;
use std::time::Duration;

use transfer::engine::{Accept, Command, Engine, EngineError};
use transfer::ids::TransferId;
use transfer::remote::Capabilities;
use transfer::state::{FailureKind, TransferState, WaitReason};
use transfer::testing::MemoryRemote;
use transfer::units::{MIB, Rate};

use crate::world::{World, add, command, done, until, until_state};

const FILM: &str = "/films/a.mp4";
const MOVED: &str = "/archive/a.mp4";
const SIZE: u64 = 8 * MIB + 11;

/// A transfer whose file is gone, with the last chunk and the first ones acknowledged.
async fn missing(world: &World) -> (Engine, TransferId) {
    let engine = world.start().await;
    engine.set_limit(Rate::bytes_per_second(MIB)).await.expect("the engine lives");
    let id = add(&engine, world.file(FILM, SIZE)).await;
    until(&engine, id, |snapshot| snapshot.chunks_acked >= 4).await;
    world.sources.remove(FILM);
    until_state(
        &engine,
        id,
        |state| matches!(state, TransferState::Waiting(wait) if wait.reason == WaitReason::Source),
    )
    .await;
    (engine, id)
}

fn film() -> Vec<u8> {
    World::content(FILM, SIZE).to_vec()
}

/// Bytes that travelled for acknowledged chunks.
fn acknowledged(world: &World) -> u64 {
    world.remote.puts().iter().filter(|put| put.acked).map(|put| put.bytes).sum()
}

fn shapes() -> [MemoryRemote; 2] {
    [MemoryRemote::new(), MemoryRemote::with(Capabilities { amends: false, ..MemoryRemote::everything() })]
}

#[tokio::test(start_paused = true)]
async fn a_film_that_was_moved_goes_on_and_nothing_is_sent_twice() {
    for remote in shapes() {
        let world = World::of(remote);
        let (engine, id) = missing(&world).await;
        world.sources.put(MOVED, film());
        engine.locate(id, Path::new(MOVED), Accept::Same).await.expect("it is the film");
        let snapshot = done(&world, &engine, id, &film()).await;
        assert_eq!(snapshot.path.as_path(), Path::new(MOVED), "the row names the place where it is now");
        assert_eq!(acknowledged(&world), SIZE, "what was there is proven and not sent again");
        let again = add(&engine, MOVED).await;
        assert_eq!(again, id, "it is known by its new path");
        let another = add(&engine, world.file(FILM, SIZE)).await;
        assert_ne!(another, id, "and what stands at the old one is another");
        engine.command(another, Command::Cancel).await.expect("it may be given up");
        engine.shutdown(Duration::ZERO).await;

        let next = world.after_crash();
        let engine = next.start().await;
        assert_eq!(engine.snapshot(id).await.expect("it is in the list").path.as_path(), Path::new(MOVED), "for ever");
        engine.shutdown(Duration::ZERO).await;
    }
}

#[tokio::test(start_paused = true)]
async fn another_film_is_refused_in_words_and_can_be_sent_instead() {
    let world = World::new();
    let (engine, id) = missing(&world).await;
    let mut other = film();
    other[7] ^= 1;
    world.sources.put("/other", other.clone());
    world.sources.put("/short", film()[1..].to_vec());
    for (path, says) in [("/short", "8388618 bytes instead of 8388619"), ("/other", "other bytes")] {
        let refused = engine.locate(id, Path::new(path), Accept::Same).await;
        let Err(EngineError::AnotherFilm(sentence)) = refused else { panic!("{path} is another film: {refused:?}") };
        assert!(sentence.contains(says), "it says how it differs: {sentence:?}");
    }
    let gone = engine.locate(id, Path::new("/nowhere"), Accept::Same).await;
    assert!(matches!(gone, Err(EngineError::Source(_))), "there is nothing: {gone:?}");
    let snapshot = engine.snapshot(id).await.expect("it is in the list");
    assert!(matches!(snapshot.state, TransferState::Waiting(_)), "it still waits: {:?}", snapshot.state);
    assert_eq!(snapshot.path.as_path(), Path::new(FILM), "for its own file");
    engine.locate(id, Path::new("/other"), Accept::Any).await.expect("as the person says");
    done(&world, &engine, id, &other).await;
    assert_eq!(world.remote.uploads(), [], "the old upload is not left lying");
}

#[tokio::test(start_paused = true)]
async fn a_film_that_only_looks_alike_is_found_out_chunk_by_chunk() {
    let mut alike = film();
    // Between the samples, in a chunk that was acknowledged.
    alike[2 * MIB as usize + 5] ^= 1;
    let world = World::new();
    let (engine, id) = missing(&world).await;
    world.sources.put(MOVED, alike.clone());
    engine.locate(id, Path::new(MOVED), Accept::Same).await.expect("it looks like the film");
    done(&world, &engine, id, &alike).await;
    assert_eq!(acknowledged(&world), SIZE + MIB, "the one chunk that differs is sent again");

    let world = World::of(MemoryRemote::with(Capabilities { amends: false, ..MemoryRemote::everything() }));
    let (engine, id) = missing(&world).await;
    world.sources.put(MOVED, alike);
    engine.locate(id, Path::new(MOVED), Accept::Same).await.expect("it looks like the film");
    let failed = until_state(&engine, id, |state| matches!(state, TransferState::Failed(_))).await;
    let TransferState::Failed(failure) = failed.state else { unreachable!("waited for just that") };
    assert_eq!(failure.kind, FailureKind::SourceChanged, "where nothing can be kept, that is said and not guessed");
}

#[tokio::test(start_paused = true)]
async fn a_file_that_cannot_be_read_is_found_elsewhere_too() {
    let world = World::new();
    let engine = world.start().await;
    engine.set_limit(Rate::bytes_per_second(MIB)).await.expect("the engine lives");
    let id = add(&engine, world.file(FILM, SIZE)).await;
    until(&engine, id, |snapshot| snapshot.chunks_acked >= 2).await;
    world.sources.fail_reads(FILM);
    until_state(&engine, id, |state| matches!(state, TransferState::Failed(_))).await;
    world.sources.put(MOVED, film());
    engine.locate(id, Path::new(MOVED), Accept::Same).await.expect("it is the film");
    done(&world, &engine, id, &film()).await;
    assert_eq!(acknowledged(&world), SIZE, "nothing is sent twice");
}

#[tokio::test(start_paused = true)]
async fn a_film_of_which_nothing_arrived_is_sent_from_where_it_is() {
    let world = World::new();
    let engine = world.start().await;
    engine.set_limit(Rate::bytes_per_second(1)).await.expect("the engine lives");
    let id = add(&engine, world.file(FILM, SIZE)).await;
    command(&engine, id, Command::Pause).await;
    world.sources.remove(FILM);
    world.sources.put(MOVED, film());
    let paused = engine.locate(id, Path::new(MOVED), Accept::Same).await;
    assert!(matches!(paused, Err(EngineError::NotMissing)), "nobody knows yet that it is missing: {paused:?}");
    command(&engine, id, Command::Resume).await;
    until_state(&engine, id, |state| matches!(state, TransferState::Waiting(_))).await;
    engine.locate(id, Path::new(MOVED), Accept::Same).await.expect("it is the film");
    engine.set_limit(None).await.expect("the engine lives");
    done(&world, &engine, id, &film()).await;
}
