//! What is given for a film that is done.

use std::time::Duration;

use transfer::engine::EngineError;
use transfer::error::{Class, Operation};
use transfer::ids::TransferId;
use transfer::journal::{Change, Journal};
use transfer::receipt::{Checker, Verdict};
use transfer::state::TransferState;
use transfer::testing::{Fault, Faults, Step};
use transfer::units::{MIB, Rate};

use crate::world::{World, add, done};

const FILM: &str = "/films/a.mp4";
const SIZE: u64 = 5 * MIB + 3;

#[tokio::test(start_paused = true)]
async fn a_film_that_is_done_has_a_receipt_that_knows_every_chunk() {
    let world = World::new().faulty(Faults::script([Step::put(2, 1, Fault::After(Class::Transient))]));
    let engine = world.start().await;
    let id = add(&engine, world.file(FILM, SIZE)).await;
    let content = World::content(FILM, SIZE);
    let snapshot = done(&world, &engine, id, &content).await;
    let receipt = engine.receipt(id, "The archive".into()).await.expect("it is done");
    assert_eq!(Some(receipt.contents.root()), snapshot.root, "it names the film's hash");
    let mut checker = Checker::new(&receipt.contents);
    checker.update(&content);
    assert_eq!(checker.finish(), Verdict::Equal, "and the film is equal to it");
    assert_eq!(receipt.contents.cvs().map(<[_]>::len), Some(6), "chunk by chunk");
    assert_eq!((receipt.name.shown(), receipt.source.shown()), ("a.mp4".into(), "a.mp4".into()), "what it is called");
    assert_eq!(receipt.destination, "The archive", "where it went, as a person calls it");
    assert_eq!(receipt.bytes_sent, snapshot.bytes_sent, "what left for it");
    assert_eq!(receipt.bytes_resent(), snapshot.bytes_sent - SIZE, "and what of it more than once");
    let TransferState::Done(completed) = snapshot.state else { panic!("it is done") };
    assert_eq!((receipt.object, receipt.proof), (completed.object, completed.proof), "what was found there");
    engine.shutdown(Duration::ZERO).await;

    let later = world.after_crash().start().await;
    let again = later.receipt(id, "The archive".into()).await.expect("it is still done");
    assert_eq!(again.contents, receipt.contents, "a receipt can be had as long as the row is there");
}

#[tokio::test(start_paused = true)]
async fn a_film_whose_digests_nobody_kept_has_its_root_alone() {
    let world = World::new();
    let engine = world.start().await;
    let id = add(&engine, world.file(FILM, SIZE)).await;
    let snapshot = done(&world, &engine, id, &World::content(FILM, SIZE)).await;
    engine.shutdown(Duration::ZERO).await;
    let records = world.journal.transfers().await.expect("it can be read");
    let forgotten = Change::Forget { record: Box::new(records[0].clone()), digests: true };
    world.journal.write(&[forgotten]).await.expect("it can be written");
    let later = world.after_crash().start().await;
    let receipt = later.receipt(id, "The archive".into()).await.expect("the root is known");
    assert_eq!(receipt.contents.cvs(), None, "it does not claim what nobody knows");
    assert_eq!(Some(receipt.contents.root()), snapshot.root, "and has what is known");
}

#[tokio::test(start_paused = true)]
async fn nothing_is_given_before_the_film_is_there() {
    let world = World::new().faulty(Faults::script([Step::of(Operation::Begin, 1, Fault::Stall)]));
    let engine = world.start().await;
    engine.set_limit(Rate::bytes_per_second(MIB)).await.expect("the engine lives");
    let id = add(&engine, world.file(FILM, SIZE)).await;
    engine.command(id, transfer::engine::Command::Pause).await.expect("it can be paused");
    let early = engine.receipt(id, String::new()).await;
    assert!(matches!(early, Err(EngineError::NoReceipt(_))), "it is not done: {early:?}");
    let nobody = engine.receipt(TransferId::random(), String::new()).await;
    assert!(matches!(nobody, Err(EngineError::UnknownTransfer(_))), "there is no such film: {nobody:?}");
}
