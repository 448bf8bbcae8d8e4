//! The picture of a transfer's chunks.

use std::time::Duration;

use transfer::engine::{Cell, Engine, Setup};
use transfer::error::{Class, Operation};
use transfer::state::TransferState;
use transfer::testing::{Fault, Faults, Step};
use transfer::units::{MIB, Rate};

use crate::world::{World, add, done, until, until_state};

const FILM: &str = "/films/a.mp4";
const SIZE: u64 = 8 * MIB;

#[tokio::test(start_paused = true)]
async fn cells_follow_the_chunks() {
    let world = World::new();
    let setup = Setup { limit: Rate::bytes_per_second(MIB / 2), ..world.setup() };
    let engine = Engine::start(setup).await.expect("the journal can be read");
    let id = add(&engine, world.file(FILM, SIZE)).await;
    until(&engine, id, |snapshot| snapshot.chunks_acked >= 2 && snapshot.bytes_sent > 2 * MIB).await;
    let picture = engine.picture(id).await.expect("it is in the list");
    let mut expected = [Cell::Pending; 8];
    (expected[7], expected[0], expected[1]) = (Cell::Acked, Cell::Acked, Cell::InFlight);
    assert_eq!(picture.cells, expected, "last and first are there, the second is on its way");
    let note = &picture.notes[0];
    assert_eq!((picture.notes.len(), note.chunk), (1, 1), "there is more to say of what is in flight only");
    assert!(note.sent > 0 && note.sent < MIB, "a part of it left: {}", note.sent);

    engine.set_limit(None).await.expect("the engine lives");
    done(&world, &engine, id, &World::content(FILM, SIZE)).await;
    engine.shutdown(Duration::ZERO).await;
    let engine = world.start().await;
    let picture = engine.picture(id).await.expect("it is in the list");
    assert_eq!(picture.cells, [Cell::Acked; 8], "of a finished one everything is there, without its chunks being read");
}

#[tokio::test(start_paused = true)]
async fn a_resting_chunk_says_why_and_when_it_comes_again() {
    let many = (1..=9).map(|nth| Step::put(2, nth, Fault::Before(Class::Transient)));
    let others = [0, 1, 3, 4, 5, 6, 7].map(|chunk| Step::put(chunk, 1, Fault::Stall));
    let world = World::new().faulty(Faults::script(many.chain(others)));
    let engine = world.start().await;
    let id = add(&engine, world.file(FILM, SIZE)).await;
    let mut picture = engine.picture(id).await.expect("it is in the list");
    while picture.cells.get(2) != Some(&Cell::Retrying) {
        tokio::time::sleep(Duration::from_millis(10)).await;
        picture = engine.picture(id).await.expect("it is in the list");
    }
    let note = picture.notes.iter().find(|note| note.chunk == 2).expect("there is something to say of it");
    assert!(note.attempts > 0, "it failed before");
    assert_eq!(note.trouble.as_ref().map(|trouble| &trouble.class), Some(&Class::Transient), "and why is known");
}

#[tokio::test(start_paused = true)]
async fn the_chunk_that_a_transfer_failed_at_is_marked() {
    let thrice = [1, 2, 3].map(|nth| Step::put(1, nth, Fault::Corrupt));
    let world = World::new().faulty(Faults::script(thrice));
    let engine = world.start().await;
    let id = add(&engine, world.file(FILM, SIZE)).await;
    until_state(&engine, id, |state| matches!(state, TransferState::Failed(_))).await;
    let picture = engine.picture(id).await.expect("it is in the list");
    assert_eq!(picture.cells[1], Cell::Failed, "one sees where");
}

#[tokio::test(start_paused = true)]
async fn a_break_shows_at_the_chunk_that_was_refused() {
    let throttled = Fault::Before(Class::Throttled { after: Some(Duration::from_secs(60)) });
    let world = World::new().faulty(Faults::script([Step::of(Operation::Put, 1, throttled)]));
    let engine = world.start().await;
    let id = add(&engine, world.file(FILM, SIZE)).await;
    until(&engine, id, |snapshot| snapshot.hold.is_some()).await;
    let picture = engine.picture(id).await.expect("it is in the list");
    assert!(picture.cells.contains(&Cell::Throttled), "the picture shows who is held: {:?}", picture.cells);
    done(&world, &engine, id, &World::content(FILM, SIZE)).await;
}
