//! The machine itself: another network, a sleep, a clock that was set.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use tokio::time::{Instant, sleep};
use transfer::engine::{Cell, Clock, Command, Engine, EngineError, Hold, Setup, Snapshot, What};
use transfer::error::{Class, Operation};
use transfer::ids::TransferId;
use transfer::state::{TransferState, Wait, WaitReason};
use transfer::testing::{Fault, Faults, Step};
use transfer::units::{MIB, Rate, Timestamp};

use crate::faults::in_the_manner_of_tus;
use crate::world::{World, add, command, done, until, until_state};

const FILM: &str = "/films/a.mp4";
const SIZE: u64 = 4 * MIB;
const BREAK: Duration = Duration::from_secs(60);
const NO_TIME: Duration = Duration::from_millis(1);
/// What the tests' clock shows when an engine is made, in milliseconds.
const EPOCH_MS: i64 = 1_700_000_000_000;
const DAY_MS: i64 = 24 * 3600 * 1000;

/// A transfer that stands before these faults.
async fn begun(faults: impl IntoIterator<Item = Step>) -> (World, Engine, TransferId) {
    let world = World::new().faulty(Faults::script(faults));
    let engine = world.start().await;
    let id = add(&engine, world.file(FILM, SIZE)).await;
    (world, engine, id)
}

async fn waiting(engine: &Engine, id: TransferId) -> Wait {
    let waiting = until_state(engine, id, |state| matches!(state, TransferState::Waiting(_))).await;
    let TransferState::Waiting(wait) = waiting.state else { unreachable!("waited for just that") };
    wait
}

fn throttled(operation: Operation) -> Step {
    Step::of(operation, 1, Fault::Before(Class::Throttled { after: Some(BREAK) }))
}

/// All but one chunk are there, and that one hangs.
fn one_hangs(snapshot: &Snapshot) -> bool {
    snapshot.chunks_total > 0 && snapshot.chunks_acked == snapshot.chunks_total - 1
}

#[tokio::test(start_paused = true)]
async fn a_network_that_is_back_ends_the_wait_for_it() {
    for class in [Class::Offline, Class::Portal] {
        let (world, engine, id) = begun([Step::of(Operation::Status, 1, Fault::Before(class))]).await;
        assert_eq!(waiting(&engine, id).await.reason, WaitReason::Network, "it waits for a network");
        let back = Instant::now();
        engine.network_changed().await.expect("the engine lives");
        done(&world, &engine, id, &World::content(FILM, SIZE)).await;
        assert!(back.elapsed() < Duration::from_secs(5), "the next look would have been in 5 s at the earliest");
        assert_eq!(world.remote.renewals(), 1, "the driver forgets its connections");
    }
}

#[tokio::test(start_paused = true)]
async fn another_network_ends_a_backoff_and_the_next_failure_is_a_first_one() {
    let failing = (1..=9).map(|nth| Step::of(Operation::Status, nth, Fault::Before(Class::Transient)));
    let (began, (world, engine, id)) = (Instant::now(), begun(failing).await);
    for nth in 0..9 {
        let wait = waiting(&engine, id).await;
        let snapshot = engine.snapshot(id).await.expect("it is in the list");
        let long = wait.until.expect("a backoff ends").since(Timestamp(EPOCH_MS).after(began.elapsed()));
        assert!(long <= Duration::from_millis(500), "failure {nth} costs what a first one does, not {long:?}");
        assert_eq!(snapshot.chunks_in_flight, 0, "nothing leaves while it waits");
        engine.network_changed().await.expect("the engine lives");
        until_state(&engine, id, |state| !matches!(state, TransferState::Waiting(now) if *now == wait)).await;
    }
    done(&world, &engine, id, &World::content(FILM, SIZE)).await;
}

#[tokio::test(start_paused = true)]
async fn another_network_ends_the_rest_of_a_failed_chunk() {
    let failure = Step::put(2, 1, Fault::Before(Class::Transient));
    let others = [0, 1, 3].map(|chunk| Step::put(chunk, 1, Fault::Stall));
    let (_world, engine, id) = begun([failure].into_iter().chain(others)).await;
    loop {
        sleep(Duration::from_millis(10)).await;
        let picture = engine.picture(id).await.expect("it is in the list");
        if picture.notes.iter().any(|note| note.chunk == 2 && note.attempts == 1 && note.next_try.is_some()) {
            break;
        }
    }
    engine.network_changed().await.expect("the engine lives");
    sleep(NO_TIME).await;
    let picture = engine.picture(id).await.expect("it is in the list");
    assert!(matches!(picture.cells[2], Cell::InFlight | Cell::Acked), "it is not left to rest: {:?}", picture.cells[2]);
    let others = [0, 1, 3].map(|chunk| picture.cells[chunk]);
    assert_eq!(others, [Cell::InFlight; 3], "what is in flight may still arrive");
}

#[tokio::test(start_paused = true)]
async fn a_break_that_the_remote_asked_for_is_kept() {
    for operation in [Operation::Status, Operation::Put] {
        let (world, engine, id) = begun([throttled(operation)]).await;
        until(&engine, id, |snapshot| snapshot.hold.is_some()).await;
        sleep(Duration::from_secs(1)).await;
        let puts = world.remote.puts().len();
        engine.network_changed().await.expect("the engine lives");
        engine.woke(Duration::ZERO).await.expect("the engine lives");
        sleep(BREAK / 2).await;
        assert_eq!(world.remote.puts().len(), puts, "a new network is no leave of the remote's");
        let snapshot = engine.snapshot(id).await.expect("it is in the list");
        assert!(snapshot.hold.is_some(), "and the row says so: {:?}", snapshot.state);
        done(&world, &engine, id, &World::content(FILM, SIZE)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_break_goes_on_in_the_sleep() {
    let (world, engine, id) = begun([throttled(Operation::Status)]).await;
    let before = waiting(&engine, id).await.until.expect("a break ends");
    engine.woke(Duration::from_secs(20)).await.expect("the engine lives");
    let after = waiting(&engine, id).await.until.expect("a break ends");
    let earlier = before.since(after).as_secs_f64();
    assert!((19.9..20.1).contains(&earlier), "20 s of it are over, and the row says so: {earlier} s");
    let woken = Instant::now();
    engine.woke(Duration::from_secs(3600)).await.expect("the engine lives");
    done(&world, &engine, id, &World::content(FILM, SIZE)).await;
    assert!(woken.elapsed() < Duration::from_secs(5), "an hour later nobody waits for a minute");
}

#[tokio::test(start_paused = true)]
async fn after_a_sleep_what_was_in_flight_leaves_again_and_is_charged_nothing() {
    let (world, engine, id) = begun([Step::put(1, 1, Fault::Stall)]).await;
    until(&engine, id, one_hangs).await;
    let (mut events, woken) = (engine.events(), Instant::now());
    engine.woke(Duration::ZERO).await.expect("the engine lives");
    done(&world, &engine, id, &World::content(FILM, SIZE)).await;
    assert!(woken.elapsed() < Duration::from_secs(1), "at once: {:?}", woken.elapsed());
    while let Ok(happening) = events.try_recv() {
        assert!(!matches!(happening.what, What::ChunkFailed { .. }), "it is no failure: {:?}", happening.what);
    }
    assert_eq!(world.remote.renewals(), 1, "over new connections");
}

#[tokio::test(start_paused = true)]
async fn after_a_sleep_a_call_is_made_again() {
    for operation in [Operation::Begin, Operation::Status, Operation::Complete] {
        let (world, engine, id) = begun([Step::of(operation, 1, Fault::Stall)]).await;
        sleep(Duration::from_secs(2)).await;
        let woken = Instant::now();
        engine.woke(Duration::ZERO).await.expect("the engine lives");
        done(&world, &engine, id, &World::content(FILM, SIZE)).await;
        assert!(woken.elapsed() < Duration::from_secs(1), "{operation}: nobody will answer over the old connection");
        assert_eq!(world.remote.objects().len(), 1, "{operation} twice makes one object");
    }
    let (_world, engine, id) =
        begun([Step::put(0, 1, Fault::Stall), Step::of(Operation::Abort, 1, Fault::Stall)]).await;
    until(&engine, id, one_hangs).await;
    command(&engine, id, Command::Cancel).await;
    sleep(Duration::from_secs(2)).await;
    engine.woke(Duration::ZERO).await.expect("the engine lives");
    until_state(&engine, id, |state| *state == TransferState::Cancelled).await;
}

#[tokio::test(start_paused = true)]
async fn after_a_sleep_a_remote_that_takes_the_very_next_byte_is_asked_which_that_is() {
    let world = in_the_manner_of_tus().faulty(Faults::script([Step::put(1, 1, Fault::Stall)]));
    let engine = world.start().await;
    let id = add(&engine, world.file(FILM, SIZE)).await;
    until(&engine, id, |snapshot| snapshot.chunks_acked == 1 && snapshot.chunks_in_flight == 1).await;
    let mut events = engine.events();
    engine.woke(Duration::ZERO).await.expect("the engine lives");
    done(&world, &engine, id, &World::content(FILM, SIZE)).await;
    let first = events.try_recv().expect("something happened").what;
    assert_eq!(first, What::State(TransferState::Preparing), "before anything is sent, it is asked");
    assert_eq!(world.remote.bytes_received(), SIZE, "and no byte is sent twice");
}

#[tokio::test(start_paused = true)]
async fn who_waits_for_a_person_or_was_paused_is_not_set_going() {
    let (world, engine, id) = begun([Step::of(Operation::Status, 1, Fault::Before(Class::Denied))]).await;
    let denied = waiting(&engine, id).await;
    engine.set_limit(Rate::bytes_per_second(1)).await.expect("the engine lives");
    let paused = add(&engine, world.file("/films/paused", SIZE)).await;
    command(&engine, paused, Command::Pause).await;
    engine.network_changed().await.expect("the engine lives");
    engine.woke(Duration::from_secs(3600)).await.expect("the engine lives");
    sleep(BREAK).await;
    let states = [id, paused].map(async |id| engine.snapshot(id).await.expect("it is in the list").state);
    let [first, second] = states;
    assert_eq!(first.await, TransferState::Waiting(denied), "no network mends a password");
    assert_eq!(second.await, TransferState::Paused, "and a pause is a person's");
    engine.shutdown(Duration::ZERO).await;
    let answer = engine.network_changed().await;
    assert!(matches!(answer, Err(EngineError::Stopped)), "an ended engine says so: {answer:?}");
}

/// A wall clock that can be set.
#[derive(Debug)]
struct Wall(Instant, Arc<AtomicI64>);

impl Clock for Wall {
    fn now(&self) -> Timestamp {
        let running = Timestamp(EPOCH_MS).after(self.0.elapsed());
        Timestamp(running.0 + self.1.load(Ordering::SeqCst))
    }
}

/// Uploads past a wait, a break and a chunk that rests, the wall clock being set by so much in each of them: how long
/// it took, and what was sent.
async fn uploaded(set_by_ms: i64) -> (Duration, Vec<(u32, u64)>) {
    let offline = [1, 2].map(|nth| Step::of(Operation::Begin, nth, Fault::Before(Class::Offline)));
    let resting = (1..=4).map(|nth| Step::put(2, nth, Fault::Before(Class::Transient)));
    let faults = offline.into_iter().chain([throttled(Operation::Status)]).chain(resting);
    let (world, wall) = (World::new().faulty(Faults::script(faults)), Arc::new(AtomicI64::new(0)));
    let clock = Arc::new(Wall(Instant::now(), Arc::clone(&wall)));
    let engine = Engine::start(Setup { clock, ..world.setup() }).await.expect("the journal can be read");
    let (began, id) = (Instant::now(), add(&engine, world.file(FILM, SIZE)).await);
    let waits =
        |state: &TransferState, for_what| matches!(state, TransferState::Waiting(wait) if wait.reason == for_what);
    for reason in [WaitReason::Network, WaitReason::Remote] {
        until_state(&engine, id, |state| waits(state, reason)).await;
        wall.fetch_add(set_by_ms, Ordering::SeqCst);
    }
    until(&engine, id, one_hangs).await;
    wall.fetch_add(set_by_ms, Ordering::SeqCst);
    done(&world, &engine, id, &World::content(FILM, SIZE)).await;
    (began.elapsed(), world.remote.puts().iter().map(|put| (put.chunk, put.bytes)).collect())
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_is_set_changes_nothing_but_what_is_shown() {
    let unset = uploaded(0).await;
    assert!(unset.0 > BREAK, "the story has waits in it");
    for set_by_ms in [-DAY_MS, DAY_MS] {
        assert_eq!(uploaded(set_by_ms).await, unset, "set by {set_by_ms} ms, nothing comes earlier or later");
    }
}

#[tokio::test(start_paused = true)]
async fn after_the_clock_was_set_what_is_shown_is_the_new_time() {
    let (world, wall) = (World::new().faulty(Faults::script([throttled(Operation::Put)])), Arc::new(AtomicI64::new(0)));
    let clock = Arc::new(Wall(Instant::now(), Arc::clone(&wall)));
    let engine = Engine::start(Setup { clock, ..world.setup() }).await.expect("the journal can be read");
    let id = add(&engine, world.file(FILM, SIZE)).await;
    let shown = until(&engine, id, |snapshot| snapshot.hold.is_some()).await.hold;
    wall.fetch_add(-DAY_MS, Ordering::SeqCst);
    let now = engine.snapshot(id).await.expect("it is in the list").hold;
    let ends = |hold: Option<Hold>| hold.and_then(|hold| hold.until).expect("a break").0;
    let moved = ends(shown) - ends(now);
    assert!((moved - DAY_MS).abs() <= 1, "the person sees when it is over by the clock on the wall: {moved} ms");
}
