//! Every class of error, at every call, before and after its effect.

use std::sync::Arc;
use std::time::Duration;

use transfer::engine::{Command, Engine, What};
use transfer::error::{Class, Operation};
use transfer::ids::TransferId;
use transfer::remote::{Capabilities, Order, Proof, Remote};
use transfer::state::{FailureKind, TransferState, WaitReason};
use transfer::testing::{Fault, Faults, FaultyRemote, MemoryRemote, Step};
use transfer::units::MIB;

use crate::world::{World, add, command, done, until_state};

const FILM: &str = "/films/a.mp4";
const SIZE: u64 = 3 * MIB + 7;

fn classes() -> Vec<Class> {
    vec![
        Class::Transient,
        Class::Throttled { after: Some(Duration::from_secs(3)) },
        Class::Throttled { after: None },
        Class::Offline,
        Class::Portal,
        Class::Desync,
        Class::Expired,
        Class::Denied,
        Class::Corrupt,
        Class::TooLarge,
        Class::NoSpace { needed: Some(2), free: Some(1) },
        Class::Fatal,
    ]
}

/// Presses Retry whenever only a person can help, until the transfer is done.
pub(crate) async fn nursed(world: &World, engine: &Engine, id: TransferId, content: &[u8]) {
    let needs_a_person = |state: &TransferState| match state {
        TransferState::Failed(_) => true,
        TransferState::Waiting(wait) => wait.until.is_none(),
        _ => false,
    };
    let over = |state: &TransferState| needs_a_person(state) || matches!(state, TransferState::Done(_));
    while needs_a_person(&until_state(engine, id, over).await.state) {
        command(engine, id, Command::Retry).await;
    }
    done(world, engine, id, content).await;
}

#[tokio::test(start_paused = true)]
async fn every_class_of_error_at_every_call_is_overcome() {
    for operation in [Operation::Begin, Operation::Status, Operation::Put, Operation::Complete] {
        for class in classes() {
            for fault in [Fault::Before(class.clone()), Fault::After(class.clone())] {
                let world = World::new().faulty(Faults::script([Step::of(operation, 1, fault)]));
                let engine = world.start().await;
                let id = add(&engine, world.file(FILM, SIZE)).await;
                nursed(&world, &engine, id, &World::content(FILM, SIZE)).await;
                engine.shutdown(Duration::ZERO).await;
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn every_class_of_error_of_an_abort_ends_in_cancelled() {
    for class in classes() {
        for fault in [Fault::Before(class.clone()), Fault::After(class.clone())] {
            let world = World::new().faulty(Faults::script([
                Step::of(Operation::Put, 1, Fault::Stall),
                Step::of(Operation::Abort, 1, fault),
            ]));
            let engine = world.start().await;
            let id = add(&engine, world.file(FILM, SIZE)).await;
            until_state(&engine, id, |state| *state == TransferState::Active).await;
            command(&engine, id, Command::Cancel).await;
            until_state(&engine, id, |state| *state == TransferState::Cancelled).await;
            engine.shutdown(Duration::ZERO).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_flipped_bit_is_sent_again_and_three_in_a_row_fail_and_name_the_chunk() {
    let twice = [1, 2].map(|nth| Step::put(1, nth, Fault::Corrupt));
    let world = World::new().faulty(Faults::script(twice));
    let engine = world.start().await;
    let id = add(&engine, world.file(FILM, SIZE)).await;
    done(&world, &engine, id, &World::content(FILM, SIZE)).await;

    let thrice = [1, 2, 3].map(|nth| Step::put(1, nth, Fault::Corrupt));
    let world = World::new().faulty(Faults::script(thrice));
    let engine = world.start().await;
    let id = add(&engine, world.file(FILM, SIZE)).await;
    let failed = until_state(&engine, id, |state| matches!(state, TransferState::Failed(_))).await;
    let TransferState::Failed(failure) = failed.state else { unreachable!("waited for just that") };
    assert_eq!(failure.kind, FailureKind::Corrupt { chunk: 1 }, "the chunk is named");
    command(&engine, id, Command::Retry).await;
    done(&world, &engine, id, &World::content(FILM, SIZE)).await;
}

#[tokio::test(start_paused = true)]
async fn a_broken_link_costs_the_broken_chunk_only() {
    let world = World::new().faulty(Faults::script([Step::put(2, 1, Fault::Cut)]));
    let engine = world.start().await;
    let mut events = engine.events();
    let id = add(&engine, world.file(FILM, SIZE)).await;
    let snapshot = done(&world, &engine, id, &World::content(FILM, SIZE)).await;
    assert!(snapshot.bytes_sent <= SIZE + MIB, "only what was in flight is sent again: {}", snapshot.bytes_sent);
    let mut failures = Vec::new();
    while let Ok(happening) = events.try_recv() {
        if let What::ChunkFailed { chunk, attempts, next_try, .. } = happening.what {
            failures.push((chunk, attempts, next_try.is_some()));
        }
    }
    assert_eq!(failures, [(2, 1, true)], "the log of events says which chunk failed, and that it comes again");
}

#[tokio::test(start_paused = true)]
async fn offline_waits_for_the_network_and_goes_on_by_itself() {
    let offline = (1..=4).map(|nth| Step::of(Operation::Status, nth, Fault::Before(Class::Offline)));
    let world = World::new().faulty(Faults::script(offline));
    let engine = world.start().await;
    let id = add(&engine, world.file(FILM, SIZE)).await;
    let waiting = until_state(&engine, id, |state| matches!(state, TransferState::Waiting(_))).await;
    let TransferState::Waiting(wait) = waiting.state else { unreachable!("waited for just that") };
    assert_eq!(wait.reason, WaitReason::Network, "the reason is the network, and the row says so");
    done(&world, &engine, id, &World::content(FILM, SIZE)).await;
}

#[tokio::test(start_paused = true)]
async fn a_remote_that_takes_less_at_a_time_gets_smaller_chunks_from_everyone() {
    let capabilities = Capabilities { preferred_chunk_len: 4 * MIB, ..MemoryRemote::everything() };
    let world = World::of(MemoryRemote::with(capabilities).body_limit(MIB));
    let engine = world.start().await;
    let first = add(&engine, world.file(FILM, 9 * MIB)).await;
    let snapshot = done(&world, &engine, first, &World::content(FILM, 9 * MIB)).await;
    assert_eq!(snapshot.chunk_len, MIB, "it was halved until it fitted");
    let puts = world.remote.puts().len();
    let second = add(&engine, world.file("/films/b.mp4", 9 * MIB)).await;
    done(&world, &engine, second, &World::content("/films/b.mp4", 9 * MIB)).await;
    assert_eq!(world.remote.puts().len(), puts + 9, "what was learned holds for the destination: no second refusal");
}

/// One after the other, what arrived of a broken chunk is kept, and the last byte finishes.
pub(crate) fn in_the_manner_of_tus() -> World {
    World::of(MemoryRemote::with(Capabilities {
        order: Order::Sequential,
        byte_resume: true,
        finishes_itself: true,
        checksums: false,
        proof: Proof::SizeOnly,
        ..MemoryRemote::everything()
    }))
}

#[tokio::test(start_paused = true)]
async fn a_remote_in_the_manner_of_tus_is_asked_where_to_go_on_and_gets_no_byte_twice() {
    let cuts = [Step::put(0, 1, Fault::Cut), Step::put(1, 1, Fault::Cut), Step::put(1, 2, Fault::Cut)];
    let last = [Step::put(2, 1, Fault::After(Class::Transient))];
    let world = in_the_manner_of_tus().faulty(Faults::script(cuts.into_iter().chain(last)));
    let engine = world.start().await;
    let id = add(&engine, world.file(FILM, 3 * MIB)).await;
    let snapshot = done(&world, &engine, id, &World::content(FILM, 3 * MIB)).await;
    assert_eq!(world.remote.bytes_received(), 3 * MIB, "a broken chunk goes on at its very byte");
    assert_eq!(world.remote.puts().iter().filter(|put| put.bytes == 0).count(), 0, "no try is refused");
    let proof = matches!(&snapshot.state, TransferState::Done(done) if done.proof == Proof::SizeOnly);
    assert!(proof, "finished by its last byte, whose reply was lost: {:?}", snapshot.state);
}

#[tokio::test(start_paused = true)]
async fn a_link_that_breaks_within_every_chunk_is_no_reason_to_wait_ever_longer() {
    const BREAKS: u32 = 15;
    let cuts = (1..=BREAKS).map(|nth| Step::put(0, nth, Fault::Cut));
    let world = in_the_manner_of_tus().faulty(Faults::script(cuts));
    let engine = world.start().await;
    let begun = tokio::time::Instant::now();
    let id = add(&engine, world.file(FILM, MIB)).await;
    done(&world, &engine, id, &World::content(FILM, MIB)).await;
    let longest = Duration::from_millis(500) * BREAKS;
    assert!(begun.elapsed() < longest, "each break costs what a first one does, not {:?}", begun.elapsed());
    assert_eq!(world.remote.bytes_received(), MIB, "and no byte twice");
}

#[tokio::test(start_paused = true)]
async fn a_remote_that_keeps_parts_gets_only_the_rest_of_a_chunk() {
    let capabilities = Capabilities { byte_resume: true, ..MemoryRemote::everything() };
    let world = World::of(MemoryRemote::with(capabilities));
    let driver = FaultyRemote::new(
        Arc::clone(&world.remote) as Arc<dyn Remote>,
        Faults::script([Step::put(1, 1, Fault::Cut), Step::put(0, 1, Fault::Before(Class::Desync))]),
    );
    let world = World { driver: Arc::new(driver), ..world };
    let engine = world.start().await;
    let id = add(&engine, world.file(FILM, SIZE)).await;
    let snapshot = done(&world, &engine, id, &World::content(FILM, SIZE)).await;
    assert!(snapshot.bytes_sent <= SIZE + MIB, "a rest is sent as a rest: {} bytes", snapshot.bytes_sent);
}
