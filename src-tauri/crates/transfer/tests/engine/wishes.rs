//! Those who read an upload while it arrives: what they wait for goes first.

use std::time::Duration;

use tokio::time::sleep;
use transfer::engine::{Cell, Engine, Setup};
use transfer::ids::TransferId;
use transfer::layout::ByteRange;
use transfer::units::{MIB, Rate};

use crate::world::{World, add, done, until};

const FILM: &str = "/films/a.mp4";
const SIZE: u64 = 20 * MIB;

/// A slow upload, one chunk in flight, with a third of it there.
async fn a_third(world: &World) -> (Engine, TransferId) {
    let setup = Setup { limit: Rate::bytes_per_second(MIB / 2), ..world.setup() };
    let engine = Engine::start(setup).await.expect("the journal can be read");
    let id = add(&engine, world.file(FILM, SIZE)).await;
    until(&engine, id, |snapshot| snapshot.chunks_acked >= 7).await;
    (engine, id)
}

fn order(world: &World) -> Vec<u32> {
    world.remote.puts().iter().map(|put| put.chunk).collect()
}

#[tokio::test(start_paused = true)]
async fn what_a_viewer_waits_for_overtakes_everything_else() {
    let world = World::new();
    let (engine, id) = a_third(&world).await;
    let handle = world.remote.uploads().remove(0);
    let before = order(&world).len();
    world.remote.wish(&handle, &[ByteRange::at(16 * MIB, 10)]);
    until(&engine, id, |snapshot| snapshot.chunks_acked >= 9).await;
    assert_eq!(order(&world)[before], 16, "the wished chunk is the next one to leave");

    let before = order(&world).len();
    world.remote.wish(&handle, &[ByteRange::at(12 * MIB, 1), ByteRange::at(10 * MIB, 1)]);
    until(&engine, id, |snapshot| snapshot.chunks_acked >= 12).await;
    assert_eq!(order(&world)[before..before + 2], [12, 10], "the newest wish goes first");
    engine.set_limit(None).await.expect("the engine lives");
    done(&world, &engine, id, &World::content(FILM, SIZE)).await;
}

#[tokio::test(start_paused = true)]
async fn a_wish_that_is_withdrawn_counts_no_more() {
    let world = World::new();
    let (engine, id) = a_third(&world).await;
    let handle = world.remote.uploads().remove(0);
    let before = order(&world).len();
    world.remote.wish(&handle, &[ByteRange::at(16 * MIB, 10)]);
    sleep(Duration::from_millis(1)).await;
    let picture = engine.picture(id).await.expect("it is in the list");
    assert_eq!(picture.cells[16], Cell::Wanted, "the picture shows what somebody waits for");
    world.remote.wish(&handle, &[]);
    until(&engine, id, |snapshot| snapshot.chunks_acked >= 10).await;
    assert!(!order(&world)[before..].contains(&16), "nobody waits for it any more: {:?}", order(&world));
}

#[tokio::test(start_paused = true)]
async fn a_wished_transfer_goes_before_another_one() {
    let world = World::new();
    let (engine, _) = a_third(&world).await;
    let wished = world.remote.uploads().remove(0);
    add(&engine, world.file("/films/b", SIZE)).await;
    sleep(Duration::from_secs(5)).await;
    let before = world.remote.puts().len();
    world.remote.wish(&wished, &[ByteRange::at(8 * MIB, 9 * MIB)]);
    sleep(Duration::from_secs(12)).await;
    let puts = world.remote.puts();
    assert!(puts[before..before + 5].iter().all(|put| put.handle == wished), "a viewer goes before a fair share");
}

#[tokio::test(start_paused = true)]
async fn a_chunk_that_is_wished_while_it_flies_passes_the_limit_before_others() {
    let world = World::new();
    // Five seconds' worth of chunks: four are in flight and share the limit.
    let setup = Setup { limit: Rate::bytes_per_second(2 * MIB), ..world.setup() };
    let engine = Engine::start(setup).await.expect("the journal can be read");
    let id = add(&engine, world.file(FILM, SIZE)).await;
    until(&engine, id, |snapshot| snapshot.chunks_in_flight == 4 && snapshot.bytes_sent > 0).await;
    let handle = world.remote.uploads().remove(0);
    let last = world.remote.puts()[3].chunk;
    world.remote.wish(&handle, &[ByteRange::at(u64::from(last) * MIB, 1)]);
    until(&engine, id, |snapshot| snapshot.chunks_acked >= 1).await;
    let first_acked = world.remote.puts().into_iter().find(|put| put.acked).map(|put| put.chunk);
    assert_eq!(first_acked, Some(last), "the wished one comes first although it left last");
}
