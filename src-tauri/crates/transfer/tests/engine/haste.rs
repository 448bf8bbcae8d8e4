//! A person clicks a chunk: it goes before all others, and a transfer that is stuck goes on for it.

use std::time::Duration;

use tokio::time::sleep;
use transfer::engine::{Cause, Cell, ChunkNote, Command, Engine, EngineError, Setup};
use transfer::error::Class;
use transfer::ids::TransferId;
use transfer::layout::ByteRange;
use transfer::state::{FailureKind, TransferState};
use transfer::testing::{Fault, Faults, Step};
use transfer::units::{MIB, Rate};

use crate::world::{World, add, command, done, until, until_state};

const FILM: &str = "/films/a.mp4";
const SIZE: u64 = 20 * MIB;

/// A slow upload, one chunk in flight.
async fn slow(world: &World) -> (Engine, TransferId) {
    let setup = Setup { limit: Rate::bytes_per_second(MIB / 2), ..world.setup() };
    let engine = Engine::start(setup).await.expect("the journal can be read");
    let id = add(&engine, world.file(FILM, SIZE)).await;
    until(&engine, id, |snapshot| snapshot.chunks_acked >= 3).await;
    (engine, id)
}

fn order(world: &World) -> Vec<u32> {
    world.remote.puts().iter().map(|put| put.chunk).collect()
}

#[tokio::test(start_paused = true)]
async fn a_clicked_chunk_is_the_next_to_leave_and_shows_as_wanted_until_then() {
    let world = World::new();
    let (engine, id) = slow(&world).await;
    let handle = world.remote.uploads().remove(0);
    let before = order(&world).len();
    world.remote.wish(&handle, &[ByteRange::at(16 * MIB, 10)]);
    engine.hasten(id, 11).await.expect("a chunk of it");
    engine.hasten(id, 13).await.expect("a chunk of it");
    let picture = engine.picture(id).await.expect("it is in the list");
    assert_eq!([picture.cells[11], picture.cells[13]], [Cell::Wanted; 2], "the click is seen at once");
    until(&engine, id, |snapshot| snapshot.chunks_acked >= 7).await;
    assert_eq!(order(&world)[before..before + 3], [13, 11, 16], "the last click, the click before, then the viewer");
    let picture = engine.picture(id).await.expect("it is in the list");
    assert_eq!([picture.cells[11], picture.cells[13]], [Cell::Acked; 2], "what is there is not wanted any more");
}

#[tokio::test(start_paused = true)]
async fn a_clicked_transfer_goes_before_one_that_is_watched() {
    let world = World::new();
    let (engine, _) = slow(&world).await;
    let watched = world.remote.uploads().remove(0);
    let clicked = add(&engine, world.file("/films/b", SIZE)).await;
    sleep(Duration::from_secs(5)).await;
    world.remote.wish(&watched, &[ByteRange::at(8 * MIB, 9 * MIB)]);
    let before = world.remote.puts().len();
    engine.hasten(clicked, 10).await.expect("a chunk of it");
    sleep(Duration::from_secs(5)).await;
    let puts = world.remote.puts();
    assert_eq!((puts[before].handle == watched, puts[before].chunk), (false, 10), "a person's click goes first");
    assert!(puts[before + 1].handle == watched, "and then the viewer again");
}

#[tokio::test(start_paused = true)]
async fn a_click_ends_the_rest_of_a_failed_chunk() {
    let failures = (1..=7).map(|nth| Step::put(0, nth, Fault::Before(Class::Transient)));
    let world = World::new().faulty(Faults::script(failures));
    let engine = world.start().await;
    let id = add(&engine, world.file(FILM, MIB)).await;
    let rests = |note: &ChunkNote| note.attempts == 7 && note.next_try.is_some();
    while !engine.picture(id).await.expect("it is in the list").notes.iter().any(rests) {
        sleep(Duration::from_millis(10)).await;
    }
    let held = engine.snapshot(id).await.expect("it is in the list").hold;
    assert!(held.is_some_and(|hold| hold.cause == Cause::Failing), "the destination has a rest, too: {held:?}");
    engine.hasten(id, 0).await.expect("a chunk of it");
    sleep(Duration::from_millis(1)).await;
    let picture = engine.picture(id).await.expect("it is in the list");
    assert!(matches!(picture.cells[0], Cell::InFlight | Cell::Acked), "it is not left to rest: {:?}", picture.cells[0]);
}

#[tokio::test(start_paused = true)]
async fn a_click_on_the_chunk_that_a_transfer_failed_at_tries_it_again_first() {
    let thrice = [1, 2, 3].map(|nth| Step::put(1, nth, Fault::Corrupt));
    let world = World::new().faulty(Faults::script(thrice));
    let engine = world.start().await;
    let id = add(&engine, world.file(FILM, SIZE)).await;
    let failed = until_state(&engine, id, |state| matches!(state, TransferState::Failed(_))).await;
    let TransferState::Failed(failure) = failed.state else { panic!("it failed") };
    assert_eq!(failure.kind, FailureKind::Corrupt { chunk: 1 }, "at that chunk");
    let before = order(&world).len();
    engine.hasten(id, 1).await.expect("a chunk of it");
    done(&world, &engine, id, &World::content(FILM, SIZE)).await;
    assert_eq!(order(&world)[before], 1, "what the person clicked goes first");
}

#[tokio::test(start_paused = true)]
async fn a_click_ends_a_wait_for_a_person() {
    let world = World::new().faulty(Faults::script([Step::put(3, 1, Fault::Before(Class::Denied))]));
    let engine = world.start().await;
    let id = add(&engine, world.file(FILM, SIZE)).await;
    until_state(&engine, id, |state| matches!(state, TransferState::Waiting(_))).await;
    engine.hasten(id, 3).await.expect("a chunk of it");
    done(&world, &engine, id, &World::content(FILM, SIZE)).await;
}

#[tokio::test(start_paused = true)]
async fn a_paused_transfer_stays_so_and_begins_with_the_clicked_chunk() {
    let world = World::new();
    let (engine, id) = slow(&world).await;
    command(&engine, id, Command::Pause).await;
    sleep(Duration::from_secs(5)).await;
    let before = order(&world).len();
    engine.hasten(id, 15).await.expect("a chunk of it");
    sleep(Duration::from_secs(5)).await;
    assert_eq!(order(&world).len(), before, "a click does not undo a pause");
    command(&engine, id, Command::Resume).await;
    engine.set_limit(None).await.expect("the engine lives");
    done(&world, &engine, id, &World::content(FILM, SIZE)).await;
    assert_eq!(order(&world)[before], 15, "but it is remembered");
}

#[tokio::test(start_paused = true)]
async fn what_is_there_cannot_be_hastened_and_what_is_not_a_chunk_is_refused() {
    let world = World::new();
    let (engine, id) = slow(&world).await;
    engine.hasten(id, 19).await.expect("the last one is there already: nothing to do");
    let refused = engine.hasten(id, 20).await;
    assert!(matches!(refused, Err(EngineError::NoChunk { chunk: 20 })), "it has 20 chunks: {refused:?}");
    engine.set_limit(None).await.expect("the engine lives");
    done(&world, &engine, id, &World::content(FILM, SIZE)).await;
    engine.hasten(id, 5).await.expect("all of it is there: nothing to do");
    engine.set_limit(Rate::bytes_per_second(MIB / 2)).await.expect("the engine lives");
    let other = add(&engine, world.file("/films/b", SIZE)).await;
    command(&engine, other, Command::Cancel).await;
    let refused = engine.hasten(other, 0).await;
    assert!(matches!(refused, Err(EngineError::NoChunk { .. })), "what was given up is not sent: {refused:?}");
    let nobody = engine.hasten(TransferId::random(), 0).await;
    assert!(matches!(nobody, Err(EngineError::UnknownTransfer(_))), "there is no such transfer: {nobody:?}");
}
