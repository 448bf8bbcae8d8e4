//! What may be added, and what is there already.

use std::path::PathBuf;

use transfer::engine::{AddOrder, Command, Refusal, Version};
use transfer::ids::{BatchId, DestinationId};
use transfer::placing::Placement;
use transfer::source::SourceError;
use transfer::state::TransferState;
use transfer::units::{MIB, Rate};

use crate::world::{World, add, add_to, command, destination, done, until_state};

const FILM: &str = "/films/a.mp4";

fn order(files: &[&str]) -> AddOrder {
    let files = files.iter().map(PathBuf::from).collect();
    AddOrder { batch: BatchId::random(), files, destination: destination(), placement: Placement::default() }
}

#[tokio::test(start_paused = true)]
async fn one_bad_file_of_a_batch_does_not_stop_the_others() {
    let world = World::new();
    world.file(FILM, 5);
    world.sources.folder("/films/folder");
    world.file("/films/secret", 5);
    world.sources.deny("/films/secret");
    let engine = world.start().await;
    let order = order(&["/films/folder", FILM, "/films/gone", "/films/secret"]);
    let answers = engine.add(order).await.expect("the journal takes it");

    assert!(matches!(answers[0], Err(Refusal::Source(SourceError::NotAFile(_)))), "a folder is no film");
    assert!(matches!(answers[2], Err(Refusal::Source(SourceError::Gone(_)))), "what is not there cannot be sent");
    assert!(matches!(answers[3], Err(Refusal::Source(SourceError::Denied(_)))), "what may not be read neither");
    let added = answers[1].as_ref().expect("the good one is taken");
    done(&world, &engine, added.id, &World::content(FILM, 5)).await;
    let all = engine.since(Version(0)).await.expect("the engine lives");
    assert_eq!(all.changed.len(), 1, "what is refused is not in the list");
}

#[tokio::test(start_paused = true)]
async fn the_same_file_is_added_once_for_a_destination() {
    let world = World::new();
    world.file(FILM, 3 * MIB);
    let engine = world.start().await;
    let (first, second) = tokio::join!(engine.add(order(&[FILM, FILM])), engine.add(order(&[FILM])));
    let first = first.expect("the journal takes it");
    let second = second.expect("the journal takes it");
    let ids: Vec<_> = first.iter().chain(&second).map(|answer| answer.as_ref().expect("acceptable").id).collect();
    assert_eq!(ids, [ids[0]; 3], "twice in one order or in two at once is still the same transfer");
    let fresh = first.iter().chain(&second).filter(|answer| answer.as_ref().is_ok_and(|added| !added.already)).count();
    assert_eq!(fresh, 1, "one of the answers says that it is new");

    let elsewhere = add_to(&engine, FILM, DestinationId("other:".to_owned())).await;
    assert_ne!(elsewhere, ids[0], "another destination is another transfer");
}

#[tokio::test(start_paused = true)]
async fn a_finished_file_is_added_again_only_when_it_changed() {
    let world = World::new();
    world.file(FILM, 10);
    let engine = world.start().await;
    let id = add(&engine, FILM).await;
    done(&world, &engine, id, &World::content(FILM, 10)).await;
    let again = engine.add(order(&[FILM])).await.expect("the journal takes it");
    assert!(again[0].as_ref().is_ok_and(|added| added.already && added.id == id), "it is there already, unchanged");

    world.sources.edit(FILM, |bytes| bytes.push(1));
    let changed = engine.add(order(&[FILM])).await.expect("the journal takes it");
    let added = changed[0].as_ref().expect("acceptable");
    assert!(!added.already && added.id != id, "another content is another transfer");
    until_state(&engine, added.id, |state| matches!(state, TransferState::Done(_))).await;
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_file_can_be_added_again() {
    let world = World::new();
    world.file(FILM, 10);
    let engine = world.start().await;
    engine.set_limit(Rate::bytes_per_second(1)).await.expect("the engine lives");
    let id = add(&engine, FILM).await;
    command(&engine, id, Command::Cancel).await;
    engine.set_limit(None).await.expect("the engine lives");
    until_state(&engine, id, |state| *state == TransferState::Cancelled).await;
    let again = add(&engine, FILM).await;
    assert_ne!(again, id, "what was given up is not gone on with");
    done(&world, &engine, again, &World::content(FILM, 10)).await;
}
