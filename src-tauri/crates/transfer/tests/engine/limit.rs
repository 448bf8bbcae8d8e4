//! The speed limit: exact, immediate, and with little in flight where it is low.

use std::time::Duration;

use tokio::time::sleep;
use transfer::engine::{Engine, Setup};
use transfer::state::TransferState;
use transfer::testing::{Fault, Faults, Step};
use transfer::units::{MIB, Rate};

use crate::world::{World, add, done, until, until_state};

const FILM: &str = "/films/a.mp4";

fn near(bytes: u64, expected: u64) -> bool {
    bytes.abs_diff(expected) * 20 <= expected
}

#[tokio::test(start_paused = true)]
async fn the_limit_is_kept_within_a_twentieth_over_five_seconds() {
    for rate in [20_000, 300_000, MIB, 3_000_000, 12 * MIB] {
        let world = World::new();
        let setup = Setup { limit: Rate::bytes_per_second(rate), ..world.setup() };
        let engine = Engine::start(setup).await.expect("the journal can be read");
        let id = add(&engine, world.file(FILM, 64 * MIB)).await;
        until_state(&engine, id, |state| *state == TransferState::Active).await;
        let before = engine.snapshot(id).await.expect("it is in the list").bytes_sent;
        sleep(Duration::from_secs(5)).await;
        let sent = engine.snapshot(id).await.expect("it is in the list").bytes_sent - before;
        assert!(near(sent, 5 * rate), "at {rate} bytes a second {sent} left in five");
        engine.shutdown(Duration::ZERO).await;
    }
}

#[tokio::test(start_paused = true)]
async fn late_answers_cost_nothing_of_a_low_limit() {
    let late = (0..64).map(|chunk| Step::put(chunk, 1, Fault::Late(Duration::from_millis(700))));
    let world = World::new().faulty(Faults::script(late));
    let setup = Setup { limit: Rate::bytes_per_second(MIB), ..world.setup() };
    let engine = Engine::start(setup).await.expect("the journal can be read");
    let id = add(&engine, world.file(FILM, 64 * MIB)).await;
    until_state(&engine, id, |state| *state == TransferState::Active).await;
    sleep(Duration::from_secs(2)).await;
    let before = engine.snapshot(id).await.expect("it is in the list").bytes_sent;
    sleep(Duration::from_secs(10)).await;
    let sent = engine.snapshot(id).await.expect("it is in the list").bytes_sent - before;
    assert!(
        near(sent, 10 * MIB),
        "a chunk that waits for its answer holds nobody back: {sent} bytes left in ten seconds"
    );
    engine.shutdown(Duration::ZERO).await;
}

#[tokio::test(start_paused = true)]
async fn a_new_limit_holds_at_once() {
    let world = World::new();
    let setup = Setup { limit: Rate::bytes_per_second(1000), ..world.setup() };
    let engine = Engine::start(setup).await.expect("the journal can be read");
    let id = add(&engine, world.file(FILM, 64 * MIB)).await;
    let held = until(&engine, id, |snapshot| snapshot.limited).await;
    assert_eq!(held.chunks_in_flight, 1, "the limit holds back what is in flight");
    engine.set_limit(Rate::bytes_per_second(4 * MIB)).await.expect("the engine lives");
    sleep(Duration::from_secs(5)).await;
    let sent = engine.snapshot(id).await.expect("it is in the list").bytes_sent;
    assert!(near(sent, 20 * MIB), "{sent} bytes left in five seconds of the new limit");
    let changes = engine.since(Default::default()).await.expect("the engine lives");
    assert_eq!(changes.limit, Rate::bytes_per_second(4 * MIB), "whoever watches learns the limit");
    engine.set_limit(None).await.expect("the engine lives");
    done(&world, &engine, id, &World::content(FILM, 64 * MIB)).await;
}

#[tokio::test(start_paused = true)]
async fn at_a_low_limit_one_chunk_is_in_flight_over_all_transfers() {
    let world = World::new();
    let setup = Setup { limit: Rate::bytes_per_second(MIB / 2), ..world.setup() };
    let engine = Engine::start(setup).await.expect("the journal can be read");
    let first = add(&engine, world.file("/films/1", 6 * MIB)).await;
    let second = add(&engine, world.file("/films/2", 6 * MIB)).await;
    until(&engine, second, |snapshot| snapshot.chunks_acked >= 2).await;
    for _ in 0..100 {
        sleep(Duration::from_millis(70)).await;
        let snapshots = (engine.snapshot(first).await, engine.snapshot(second).await);
        let (Ok(first), Ok(second)) = snapshots else { panic!("both are in the list") };
        let in_flight = first.chunks_in_flight + second.chunks_in_flight;
        assert!(in_flight <= 1, "a wish must not be stuck behind {in_flight} others");
    }
    let (first, second) = (engine.snapshot(first).await, engine.snapshot(second).await);
    let acked = |snapshot: Result<transfer::engine::Snapshot, _>| snapshot.map_or(0, |snapshot| snapshot.chunks_acked);
    assert!(acked(first).abs_diff(acked(second)) <= 1, "they take turns");
}
