//! Who goes first: places in line, priorities, and small films beside large ones.

use std::num::NonZeroUsize;
use std::time::Duration;

use tokio::time::sleep;
use transfer::engine::{Engine, EngineError, Setup, Snapshot};
use transfer::error::Operation;
use transfer::ids::TransferId;
use transfer::state::{Priority, TransferState};
use transfer::testing::{Fault, Faults, Step};
use transfer::units::{MIB, Rate};

use crate::world::{World, add, until, until_state};

const LARGE: u64 = 40 * MIB;

/// A world with little room: eight large films at a megabyte a second.
async fn busy(world: &World) -> (Engine, Vec<TransferId>) {
    let setup = Setup { limit: Rate::bytes_per_second(MIB), ..world.setup() };
    let engine = Engine::start(setup).await.expect("the journal can be read");
    let mut ids = Vec::new();
    for number in 0..8 {
        ids.push(add(&engine, world.file(&format!("/films/{number}"), LARGE)).await);
    }
    until_state(&engine, ids[1], |state| *state == TransferState::Active).await;
    (engine, ids)
}

async fn look(engine: &Engine, id: TransferId) -> Snapshot {
    engine.snapshot(id).await.expect("it is in the list")
}

async fn line(engine: &Engine) -> Vec<TransferId> {
    let changes = engine.since(Default::default()).await.expect("the engine lives");
    changes.changed.iter().map(|snapshot| snapshot.id).collect()
}

#[tokio::test(start_paused = true)]
async fn who_is_moved_to_the_front_goes_at_once_and_stays_there_after_a_restart() {
    let world = World::new();
    let (engine, ids) = busy(&world).await;
    engine.reorder(vec![ids[7], ids[6]], Some(ids[0])).await.expect("all are in the list");
    until_state(&engine, ids[7], |state| *state == TransferState::Active).await;
    until_state(&engine, ids[6], |state| *state == TransferState::Active).await;
    let expected = [7, 6, 0, 1, 2, 3, 4, 5].map(|nth| ids[nth]);
    assert_eq!(line(&engine).await, expected, "in the order given, and the others as they were");
    let unknown = engine.reorder(vec![TransferId::random()], None).await;
    assert!(matches!(unknown, Err(EngineError::UnknownTransfer(_))), "who is not there cannot be moved: {unknown:?}");
    engine.shutdown(Duration::ZERO).await;
    let engine = world.after_crash().start().await;
    assert_eq!(line(&engine).await, expected, "the journal keeps the order");
    engine.shutdown(Duration::ZERO).await;
}

#[tokio::test(start_paused = true)]
async fn who_is_moved_to_the_front_one_after_the_other_does_not_set_all_of_them_to_work() {
    let world = World::new();
    let (engine, ids) = busy(&world).await;
    for id in ids[3..].iter().rev() {
        let first = line(&engine).await[0];
        engine.reorder(vec![*id], Some(first)).await.expect("it is in the list");
    }
    sleep(Duration::from_secs(5)).await;
    let mut at_work = 0;
    for id in ids {
        let state = look(&engine, id).await.state;
        at_work += usize::from(matches!(state, TransferState::Preparing | TransferState::Active));
    }
    assert!(at_work <= 4, "two, and two that were in a hurry, not {at_work}");
    engine.shutdown(Duration::ZERO).await;
}

#[tokio::test(start_paused = true)]
async fn high_priority_takes_the_link_and_low_waits_until_nothing_else_can_go() {
    let world = World::new();
    let (engine, ids) = busy(&world).await;
    engine.set_priority(ids[0], Priority::Low).await.expect("it is in the list");
    engine.set_priority(ids[5], Priority::High).await.expect("it is in the list");
    until_state(&engine, ids[5], |state| *state == TransferState::Active).await;
    // What was in flight lands first.
    sleep(Duration::from_secs(10)).await;
    let before = (look(&engine, ids[5]).await.bytes_sent, look(&engine, ids[0]).await.bytes_sent);
    sleep(Duration::from_secs(10)).await;
    let (high, low) = (look(&engine, ids[5]).await, look(&engine, ids[0]).await);
    assert!(high.bytes_sent - before.0 >= 9 * MIB, "the whole link is its: {}", high.bytes_sent - before.0);
    assert_eq!(low.bytes_sent, before.1, "the low one gets none of it");
    until_state(&engine, ids[5], |state| matches!(state, TransferState::Done(_))).await;
    assert_eq!(look(&engine, ids[5]).await.priority, Priority::High, "the row says so");
    let rest: Vec<_> = ids.iter().filter(|id| **id != ids[0]).copied().collect();
    for id in rest {
        until_state(&engine, id, |state| matches!(state, TransferState::Done(_))).await;
        let low = look(&engine, ids[0]).await;
        assert!(!matches!(low.state, TransferState::Done(_)), "everybody else goes before it");
    }
    until_state(&engine, ids[0], |state| matches!(state, TransferState::Done(_))).await;
    engine.shutdown(Duration::ZERO).await;
}

#[tokio::test(start_paused = true)]
async fn a_small_film_does_not_wait_behind_large_ones() {
    let world = World::new();
    let (engine, ids) = busy(&world).await;
    let memo = add(&engine, world.file("/films/memo", MIB)).await;
    until_state(&engine, memo, |state| matches!(state, TransferState::Done(_))).await;
    let queued = look(&engine, ids[2]).await.state;
    assert_eq!(queued, TransferState::Queued, "while large ones still wait in line before it");
    until(&engine, ids[0], |snapshot| snapshot.chunks_acked > 0).await;
    engine.shutdown(Duration::ZERO).await;
}

/// An engine whose every put takes a second, of so many chunks at once, and a flood of tiny films.
async fn flooded(parallel: usize, memos: u32) -> (World, Engine) {
    let slow = (1..2000).map(|nth| Step::of(Operation::Put, nth, Fault::Delay(Duration::from_secs(1))));
    let world = World::new().faulty(Faults::script(slow));
    let setup = Setup { parallel: NonZeroUsize::new(parallel).expect("at least one"), ..world.setup() };
    let engine = Engine::start(setup).await.expect("the journal can be read");
    for number in 0..memos {
        add(&engine, world.file(&format!("/memos/{number}"), MIB / 2)).await;
    }
    (world, engine)
}

#[tokio::test(start_paused = true)]
async fn tiny_films_share_a_place_in_flight() {
    for (parallel, most) in [(1, 1), (2, 16)] {
        let (_world, engine) = flooded(parallel, 40).await;
        sleep(Duration::from_millis(500)).await;
        assert_eq!(in_flight(&engine).await, most, "with {parallel} places");
        engine.shutdown(Duration::ZERO).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_large_film_has_its_turns_beside_a_flood_of_tiny_ones() {
    let (world, engine) = flooded(2, 600).await;
    let large = add(&engine, world.file("/films/large", LARGE)).await;
    engine.set_priority(large, Priority::High).await.expect("it is in the list");
    until(&engine, large, |snapshot| snapshot.chunks_acked >= 4).await;
    let list = engine.since(Default::default()).await.expect("the engine lives").changed;
    let left = list.iter().filter(|snapshot| !snapshot.state.is_terminal()).count();
    assert!(left > 400, "tiny ones are still many, and none of them slipped past it for ever: {left} are left");
    engine.shutdown(Duration::ZERO).await;
}

async fn in_flight(engine: &Engine) -> u32 {
    let changes = engine.since(Default::default()).await.expect("the engine lives");
    changes.changed.iter().map(|snapshot| snapshot.chunks_in_flight).sum()
}
