//! How many chunks travel at once can be changed while they do.

use std::num::NonZeroUsize;
use std::time::Duration;

use tokio::time::sleep;
use transfer::state::TransferState;
use transfer::testing::{Fault, Faults, Step};
use transfer::units::MIB;

use crate::world::{World, add, done, until};

const FILM: &str = "/films/a.mp4";

fn slow_world(chunks: u32) -> World {
    let slow = |chunk| Step::put(chunk, 1, Fault::Delay(Duration::from_secs(1)));
    World::new().faulty(Faults::script((0..chunks).map(slow)))
}

fn places(number: usize) -> NonZeroUsize {
    NonZeroUsize::new(number).expect("not zero")
}

#[tokio::test(start_paused = true)]
async fn more_chunks_leave_while_more_bring_more_and_never_more_than_may() {
    let world = slow_world(100);
    let engine = world.start().await;
    engine.set_parallel(places(6)).await.expect("the engine lives");
    let id = add(&engine, world.file(FILM, 100 * MIB)).await;
    let begun = until(&engine, id, |snapshot| snapshot.chunks_in_flight > 0).await;
    assert!(begun.chunks_in_flight <= 4, "nobody knows yet what this link bears: {}", begun.chunks_in_flight);
    let mut most = 0;
    until(&engine, id, |snapshot| {
        most = most.max(snapshot.chunks_in_flight);
        matches!(snapshot.state, TransferState::Done(_))
    })
    .await;
    assert_eq!(most, 6, "each takes a second however many there are: so more bring more");
    done(&world, &engine, id, &World::content(FILM, 100 * MIB)).await;
}

#[tokio::test(start_paused = true)]
async fn fewer_chunks_leave_when_fewer_may_and_those_in_flight_still_land() {
    let world = slow_world(64);
    let engine = world.start().await;
    let id = add(&engine, world.file(FILM, 64 * MIB)).await;
    let before = until(&engine, id, |snapshot| snapshot.chunks_in_flight == 4).await;
    engine.set_parallel(places(1)).await.expect("the engine lives");
    let after = engine.snapshot(id).await.expect("it is in the list");
    assert_eq!(after.chunks_in_flight, 4, "what is on its way is not cut");
    sleep(Duration::from_millis(1500)).await;
    let settled = engine.snapshot(id).await.expect("it is in the list");
    assert_eq!(settled.chunks_in_flight, 1, "one at a time from then on");
    assert_eq!(settled.chunks_acked, before.chunks_acked + 4, "what was on its way arrived");
    engine.set_parallel(places(16)).await.expect("the engine lives");
    done(&world, &engine, id, &World::content(FILM, 64 * MIB)).await;
}
