//! The end of an engine.

use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::{Instant, sleep};
use transfer::engine::{Command, EngineError};
use transfer::journal::Journal;
use transfer::state::TransferState;
use transfer::testing::{Fault, Faults, Step};
use transfer::units::{MIB, Rate};

use crate::world::{World, add, done, until};

const FILM: &str = "/films/a.mp4";
const SIZE: u64 = 8 * MIB;

fn tasks() -> usize {
    Handle::current().metrics().num_alive_tasks()
}

#[tokio::test(start_paused = true)]
async fn no_task_is_left_whatever_was_under_way() {
    for millis in [0, 1, 150, 900, 2500, 20_000] {
        let before = tasks();
        let world = World::new();
        let engine = world.start().await;
        engine.set_limit(Rate::bytes_per_second(2 * MIB)).await.expect("the engine lives");
        add(&engine, world.file(FILM, SIZE)).await;
        sleep(Duration::from_millis(millis)).await;
        engine.shutdown(Duration::ZERO).await;
        assert_eq!(tasks(), before, "after {millis} ms: what an engine began ends with it");
    }
}

#[tokio::test(start_paused = true)]
async fn an_engine_that_nobody_holds_ends() {
    let before = tasks();
    let world = World::new();
    let engine = world.start().await;
    engine.set_limit(Rate::bytes_per_second(MIB)).await.expect("the engine lives");
    add(&engine, world.file(FILM, SIZE)).await;
    drop(engine);
    sleep(Duration::from_secs(1)).await;
    assert_eq!(tasks(), before, "nobody could ever ask it anything again");
}

#[tokio::test(start_paused = true)]
async fn a_grace_lets_chunks_finish_and_writes_them_down() {
    let world = World::new();
    let engine = world.start().await;
    engine.set_limit(Rate::bytes_per_second(MIB)).await.expect("the engine lives");
    let id = add(&engine, world.file(FILM, SIZE)).await;
    until(&engine, id, |snapshot| snapshot.chunks_acked >= 2).await;
    sleep(Duration::from_millis(500)).await;
    engine.shutdown(Duration::from_secs(10)).await;
    let sent = world.remote.bytes_received();
    let acked = world.remote.puts().iter().filter(|put| put.acked).count();
    assert_eq!(acked, world.remote.puts().len(), "nothing was cut within the grace");

    let engine = world.start().await;
    let snapshot = engine.snapshot(id).await.expect("it is in the list");
    assert_eq!(snapshot.chunks_acked as usize, acked, "what was acknowledged is written down");
    assert_eq!(snapshot.bytes_sent, sent, "and every byte that left");
    done(&world, &engine, id, &World::content(FILM, SIZE)).await;
    assert_eq!(world.remote.bytes_received(), SIZE, "nothing was sent twice");
}

#[tokio::test(start_paused = true)]
async fn a_grace_ends() {
    let world = World::new().faulty(Faults::script([Step::put(0, 1, Fault::Stall)]));
    let engine = world.start().await;
    let id = add(&engine, world.file(FILM, SIZE)).await;
    until(&engine, id, |snapshot| snapshot.chunks_acked >= 7).await;
    let began = Instant::now();
    engine.shutdown(Duration::from_secs(3)).await;
    assert!(began.elapsed() < Duration::from_secs(4), "a stalled remote does not hold the program");
}

#[tokio::test(start_paused = true)]
async fn an_ended_engine_says_so() {
    let world = World::new();
    let engine = world.start().await;
    let id = add(&engine, world.file(FILM, 5)).await;
    engine.shutdown(Duration::ZERO).await;
    engine.shutdown(Duration::ZERO).await;
    let answer = engine.command(id, Command::Pause).await;
    assert!(matches!(answer, Err(EngineError::Stopped)), "nobody is there to pause it: {answer:?}");
    assert!(engine.events().recv().await.is_err(), "nothing happens any more");
}

#[tokio::test(start_paused = true)]
async fn what_comes_after_a_write_that_failed_is_not_written_at_the_end() {
    let slow = Step::put(1, 1, Fault::Delay(Duration::from_secs(2)));
    let world = World::new().faulty(Faults::script([slow]));
    let engine = world.start().await;
    let id = add(&engine, world.file(FILM, 3 * MIB)).await;
    until(&engine, id, |snapshot| snapshot.chunks_acked == 2).await;
    world.journal.fail_next(1);
    engine.shutdown(Duration::from_secs(5)).await;

    let records = world.journal.transfers().await.expect("the journal can be read");
    let acked = world.journal.chunks(id).await.expect("the journal can be read").acked.len();
    assert!(acked < 3, "the acknowledgements that could not be written are not there");
    assert_eq!(records[0].state, TransferState::Active, "Completing means that every chunk is known as acknowledged");
    let next = world.after_crash();
    let engine = next.start().await;
    done(&next, &engine, id, &World::content(FILM, 3 * MIB)).await;
}

#[tokio::test(start_paused = true)]
async fn the_end_comes_with_a_broken_journal_too() {
    let world = World::new();
    let engine = world.start().await;
    engine.set_limit(Rate::bytes_per_second(MIB)).await.expect("the engine lives");
    let id = add(&engine, world.file(FILM, SIZE)).await;
    until(&engine, id, |snapshot| snapshot.chunks_acked >= 2).await;
    world.journal.broken(true);
    until(&engine, id, |snapshot| matches!(snapshot.state, TransferState::Waiting(_))).await;
    engine.shutdown(Duration::from_secs(1)).await;
    let next = world.after_crash();
    let engine = next.start().await;
    done(&next, &engine, id, &World::content(FILM, SIZE)).await;
}
