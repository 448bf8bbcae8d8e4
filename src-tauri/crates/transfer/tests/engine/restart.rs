//! The process dies at some instant; the next start goes on from what was written down and from what the remote has.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;
use transfer::engine::{Command, Engine, Setup, Version};
use transfer::error::{Class, Operation};
use transfer::remote::Remote;
use transfer::state::{Intent, TransferState};
use transfer::testing::{Fault, Faults, FaultyRemote, Step};
use transfer::units::{MIB, Rate};

use crate::world::{World, add, command, done, until, until_state};

const FILM: &str = "/films/a.mp4";
const SIZE: u64 = 6 * MIB + 11;

/// Every chunk was acknowledged by the remote exactly once.
fn nothing_acknowledged_was_sent_again(world: &World, when: &str) {
    let mut times = BTreeMap::new();
    for put in world.remote.puts().iter().filter(|put| put.acked) {
        *times.entry(put.chunk).or_insert(0) += 1;
    }
    assert!(times.values().all(|times| *times == 1), "{when}: an acknowledged chunk was sent again: {times:?}");
}

#[tokio::test(start_paused = true)]
async fn a_crash_at_any_instant_loses_nothing_that_was_acknowledged() {
    // At 2 MiB a second the whole takes three seconds: the instants fall on every stage.
    for millis in (0..4000).step_by(130) {
        let world = World::new();
        let setup = Setup { limit: Rate::bytes_per_second(2 * MIB), ..world.setup() };
        let engine = Engine::start(setup).await.expect("the journal can be read");
        let id = add(&engine, world.file(FILM, SIZE)).await;
        sleep(Duration::from_millis(millis)).await;
        let next = world.after_crash();
        let in_flight: u64 = world.remote.puts().iter().filter(|put| !put.acked).map(|put| put.bytes).sum();
        drop(engine);

        let engine = next.start().await;
        done(&next, &engine, id, &World::content(FILM, SIZE)).await;
        nothing_acknowledged_was_sent_again(&next, &format!("after {millis} ms"));
        // A piece that the dying engine had in its hands may still have arrived.
        let most = SIZE + in_flight + MIB / 2;
        let received = next.remote.bytes_received();
        assert!(received <= most, "after {millis} ms: {received} bytes for {SIZE} and {in_flight} in flight");
        engine.shutdown(Duration::ZERO).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_crash_between_effect_and_reply_repeats_nothing() {
    let lost = Fault::After(Class::Transient);
    let steps = [
        Step::of(Operation::Begin, 1, lost.clone()),
        Step::put(2, 1, lost.clone()),
        Step::of(Operation::Complete, 1, lost),
    ];
    for step in steps {
        let when = format!("{step:?}");
        let world = World::new();
        let faulty = FaultyRemote::new(Arc::clone(&world.remote) as Arc<dyn Remote>, Faults::script([step]));
        let faulty = Arc::new(faulty);
        let world = World { driver: Arc::clone(&faulty) as Arc<dyn Remote>, ..world };
        let engine = world.start().await;
        let id = add(&engine, world.file(FILM, SIZE)).await;
        while faulty.happened().is_empty() {
            sleep(Duration::from_millis(1)).await;
        }
        let next = world.after_crash();
        drop(engine);
        let engine = next.start().await;
        done(&next, &engine, id, &World::content(FILM, SIZE)).await;
        nothing_acknowledged_was_sent_again(&next, &when);
        assert_eq!(next.remote.objects().len(), 1, "{when}: one file is one object");
        assert_eq!(next.remote.uploads(), [], "{when}: nothing is left lying");
        engine.shutdown(Duration::ZERO).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_crash_during_an_abort_still_ends_in_cancelled() {
    let world = World::new().faulty(Faults::script([
        Step::of(Operation::Put, 1, Fault::Stall),
        Step::of(Operation::Abort, 1, Fault::After(Class::Transient)),
    ]));
    let engine = world.start().await;
    let id = add(&engine, world.file(FILM, SIZE)).await;
    until_state(&engine, id, |state| *state == TransferState::Active).await;
    command(&engine, id, Command::Cancel).await;
    let next = world.after_crash();
    drop(engine);
    let engine = next.start().await;
    let snapshot = until_state(&engine, id, |state| *state == TransferState::Cancelled).await;
    assert_eq!(snapshot.intent, Intent::Cancel, "what was given up stays given up");
    assert_eq!(next.remote.uploads(), [], "the remote was told");
}

#[tokio::test(start_paused = true)]
async fn what_was_paused_stays_paused_with_its_progress_and_what_ran_runs() {
    let world = World::new();
    let engine = world.start().await;
    engine.set_limit(Rate::bytes_per_second(MIB)).await.expect("the engine lives");
    let held = add(&engine, world.file(FILM, SIZE)).await;
    until(&engine, held, |snapshot| snapshot.chunks_acked >= 3).await;
    command(&engine, held, Command::Pause).await;
    let runs = add(&engine, world.file("/films/b.mp4", SIZE)).await;
    engine.shutdown(Duration::from_secs(5)).await;

    let engine = world.start().await;
    let snapshot = engine.snapshot(held).await.expect("it is in the list");
    assert_eq!(snapshot.state, TransferState::Paused, "intent survives a restart");
    assert!(snapshot.chunks_acked >= 3, "progress shows right after the start: {}", snapshot.chunks_acked);
    done(&world, &engine, runs, &World::content("/films/b.mp4", SIZE)).await;
    assert_eq!(engine.snapshot(held).await.expect("it is in the list").state, TransferState::Paused, "still");
    command(&engine, held, Command::Resume).await;
    done(&world, &engine, held, &World::content(FILM, SIZE)).await;
}

#[tokio::test(start_paused = true)]
async fn thousands_of_finished_transfers_are_listed_at_once() {
    let world = World::new();
    let engine = world.start().await;
    let id = add(&engine, world.file(FILM, 5)).await;
    done(&world, &engine, id, &World::content(FILM, 5)).await;
    engine.shutdown(Duration::ZERO).await;
    use transfer::journal::{Change, Journal};
    let record = world.journal.transfers().await.expect("the journal can be read").remove(0);
    let copies: Vec<_> = (1..10_000)
        .map(|n| transfer::journal::TransferRecord {
            id: transfer::ids::TransferId::random(),
            position: n,
            path: format!("/films/{n}").into(),
            ..record.clone()
        })
        .collect();
    world.journal.write(&[Change::Create(copies)]).await.expect("the journal takes them");
    let writes = world.journal.writes();

    let engine = world.start().await;
    let all = engine.since(Version(0)).await.expect("the engine lives");
    assert_eq!(all.changed.len(), 10_000, "the list is whole at once");
    assert!(all.changed.is_sorted_by_key(|snapshot| snapshot.position), "and in line order");
    assert_eq!(world.journal.writes(), writes, "what is finished needs no write at a start");
}
