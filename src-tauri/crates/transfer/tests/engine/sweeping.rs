//! What is done to many transfers at once.

use std::path::PathBuf;

use transfer::engine::{AddOrder, Command, Engine, Version};
use transfer::error::{Class, Operation};
use transfer::ids::{BatchId, TransferId};
use transfer::journal::Journal;
use transfer::placing::Placement;
use transfer::state::TransferState;
use transfer::testing::{Fault, Faults, Step};
use transfer::units::{MIB, Rate};

use crate::world::{World, add, command, destination, done, until_state};

/// One that is paused before it is through.
async fn held(engine: &Engine, file: PathBuf) -> TransferId {
    engine.set_limit(Rate::bytes_per_second(1)).await.expect("the engine lives");
    let id = add(engine, file).await;
    command(engine, id, Command::Pause).await;
    engine.set_limit(None).await.expect("the engine lives");
    id
}

#[tokio::test(start_paused = true)]
async fn all_that_failed_is_tried_again_and_nothing_else() {
    let refused = [1, 2].map(|nth| Step::of(Operation::Begin, nth, Fault::Before(Class::Fatal)));
    let world = World::new().faulty(Faults::script(refused));
    let engine = world.start().await;
    let (one, two) = (add(&engine, world.file("/films/1", MIB)).await, add(&engine, world.file("/films/2", MIB)).await);
    for id in [one, two] {
        until_state(&engine, id, |state| matches!(state, TransferState::Failed(_))).await;
    }
    let paused = held(&engine, world.file("/films/3", MIB)).await;
    assert_eq!(engine.retry_failed().await.expect("it is written down"), 2, "it says how many");
    done(&world, &engine, one, &World::content("/films/1", MIB)).await;
    done(&world, &engine, two, &World::content("/films/2", MIB)).await;
    let still = engine.snapshot(paused).await.expect("it is in the list");
    assert_eq!(still.state, TransferState::Paused, "the person held that one, and does so still");
    assert_eq!(engine.retry_failed().await.expect("it is written down"), 0, "nothing failed any more");
}

#[tokio::test(start_paused = true)]
async fn what_waits_is_woken_with_what_failed() {
    let refused = Step::of(Operation::Begin, 1, Fault::Before(Class::Denied));
    let world = World::new().faulty(Faults::script([refused]));
    let engine = world.start().await;
    let mut films = Vec::new();
    for number in 0..6 {
        films.push(add(&engine, world.file(&format!("/films/{number}"), 9 * MIB)).await);
    }
    until_state(&engine, films[0], |state| matches!(state, TransferState::Waiting(_))).await;
    assert_eq!(engine.retry_failed().await.expect("it is written down"), 6, "the one that waits, and all behind it");
    for (number, id) in films.into_iter().enumerate() {
        done(&world, &engine, id, &World::content(&format!("/films/{number}"), 9 * MIB)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn all_that_ended_leaves_the_list_in_one_write() {
    let world = World::new();
    let engine = world.start().await;
    let files = (0..200).map(|number| world.file(&format!("/films/{number}"), 1)).collect();
    let order =
        AddOrder { batch: BatchId::random(), files, destination: destination(), placement: Placement::default() };
    let added = engine.add(order).await.expect("the journal takes it");
    for answer in added {
        let id = answer.expect("acceptable").id;
        until_state(&engine, id, |state| matches!(state, TransferState::Done(_))).await;
    }
    let kept = held(&engine, world.file("/films/kept", MIB)).await;
    let (version, writes) = (*engine.version().borrow(), world.journal.writes());
    assert_eq!(engine.remove_ended().await.expect("it is written down"), 200, "it says how many");
    assert_eq!(world.journal.writes(), writes + 1, "ten thousand rows must not be ten thousand transactions");
    assert_eq!(
        engine.since(version).await.expect("the engine lives").removed.len(),
        200,
        "the window drops their rows"
    );
    let left = engine.since(Version(0)).await.expect("the engine lives").changed;
    assert_eq!(left.iter().map(|row| row.id).collect::<Vec<_>>(), [kept], "what is held is not ended");
    let rows = world.journal.transfers().await.expect("the journal can be read");
    assert_eq!(rows.len(), 1, "the next start does not bring them back");
    assert_eq!(engine.remove_ended().await.expect("nothing to write"), 0, "once is enough");
    let again = add(&engine, world.file("/films/7", 1)).await;
    until_state(&engine, again, |state| matches!(state, TransferState::Done(_))).await;
}
