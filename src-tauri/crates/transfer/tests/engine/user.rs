//! Pause, resume, cancel, retry, start over, remove.

use std::time::Duration;

use tokio::time::{Instant, sleep};
use transfer::engine::{Command, EngineError, Version};
use transfer::error::{Class, Operation};
use transfer::ids::TransferId;
use transfer::remote::Arriving;
use transfer::state::{Intent, TransferState};
use transfer::testing::{Fault, Faults, Step};
use transfer::units::{MIB, Rate};

use crate::world::{World, add, command, done, until, until_state};

const FILM: &str = "/films/a.mp4";
const SIZE: u64 = 8 * MIB + 5;

#[tokio::test(start_paused = true)]
async fn a_pause_lets_what_is_in_flight_finish_and_starts_nothing_new() {
    let world = World::new();
    let engine = world.start().await;
    // Two seconds a chunk and one in flight: a pause falls into the middle of one, and the grace lets it finish.
    engine.set_limit(Rate::bytes_per_second(MIB)).await.expect("the engine lives");
    let id = add(&engine, world.file(FILM, SIZE)).await;
    until(&engine, id, |snapshot| snapshot.chunks_acked >= 2).await;
    sleep(Duration::from_millis(300)).await;
    command(&engine, id, Command::Pause).await;
    let paused = until(&engine, id, |snapshot| snapshot.chunks_in_flight == 0).await;
    assert_eq!(paused.intent, Intent::Pause, "that is what the user wants now");
    assert_eq!(paused.state, TransferState::Paused, "the pause holds at once, whatever still flies");
    let puts = world.remote.puts().len();
    sleep(Duration::from_secs(600)).await;
    assert_eq!(world.remote.puts().len(), puts, "a paused transfer sends nothing");

    command(&engine, id, Command::Resume).await;
    let snapshot = done(&world, &engine, id, &World::content(FILM, SIZE)).await;
    assert_eq!(snapshot.bytes_sent, SIZE, "what finished in the grace is not sent again");
    assert_eq!(snapshot.intent, Intent::Run, "it was resumed");
    let mut told: Vec<_> = world.remote.announced().into_iter().map(|(_, arriving)| arriving).collect();
    told.dedup();
    assert_eq!(told, [Arriving::Yes, Arriving::Paused, Arriving::Yes], "its readers know when to wait");
}

#[tokio::test(start_paused = true)]
async fn what_outlasts_the_grace_of_a_pause_is_cut() {
    let world = World::new().faulty(Faults::script([Step::put(0, 1, Fault::Stall)]));
    let engine = world.start().await;
    let id = add(&engine, world.file(FILM, SIZE)).await;
    until(&engine, id, |snapshot| snapshot.chunks_acked == snapshot.chunks_total - 1 && snapshot.chunks_total > 0)
        .await;
    let paused_at = Instant::now();
    command(&engine, id, Command::Pause).await;
    until(&engine, id, |snapshot| snapshot.chunks_in_flight == 0).await;
    assert!(paused_at.elapsed() >= Duration::from_secs(1), "what flies gets a grace");
    command(&engine, id, Command::Resume).await;
    done(&world, &engine, id, &World::content(FILM, SIZE)).await;
}

#[tokio::test(start_paused = true)]
async fn cancelling_frees_the_remote_at_any_moment() {
    let instants = [0, 1, 40, 700, 1500, 5000];
    for millis in instants {
        let delay = |operation| Step::of(operation, 1, Fault::Delay(Duration::from_millis(50)));
        let world = World::new().faulty(Faults::script([delay(Operation::Begin), delay(Operation::Status)]));
        let engine = world.start().await;
        engine.set_limit(Rate::bytes_per_second(MIB)).await.expect("the engine lives");
        let id = add(&engine, world.file(FILM, SIZE)).await;
        sleep(Duration::from_millis(millis)).await;
        command(&engine, id, Command::Cancel).await;
        let snapshot = until_state(&engine, id, |state| *state == TransferState::Cancelled).await;
        assert_eq!(snapshot.chunks_in_flight, 0, "nothing flies for what is given up");
        assert_eq!(world.remote.uploads(), [], "cancelled after {millis} ms, nothing may be left at the remote");
        engine.shutdown(Duration::ZERO).await;
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_cancelled_within_the_grace_of_a_pause_ends_too() {
    let slow = Step::of(Operation::Begin, 1, Fault::Delay(Duration::from_secs(10)));
    let world = World::new().faulty(Faults::script([slow]));
    let engine = world.start().await;
    let id = add(&engine, world.file(FILM, SIZE)).await;
    sleep(Duration::from_millis(100)).await;
    command(&engine, id, Command::Pause).await;
    sleep(Duration::from_millis(500)).await;
    command(&engine, id, Command::Cancel).await;
    until_state(&engine, id, |state| *state == TransferState::Cancelled).await;
    assert_eq!(world.remote.uploads(), [], "what began meanwhile was aborted");
}

#[tokio::test(start_paused = true)]
async fn a_retry_goes_on_where_a_failure_stopped() {
    let world = World::new().faulty(Faults::script([Step::put(3, 1, Fault::Before(Class::Fatal))]));
    let engine = world.start().await;
    let id = add(&engine, world.file(FILM, SIZE)).await;
    until_state(&engine, id, |state| matches!(state, TransferState::Failed(_))).await;
    command(&engine, id, Command::Retry).await;
    done(&world, &engine, id, &World::content(FILM, SIZE)).await;
    assert!(world.remote.puts().iter().filter(|put| put.acked).count() == 9, "every chunk is acknowledged once");
}

#[tokio::test(start_paused = true)]
async fn a_retry_ends_the_rest_of_a_chunk() {
    let failing = (1..=12).map(|nth| Step::put(0, nth, Fault::Before(Class::Transient)));
    let world = World::new().faulty(Faults::script(failing));
    let engine = world.start().await;
    let id = add(&engine, world.file(FILM, MIB)).await;
    for _ in 0..12 {
        until(&engine, id, |snapshot| snapshot.chunks_in_flight == 0 && snapshot.state == TransferState::Active).await;
        let before = Instant::now();
        command(&engine, id, Command::Retry).await;
        assert!(before.elapsed() < Duration::from_millis(50), "a retry is not put off");
    }
    done(&world, &engine, id, &World::content(FILM, MIB)).await;
}

#[tokio::test(start_paused = true)]
async fn starting_over_sends_the_file_as_it_is_now() {
    let world = World::new();
    let engine = world.start().await;
    engine.set_limit(Rate::bytes_per_second(MIB)).await.expect("the engine lives");
    let id = add(&engine, world.file(FILM, SIZE)).await;
    until(&engine, id, |snapshot| snapshot.chunks_acked >= 2).await;
    command(&engine, id, Command::Pause).await;
    let other = World::content("another", 2 * MIB + 1);
    world.sources.put(FILM, other.clone());
    command(&engine, id, Command::StartOver).await;
    let snapshot = done(&world, &engine, id, &other).await;
    assert_eq!(snapshot.bytes_total, 2 * MIB + 1, "the promise is the new file");
    assert_eq!(world.remote.uploads(), [], "the old upload is not left lying");
}

#[tokio::test(start_paused = true)]
async fn only_what_has_ended_can_be_removed() {
    let world = World::new();
    let engine = world.start().await;
    engine.set_limit(Rate::bytes_per_second(1)).await.expect("the engine lives");
    let id = add(&engine, world.file(FILM, 5)).await;
    let early = engine.command(id, Command::Remove).await;
    assert!(matches!(early, Err(EngineError::NotNow { .. })), "a running transfer must be cancelled first: {early:?}");
    engine.set_limit(None).await.expect("the engine lives");
    done(&world, &engine, id, &World::content(FILM, 5)).await;
    let before = engine.since(Version(0)).await.expect("the engine lives").version;
    command(&engine, id, Command::Remove).await;
    let changes = engine.since(before).await.expect("the engine lives");
    assert_eq!((changes.changed.len(), changes.removed), (0, vec![id]), "who watches must take it off its list");
    let gone = engine.snapshot(id).await;
    assert!(matches!(gone, Err(EngineError::UnknownTransfer(_))), "what is removed is gone: {gone:?}");
    let restarted = world.after_crash().start().await;
    let all = restarted.since(Version(0)).await.expect("the engine lives");
    assert_eq!(all.changed, [], "it is gone from the journal too");
}

#[tokio::test(start_paused = true)]
async fn what_is_so_already_is_no_mistake_and_what_cannot_be_is_one() {
    let world = World::new();
    let engine = world.start().await;
    engine.set_limit(Rate::bytes_per_second(1)).await.expect("the engine lives");
    let id = add(&engine, world.file(FILM, 5)).await;
    command(&engine, id, Command::Pause).await;
    command(&engine, id, Command::Pause).await;
    command(&engine, id, Command::Resume).await;
    command(&engine, id, Command::Resume).await;
    engine.set_limit(None).await.expect("the engine lives");
    done(&world, &engine, id, &World::content(FILM, 5)).await;
    for impossible in [Command::Pause, Command::Resume, Command::Cancel, Command::Retry, Command::StartOver] {
        let answer = engine.command(id, impossible).await;
        assert!(matches!(answer, Err(EngineError::NotNow { .. })), "{impossible:?} of a finished one: {answer:?}");
    }
    let unknown = engine.command(TransferId::random(), Command::Pause).await;
    assert!(matches!(unknown, Err(EngineError::UnknownTransfer(_))), "nobody knows that one: {unknown:?}");
}
