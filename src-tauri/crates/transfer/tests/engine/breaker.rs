//! A destination that is away, or refuses, is asked once and not by everybody; what stands still is cut.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;
use transfer::engine::{Cause, Command, Engine, Setup};
use transfer::error::{Class, Operation};
use transfer::ids::TransferId;
use transfer::remote::Remote;
use transfer::state::{TransferState, WaitReason};
use transfer::testing::{Fault, Faults, FaultyRemote, MemoryRemotes, Step};
use transfer::units::{MIB, Rate};

use crate::world::{World, add, command, destination, done, until, until_state};

const FILM: &str = "/films/a.mp4";

/// A world whose way to the remote can be asked what went wrong on it.
struct Way {
    world: World,
    faulty: Arc<FaultyRemote>,
}

impl Way {
    fn with(steps: impl IntoIterator<Item = Step>) -> Self {
        let world = World::new();
        let faulty = FaultyRemote::new(Arc::clone(&world.remote) as Arc<dyn Remote>, Faults::script(steps));
        let faulty = Arc::new(faulty);
        Self { world: World { driver: Arc::clone(&faulty) as _, ..world }, faulty }
    }

    async fn films(&self, engine: &Engine, count: u32) -> Vec<TransferId> {
        let mut ids = Vec::new();
        for number in 0..count {
            ids.push(add(engine, self.world.file(&format!("/films/{number}"), 9 * MIB)).await);
        }
        ids
    }
}

async fn cause(engine: &Engine, id: TransferId) -> Option<Cause> {
    engine.snapshot(id).await.expect("it is in the list").hold.map(|hold| hold.cause)
}

#[tokio::test(start_paused = true)]
async fn twenty_transfers_to_a_remote_that_is_away_ask_it_one_at_a_time() {
    let lost = |nth| Step::of(Operation::Begin, nth, Fault::Before(Class::Offline));
    let way = Way::with((1..=1000).map(lost));
    let engine = way.world.start().await;
    let ids = way.films(&engine, 20).await;
    until_state(&engine, ids[0], |state| matches!(state, TransferState::Waiting(_))).await;
    let first = way.faulty.happened().len();
    assert!(first <= 2, "who was at work when it went away noticed for itself: {first}");
    assert_eq!(cause(&engine, ids[19]).await, Some(Cause::Network), "the others say what they wait for");
    sleep(Duration::from_secs(600)).await;
    let asked = way.faulty.happened().len();
    assert!(asked < 120, "twenty films ask no more often than one would, every 5 to 30 seconds: {asked}");
    way.faulty.calm();
    for (number, id) in ids.into_iter().enumerate() {
        done(&way.world, &engine, id, &World::content(&format!("/films/{number}"), 9 * MIB)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn credentials_are_tried_once_and_mending_them_once_mends_all() {
    let denied = |nth| Step::of(Operation::Begin, nth, Fault::Before(Class::Denied));
    let way = Way::with((1..=1000).map(denied));
    let engine = way.world.start().await;
    let ids = way.films(&engine, 20).await;
    let waits = until_state(&engine, ids[0], |state| matches!(state, TransferState::Waiting(_))).await;
    let TransferState::Waiting(wait) = waits.state else { panic!("it waits") };
    assert_eq!((wait.reason, wait.until), (WaitReason::Credentials, None), "for a person");
    sleep(Duration::from_secs(3600)).await;
    let asked = way.faulty.happened().len();
    assert!(asked <= 2, "a password that was refused is not tried by every film: {asked}");
    assert_eq!(cause(&engine, ids[19]).await, Some(Cause::Credentials), "and every film says so");
    way.faulty.calm();
    command(&engine, ids[0], Command::Retry).await;
    for (number, id) in ids.into_iter().enumerate() {
        done(&way.world, &engine, id, &World::content(&format!("/films/{number}"), 9 * MIB)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn when_who_waits_for_credentials_is_given_up_the_next_in_line_finds_out() {
    let way = Way::with([Step::of(Operation::Begin, 1, Fault::Before(Class::Denied))]);
    let engine = way.world.start().await;
    let ids = way.films(&engine, 5).await;
    until_state(&engine, ids[0], |state| matches!(state, TransferState::Waiting(_))).await;
    command(&engine, ids[0], Command::Cancel).await;
    for (number, id) in ids.into_iter().enumerate().skip(1) {
        done(&way.world, &engine, id, &World::content(&format!("/films/{number}"), 9 * MIB)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn who_mends_a_destination_need_not_know_who_waits_for_it() {
    let way = Way::with([Step::of(Operation::Begin, 1, Fault::Before(Class::Denied))]);
    let engine = way.world.start().await;
    let ids = way.films(&engine, 5).await;
    until_state(&engine, ids[0], |state| matches!(state, TransferState::Waiting(_))).await;
    sleep(Duration::from_secs(60)).await;
    let waits = engine.snapshot(ids[4]).await.expect("it is in the list");
    assert_eq!(waits.state, TransferState::Queued, "nobody tries what was refused");
    engine.try_again(destination()).await.expect("the engine lives");
    for (number, id) in ids.into_iter().enumerate() {
        done(&way.world, &engine, id, &World::content(&format!("/films/{number}"), 9 * MIB)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_probe_that_is_cut_leaves_its_place_to_the_next() {
    let throttled = Fault::Before(Class::Throttled { after: Some(Duration::from_secs(9)) });
    let stalls = (2..=60).map(|nth| Step::of(Operation::Put, nth, Fault::Stall));
    let way = Way::with([Step::of(Operation::Put, 1, throttled)].into_iter().chain(stalls));
    let engine = way.world.start().await;
    let ids = way.films(&engine, 2).await;
    until(&engine, ids[0], |snapshot| snapshot.hold.is_some()).await;
    until(&engine, ids[0], |snapshot| snapshot.hold.is_none()).await;
    sleep(Duration::from_secs(5)).await;
    let mut probing = ids[0];
    for id in &ids {
        if engine.snapshot(*id).await.expect("it is in the list").chunks_in_flight > 0 {
            probing = *id;
        }
    }
    command(&engine, probing, Command::Cancel).await;
    way.faulty.calm();
    let other = if probing == ids[0] { 1 } else { 0 };
    done(&way.world, &engine, ids[other], &World::content(&format!("/films/{other}"), 9 * MIB)).await;
}

#[tokio::test(start_paused = true)]
async fn failures_in_a_row_are_the_remotes_and_one_probe_finds_it_well_again() {
    let lost = |nth| Step::of(Operation::Put, nth, Fault::Before(Class::Transient));
    let way = Way::with((1..=12).map(lost));
    let engine = way.world.start().await;
    let ids = way.films(&engine, 3).await;
    let held = until(&engine, ids[0], |snapshot| snapshot.hold.is_some()).await;
    assert_eq!(held.hold.map(|hold| hold.cause), Some(Cause::Failing), "it says that it is the remote's trouble");
    assert!(held.state.is_running(), "and goes on by itself");
    let mut probes = 0;
    while way.world.remote.puts().is_empty() {
        let (held, mut flying) = (cause(&engine, ids[0]).await.is_some(), 0);
        for id in &ids {
            flying += engine.snapshot(*id).await.expect("it is in the list").chunks_in_flight;
        }
        assert!(!held || flying == 0, "nothing leaves while it is left alone");
        probes = probes.max(flying);
        sleep(Duration::from_millis(5)).await;
    }
    assert!(probes <= 1, "then one goes, and no other beside it: {probes}");
    for (number, id) in ids.into_iter().enumerate() {
        done(&way.world, &engine, id, &World::content(&format!("/films/{number}"), 9 * MIB)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_chunk_that_stands_still_is_cut_and_sent_again() {
    let way = Way::with([Step::put(1, 1, Fault::Stall), Step::put(3, 1, Fault::Stall)]);
    let engine = way.world.start().await;
    let id = add(&engine, way.world.file(FILM, 6 * MIB)).await;
    let snapshot = done(&way.world, &engine, id, &World::content(FILM, 6 * MIB)).await;
    assert!(snapshot.bytes_sent <= 8 * MIB, "those two were sent twice at most: {}", snapshot.bytes_sent);
}

#[tokio::test(start_paused = true)]
async fn what_the_speed_limit_holds_back_does_not_stand_still() {
    let world = World::new();
    let setup = Setup { limit: Rate::bytes_per_second(3_000), ..world.setup() };
    let engine = Engine::start(setup).await.expect("the journal can be read");
    let id = add(&engine, world.file(FILM, 2 * MIB)).await;
    let snapshot = done(&world, &engine, id, &World::content(FILM, 2 * MIB)).await;
    assert_eq!(snapshot.bytes_sent, 2 * MIB, "a chunk of six minutes is cut by nobody");
}

#[tokio::test(start_paused = true)]
async fn a_destinations_limit_holds_for_it_alone_and_can_be_lifted() {
    let world = World::new();
    let (slow, fast) = (crate::world::destination_named("slow:"), crate::world::destination_named("fast:"));
    let driver = Arc::clone(&world.driver);
    let remotes = MemoryRemotes::new([(slow.clone(), Arc::clone(&driver)), (fast.clone(), driver)]);
    let limits = [(slow.clone(), Rate::bytes_per_second(MIB).expect("a rate"))].into();
    let setup = Setup { remotes: Arc::new(remotes), limits, ..world.setup() };
    let engine = Engine::start(setup).await.expect("the journal can be read");
    let first = crate::world::add_to(&engine, world.file("/films/1", 60 * MIB), slow.clone()).await;
    let second = crate::world::add_to(&engine, world.file("/films/2", 60 * MIB), fast).await;
    let sent = async || engine.snapshot(first).await.expect("it is in the list").bytes_sent;
    until(&engine, first, |snapshot| snapshot.bytes_sent > 0).await;
    let before = sent().await;
    sleep(Duration::from_secs(5)).await;
    let here = sent().await - before;
    assert!(here.abs_diff(5 * MIB) * 20 <= 5 * MIB, "within a twentieth over five seconds: {here}");
    done(&world, &engine, second, &World::content("/films/2", 60 * MIB)).await;
    assert!(sent().await < 10 * MIB, "the other destination does not wait for this one");
    engine.set_destination_limit(slow, None).await.expect("the engine lives");
    sleep(Duration::from_secs(1)).await;
    done(&world, &engine, first, &World::content("/films/1", 60 * MIB)).await;
}

#[tokio::test(start_paused = true)]
async fn an_upload_that_is_given_up_shuts_nobody_out_when_its_abort_is_refused() {
    let denied = Fault::Before(Class::Denied);
    let aborts = (1..=1000).map(|nth| Step::of(Operation::Abort, nth, denied.clone()));
    let way = Way::with(aborts.chain([Step::of(Operation::Status, 1, denied.clone())]));
    let engine = way.world.start().await;
    let ids = way.films(&engine, 6).await;
    until_state(&engine, ids[0], |state| matches!(state, TransferState::Waiting(_))).await;
    command(&engine, ids[0], Command::Cancel).await;
    for (number, id) in ids.into_iter().enumerate().skip(1) {
        done(&way.world, &engine, id, &World::content(&format!("/films/{number}"), 9 * MIB)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_destination_that_is_away_takes_no_room_from_another() {
    let world = World::new();
    let lost = (1..=10_000).map(|nth| Step::of(Operation::Put, nth, Fault::Before(Class::Transient)));
    // Both are at work there before anybody knows that it is away.
    let slow = [1, 2].map(|nth| Step::of(Operation::Status, nth, Fault::Delay(Duration::from_secs(1))));
    let away = FaultyRemote::new(Arc::clone(&world.remote) as Arc<dyn Remote>, Faults::script(lost.chain(slow)));
    let (here, there) = (crate::world::destination_named("away:"), crate::world::destination_named("there:"));
    let remotes = MemoryRemotes::new([
        (here.clone(), Arc::new(away) as Arc<dyn Remote>),
        (there.clone(), Arc::clone(&world.driver)),
    ]);
    let engine =
        Engine::start(Setup { remotes: Arc::new(remotes), ..world.setup() }).await.expect("the journal can be read");
    let mut ids = Vec::new();
    for number in 0..2 {
        ids.push(crate::world::add_to(&engine, world.file(&format!("/films/{number}"), 9 * MIB), here.clone()).await);
    }
    for id in ids {
        until(&engine, id, |snapshot| snapshot.state == TransferState::Active && snapshot.hold.is_some()).await;
    }
    let id = crate::world::add_to(&engine, world.file("/films/2", 9 * MIB), there).await;
    done(&world, &engine, id, &World::content("/films/2", 9 * MIB)).await;
    engine.shutdown(Duration::ZERO).await;
}

#[tokio::test(start_paused = true)]
async fn who_insists_twice_sends_one_probe_all_the_same() {
    let throttled = Fault::Before(Class::Throttled { after: Some(Duration::from_secs(600)) });
    let breaks = (1..=4).map(|nth| Step::of(Operation::Put, nth, throttled.clone()));
    let way = Way::with(breaks.chain((5..=60).map(|nth| Step::of(Operation::Put, nth, Fault::Stall))));
    let engine = way.world.start().await;
    let ids = way.films(&engine, 2).await;
    until(&engine, ids[0], |snapshot| snapshot.hold.is_some()).await;
    sleep(Duration::from_secs(5)).await;
    for id in ids.iter().chain(&ids) {
        command(&engine, *id, Command::Retry).await;
    }
    sleep(Duration::from_secs(5)).await;
    let mut flying = 0;
    for id in &ids {
        flying += engine.snapshot(*id).await.expect("it is in the list").chunks_in_flight;
    }
    assert_eq!(flying, 1, "a person's hurry is no reason to run at a remote that wants a break");
    engine.shutdown(Duration::ZERO).await;
}
