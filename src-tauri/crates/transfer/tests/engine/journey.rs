//! From a file to an object, with nothing in the way.

use std::num::{NonZeroU32, NonZeroUsize};
use std::time::Duration;

use transfer::engine::{Engine, Setup};
use transfer::remote::{Capabilities, Order};
use transfer::state::TransferState;
use transfer::testing::{INTERESTING_SIZES, MemoryRemote};
use transfer::units::MIB;

use crate::world::{World, add, done, until_state};

const FILM: &str = "/films/a.mp4";

async fn sent(world: &World, size: u64) {
    let engine = world.start().await;
    let id = add(&engine, world.file(FILM, size)).await;
    let snapshot = done(world, &engine, id, &World::content(FILM, size)).await;
    assert_eq!(snapshot.bytes_sent, size, "nothing is sent twice where nothing fails");
    assert_eq!(world.remote.bytes_received(), size, "what left is what arrived");
    assert!(snapshot.ended_at >= Some(snapshot.created_at), "the end is written down, and comes after the beginning");
    engine.shutdown(Duration::ZERO).await;
}

#[tokio::test(start_paused = true)]
async fn a_file_of_any_interesting_size_becomes_an_object() {
    for size in INTERESTING_SIZES {
        sent(&World::new(), size).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_remote_that_wants_an_order_gets_it() {
    let lanes = Order::Lanes(NonZeroU32::new(2).expect("two"));
    for order in [Order::Sequential, lanes, Order::AnyOrder] {
        let capabilities = Capabilities { order, ..MemoryRemote::everything() };
        sent(&World::of(MemoryRemote::with(capabilities)), 7 * MIB + 3).await;
    }
}

#[tokio::test(start_paused = true)]
async fn first_and_last_chunk_go_before_the_others() {
    let world = World::new();
    let setup = Setup { parallel: NonZeroUsize::MIN, ..world.setup() };
    let engine = Engine::start(setup).await.expect("the journal can be read");
    let id = add(&engine, world.file(FILM, 4 * MIB)).await;
    done(&world, &engine, id, &World::content(FILM, 4 * MIB)).await;
    let order: Vec<_> = world.remote.puts().iter().map(|put| put.chunk).collect();
    assert_eq!(order, [3, 0, 1, 2], "players look at the end of a film before they begin");
}

#[tokio::test(start_paused = true)]
async fn many_files_go_in_line_and_no_more_at_once_than_permitted() {
    let world = World::new();
    let engine = world.start().await;
    let paths: Vec<_> = (0..6).map(|n| format!("/films/{n}.mp4")).collect();
    let mut ids = Vec::new();
    for path in &paths {
        ids.push(add(&engine, world.file(path, 3 * MIB + 1)).await);
    }
    let changes = engine.since(Default::default()).await.expect("the engine lives");
    let at_work = |state: &TransferState| matches!(state, TransferState::Preparing | TransferState::Active);
    let working = changes.changed.iter().filter(|snapshot| at_work(&snapshot.state)).count();
    assert!(working <= 2, "two are at work at most, not {working}");
    for (id, path) in ids.into_iter().zip(&paths) {
        done(&world, &engine, id, &World::content(path, 3 * MIB + 1)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_destination_without_a_driver_is_waited_for() {
    let world = World::new();
    let remotes = transfer::testing::MemoryRemotes::new([]);
    let setup = Setup { remotes: std::sync::Arc::new(remotes), ..world.setup() };
    let engine = Engine::start(setup).await.expect("the journal can be read");
    let id = add(&engine, world.file(FILM, 9)).await;
    let waiting = until_state(&engine, id, |state| matches!(state, TransferState::Waiting(_))).await;
    let TransferState::Waiting(wait) = waiting.state else { unreachable!("waited for just that") };
    assert_eq!(wait.until, None, "only a person or another run can help");
    assert!(wait.sentence.contains("memory:"), "the sentence names the destination: {}", wait.sentence);
    engine.shutdown(Duration::ZERO).await;

    let engine = world.start().await;
    done(&world, &engine, id, &World::content(FILM, 9)).await;
}
