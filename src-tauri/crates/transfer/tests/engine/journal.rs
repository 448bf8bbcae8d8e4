//! A journal that cannot be written.

use std::time::Duration;

use tokio::time::sleep;
use transfer::engine::{AddOrder, Command, Engine, EngineError, Version};
use transfer::error::{Class, Operation};
use transfer::ids::BatchId;
use transfer::placing::Placement;
use transfer::state::{TransferState, WaitReason};
use transfer::testing::{Fault, Faults, Step};
use transfer::units::{MIB, Rate};

use crate::world::{World, add, command, destination, done, until, until_state};

const FILM: &str = "/films/a.mp4";
const SIZE: u64 = 6 * MIB;

#[tokio::test(start_paused = true)]
async fn an_engine_that_cannot_remember_stops_sending_and_says_why() {
    let world = World::new();
    let engine = world.start().await;
    engine.set_limit(Rate::bytes_per_second(MIB)).await.expect("the engine lives");
    let id = add(&engine, world.file(FILM, SIZE)).await;
    until(&engine, id, |snapshot| snapshot.chunks_acked >= 2).await;
    world.journal.broken(true);
    let waiting = until_state(&engine, id, |state| matches!(state, TransferState::Waiting(_))).await;
    let TransferState::Waiting(wait) = waiting.state else { unreachable!("waited for just that") };
    assert_eq!(wait.reason, WaitReason::Remote, "it goes on by itself");
    assert!(wait.sentence.contains("journal"), "the sentence says what is wrong: {}", wait.sentence);
    sleep(Duration::from_secs(5)).await;
    let received = world.remote.bytes_received();
    sleep(Duration::from_secs(600)).await;
    assert_eq!(world.remote.bytes_received(), received, "nothing is sent that could not be remembered");

    world.journal.broken(false);
    let snapshot = done(&world, &engine, id, &World::content(FILM, SIZE)).await;
    assert_eq!(snapshot.bytes_sent, world.remote.bytes_received(), "every byte is counted");
    let restarted = world.after_crash().start().await;
    let snapshot = restarted.snapshot(id).await.expect("it is in the journal");
    assert!(matches!(snapshot.state, TransferState::Done(_)), "what could not be written was written later");
}

#[tokio::test(start_paused = true)]
async fn a_hiccup_of_the_journal_loses_no_acknowledgement() {
    for nth in 0..8 {
        let world = World::new();
        let engine = world.start().await;
        engine.set_limit(Rate::bytes_per_second(4 * MIB)).await.expect("the engine lives");
        let id = add(&engine, world.file(FILM, SIZE)).await;
        sleep(Duration::from_millis(nth * 200)).await;
        world.journal.fail_next(1);
        done(&world, &engine, id, &World::content(FILM, SIZE)).await;
        let acked = world.remote.puts().iter().filter(|put| put.acked).count();
        assert_eq!(acked, 6, "no acknowledged chunk is sent again");
        engine.shutdown(Duration::ZERO).await;
    }
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_written_is_not_added() {
    let world = World::new();
    let engine = world.start().await;
    let path = world.file(FILM, SIZE);
    world.journal.broken(true);
    let order = AddOrder {
        batch: BatchId::random(),
        files: vec![path.clone()],
        destination: destination(),
        placement: Placement::default(),
    };
    let answer = engine.add(order).await;
    assert!(matches!(answer, Err(EngineError::Journal(_))), "the caller must know: {answer:?}");
    let all = engine.since(Version(0)).await.expect("the engine lives");
    assert_eq!(all.changed, [], "it is not in the list");
    world.journal.broken(false);
    let id = add(&engine, path).await;
    done(&world, &engine, id, &World::content(FILM, SIZE)).await;
}

#[tokio::test(start_paused = true)]
async fn a_refused_addition_does_not_hold_those_who_wait() {
    let offline = Step::of(Operation::Begin, 1, Fault::Before(Class::Offline));
    let world = World::new().faulty(Faults::script([offline]));
    let engine = world.start().await;
    let id = add(&engine, world.file(FILM, SIZE)).await;
    until_state(&engine, id, |state| matches!(state, TransferState::Waiting(_))).await;
    sleep(Duration::from_secs(3)).await;
    world.journal.fail_next(1);
    let files = vec![world.file("/films/b", SIZE)];
    let answer = engine
        .add(AddOrder { batch: BatchId::random(), files, destination: destination(), placement: Placement::default() })
        .await;
    assert!(matches!(answer, Err(EngineError::Journal(_))), "the caller must know: {answer:?}");
    done(&world, &engine, id, &World::content(FILM, SIZE)).await;
}

#[tokio::test(start_paused = true)]
async fn a_command_that_cannot_be_written_says_so_and_is_written_later() {
    let world = World::new();
    let engine = world.start().await;
    engine.set_limit(Rate::bytes_per_second(MIB)).await.expect("the engine lives");
    let id = add(&engine, world.file(FILM, SIZE)).await;
    until(&engine, id, |snapshot| snapshot.chunks_acked >= 1).await;
    world.journal.broken(true);
    let answer = engine.command(id, Command::Pause).await;
    assert!(matches!(answer, Err(EngineError::Journal(_))), "the caller must know: {answer:?}");
    world.journal.broken(false);
    sleep(Duration::from_secs(60)).await;
    let restarted = world.after_crash().start().await;
    let snapshot = restarted.snapshot(id).await.expect("it is in the journal");
    assert_eq!(snapshot.state, TransferState::Paused, "the pause was written when the journal could be");
    command(&restarted, id, Command::Resume).await;
}

#[tokio::test(start_paused = true)]
async fn an_engine_does_not_start_on_a_journal_that_cannot_be_read() {
    let world = World::new();
    world.journal.broken(true);
    let answer = Engine::start(world.setup()).await;
    assert!(matches!(answer, Err(EngineError::Journal(_))), "an empty list would look like lost films");
}
