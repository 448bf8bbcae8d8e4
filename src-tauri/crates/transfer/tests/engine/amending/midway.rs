//! Crashes, lost replies, changed minds and further edits in the middle of it.

use transfer::error::{Class, Operation};
use transfer::remote::Remote;
use transfer::testing::{Fault, Faults, FaultyRemote, Step};

use super::*;

#[tokio::test(start_paused = true)]
async fn a_crash_at_any_instant_goes_on_with_it() {
    // Reading four chunks, then a slow amendment, a slow status, and chunks that travel.
    for millis in (0..2000).step_by(15) {
        let delay = |operation, nth| Step::of(operation, nth, Fault::Delay(Duration::from_millis(60)));
        let slowly = [delay(Operation::Amend, 1), delay(Operation::Status, 1), delay(Operation::Status, 2)];
        let world = World::of(MemoryRemote::new().new_handles()).faulty(Faults::script(slowly));
        let engine = slow(&world).await;
        let id = edited(&world, &engine, FLIPPED).await;
        command(&engine, id, Command::SendChanged).await;
        sleep(Duration::from_millis(millis)).await;
        let next = world.after_crash();
        drop(engine);
        let engine = next.start().await;
        let content = after(&[FLIPPED]);
        let snapshot = done(&next, &engine, id, &content).await;
        assert!(!snapshot.lost_ground, "after {millis} ms: nothing was lost");
        nothing_equal_was_sent_again(&next, &content, &format!("after {millis} ms"));
        assert_eq!(next.remote.uploads(), [], "after {millis} ms: nothing is left lying");
        engine.shutdown(Duration::ZERO).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_lost_reply_does_no_harm() {
    for new_handles in [false, true] {
        let lost = Step::of(Operation::Amend, 1, Fault::After(Class::Transient));
        let remote = if new_handles { MemoryRemote::new().new_handles() } else { MemoryRemote::new() };
        let world = World::of(remote);
        let faulty = FaultyRemote::new(Arc::clone(&world.remote) as Arc<dyn Remote>, Faults::script([lost]));
        let faulty = Arc::new(faulty);
        let world = World { driver: Arc::clone(&faulty) as Arc<dyn Remote>, ..world };
        let engine = world.start().await;
        let id = edited(&world, &engine, FLIPPED).await;
        command(&engine, id, Command::SendChanged).await;
        until_state(&engine, id, |state| matches!(state, TransferState::Waiting(_))).await;
        let next = world.after_crash();
        drop(engine);
        let engine = next.start().await;
        let content = after(&[FLIPPED]);
        done(&next, &engine, id, &content).await;
        nothing_equal_was_sent_again(&next, &content, "asked again");
        assert_eq!(next.remote.uploads(), [], "nothing is left lying");
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_compared_once_is_not_read_again_when_the_remote_must_be_asked_again() {
    let lost = Step::of(Operation::Amend, 1, Fault::Before(Class::Transient));
    let world = World::new().faulty(Faults::script([lost]));
    let engine = world.start().await;
    let id = edited(&world, &engine, FLIPPED).await;
    command(&engine, id, Command::SendChanged).await;
    until_state(&engine, id, |state| matches!(state, TransferState::Waiting(_))).await;
    let before = world.sources.bytes_read();
    let active = until_state(&engine, id, |state| *state == TransferState::Active).await;
    assert!(active.chunks_acked >= 3, "what is equal is known: {}", active.chunks_acked);
    let read = world.sources.bytes_read() - before;
    assert!(read < MIB, "a film of hours is compared once; {read} bytes is the first chunk on its way");
    done(&world, &engine, id, &after(&[FLIPPED])).await;
}

#[tokio::test(start_paused = true)]
async fn the_person_sees_how_far_the_comparison_is() {
    let world = World::new();
    let engine = slow(&world).await;
    let id = edited(&world, &engine, FLIPPED).await;
    command(&engine, id, Command::SendChanged).await;
    let part = until(&engine, id, |snapshot| {
        snapshot.comparing.is_some_and(|comparing| comparing.bytes > 0 && comparing.bytes < comparing.of)
    });
    let snapshot = part.await;
    assert_eq!(snapshot.state, TransferState::Preparing, "it checks what has arrived");
    let comparing = snapshot.comparing.expect("waited for just that");
    assert_eq!(comparing.of, snapshot.bytes_acked, "of all that arrived");
    let snapshot = done(&world, &engine, id, &after(&[FLIPPED])).await;
    assert_eq!(snapshot.comparing, None, "that is over");
}

#[tokio::test(start_paused = true)]
async fn a_file_that_changes_again_meanwhile_fails_again_and_nothing_is_lost() {
    const AGAIN: Edit = |bytes| bytes[5] ^= 1;
    let world = World::of(MemoryRemote::new().new_handles());
    let engine = slow(&world).await;
    let id = edited(&world, &engine, FLIPPED).await;
    command(&engine, id, Command::SendChanged).await;
    until(&engine, id, |snapshot| snapshot.comparing.is_some_and(|comparing| comparing.bytes > 0)).await;
    world.sources.edit(FILM, AGAIN);
    fails(&engine, id).await;
    command(&engine, id, Command::Retry).await;
    fails(&engine, id).await;
    let snapshot = engine.snapshot(id).await.expect("it is in the list");
    assert!(snapshot.chunks_acked >= 4 && snapshot.can_send_changed, "what arrived is still there");
    command(&engine, id, Command::SendChanged).await;
    let content = after(&[FLIPPED, AGAIN]);
    done(&world, &engine, id, &content).await;
    nothing_equal_was_sent_again(&world, &content, "edited twice");
}

#[tokio::test(start_paused = true)]
async fn a_pause_in_the_middle_of_it_loses_nothing() {
    let world = World::new();
    let engine = slow(&world).await;
    let id = edited(&world, &engine, FLIPPED).await;
    for _ in 0..3 {
        command(&engine, id, Command::SendChanged).await;
        until_state(&engine, id, |state| *state == TransferState::Preparing).await;
        command(&engine, id, Command::Pause).await;
        sleep(Duration::from_secs(5)).await;
        let snapshot = engine.snapshot(id).await.expect("it is in the list");
        assert_eq!((snapshot.state, snapshot.comparing), (TransferState::Paused, None), "it rests");
        command(&engine, id, Command::Resume).await;
        let end = until_state(&engine, id, |state| *state == TransferState::Active).await;
        assert!(end.chunks_acked >= 3, "what is equal stayed");
        world.sources.edit(FILM, |_| {});
        fails(&engine, id).await;
    }
    command(&engine, id, Command::SendChanged).await;
    done(&world, &engine, id, &after(&[FLIPPED])).await;
}

#[tokio::test(start_paused = true)]
async fn giving_it_up_in_the_middle_of_it_frees_the_remote() {
    for fault in [Fault::After(Class::Transient), Fault::Before(Class::Transient), Fault::Stall] {
        let world =
            World::of(MemoryRemote::new().new_handles()).faulty(Faults::script([Step::of(Operation::Amend, 1, fault)]));
        let engine = world.start().await;
        let id = edited(&world, &engine, FLIPPED).await;
        command(&engine, id, Command::SendChanged).await;
        sleep(Duration::from_millis(10)).await;
        command(&engine, id, Command::Cancel).await;
        until_state(&engine, id, |state| *state == TransferState::Cancelled).await;
        assert_eq!(world.remote.uploads(), [], "by whichever handle it has by then");
        engine.shutdown(Duration::ZERO).await;
    }
}
