//! A remote that asks for a break gets one from everybody.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;
use transfer::engine::{Command, Engine, Setup};
use transfer::error::{Class, Operation};
use transfer::ids::DestinationId;
use transfer::remote::Remote;
use transfer::testing::{Fault, Faults, FaultyRemote, MemoryRemote, MemoryRemotes, Step};
use transfer::units::{MIB, Rate};

use crate::world::{World, add, add_to, command, done, until};

const BREAK: Duration = Duration::from_secs(60);

#[tokio::test(start_paused = true)]
async fn a_break_holds_all_transfers_of_the_remote_and_no_other() {
    let world = World::new();
    let throttled = Fault::Before(Class::Throttled { after: Some(BREAK) });
    let busy = FaultyRemote::new(
        Arc::clone(&world.remote) as Arc<dyn Remote>,
        Faults::script([Step::of(Operation::Put, 1, throttled)]),
    );
    let free = Arc::new(MemoryRemote::new());
    let (here, there) = (DestinationId("busy:".to_owned()), DestinationId("free:".to_owned()));
    let remotes = MemoryRemotes::new([
        (here.clone(), Arc::new(busy) as Arc<dyn Remote>),
        (there.clone(), Arc::clone(&free) as Arc<dyn Remote>),
    ]);
    let setup = Setup { remotes: Arc::new(remotes), ..world.setup() };
    let engine = Engine::start(setup).await.expect("the journal can be read");
    let first = add_to(&engine, world.file("/films/1", 9 * MIB), here.clone()).await;
    until(&engine, first, |snapshot| snapshot.hold.is_some()).await;
    let second = add_to(&engine, world.file("/films/2", MIB), here).await;
    let elsewhere = add_to(&engine, world.file("/films/3", MIB), there).await;

    sleep(Duration::from_secs(1)).await;
    let puts = world.remote.puts().len();
    sleep(BREAK / 2).await;
    assert_eq!(world.remote.puts().len(), puts, "nothing leaves for a remote that wants a break");
    assert_eq!(free.objects().len(), 1, "another remote's transfers go on");
    let held = engine.snapshot(second).await.expect("it is in the list");
    assert!(held.hold.is_some(), "the other row says who is waited for, too");
    done(&world, &engine, first, &World::content("/films/1", 9 * MIB)).await;
    done(&world, &engine, second, &World::content("/films/2", MIB)).await;
    let snapshot = engine.snapshot(elsewhere).await.expect("it is in the list");
    assert_eq!(snapshot.hold, None, "nobody asked that one to wait");
}

#[tokio::test(start_paused = true)]
async fn a_break_that_a_held_transfer_hears_holds_for_the_others() {
    // The chunk takes a second; its answer comes within the grace of the pause.
    let throttled = Fault::After(Class::Throttled { after: Some(BREAK) });
    let world = World::new().faulty(Faults::script([Step::put(0, 1, throttled)]));
    let engine = world.start().await;
    engine.set_limit(Rate::bytes_per_second(MIB)).await.expect("the engine lives");
    let held = add(&engine, world.file("/films/1", MIB)).await;
    until(&engine, held, |snapshot| snapshot.chunks_in_flight == 1).await;
    sleep(Duration::from_millis(300)).await;
    command(&engine, held, Command::Pause).await;
    sleep(Duration::from_secs(2)).await;
    let other = add(&engine, world.file("/films/2", MIB)).await;
    sleep(BREAK / 2).await;
    let snapshot = engine.snapshot(other).await.expect("it is in the list");
    assert!(snapshot.hold.is_some(), "the remote asked everybody for a break");
    done(&world, &engine, other, &World::content("/films/2", MIB)).await;
}

#[tokio::test(start_paused = true)]
async fn the_end_of_the_engine_is_no_end_of_a_break() {
    let throttled = Fault::Before(Class::Throttled { after: Some(BREAK) });
    let inner = World::new();
    let remote = Arc::clone(&inner.remote) as Arc<dyn Remote>;
    let busy = Arc::new(FaultyRemote::new(remote, Faults::script([Step::of(Operation::Status, 1, throttled)])));
    let world = World { driver: Arc::clone(&busy) as Arc<dyn Remote>, ..inner };
    let engine = world.start().await;
    let id = add(&engine, world.file("/films/1", MIB)).await;
    until(&engine, id, |snapshot| snapshot.hold.is_some()).await;
    command(&engine, id, Command::Retry).await;
    sleep(Duration::from_secs(1)).await;
    let before = busy.calls();
    engine.shutdown(Duration::from_secs(1)).await;
    assert_eq!(busy.calls(), before, "nothing leaves for a remote that wants a break, not even in the end");
}

#[tokio::test(start_paused = true)]
async fn after_a_break_half_as_much_is_in_flight_until_it_works_again() {
    let slow = |chunk| Step::put(chunk, 1, Fault::Delay(Duration::from_secs(1)));
    let throttled = Fault::Before(Class::Throttled { after: Some(BREAK) });
    let steps = (0..63).map(slow).chain([Step::put(63, 1, throttled)]);
    let world = World::new().faulty(Faults::script(steps));
    let engine = world.start().await;
    let id = add(&engine, world.file("/films/1", 64 * MIB)).await;
    until(&engine, id, |snapshot| snapshot.hold.is_some()).await;
    until(&engine, id, |snapshot| snapshot.hold.is_none() && snapshot.chunks_in_flight > 0).await;
    let snapshot = engine.snapshot(id).await.expect("it is in the list");
    assert_eq!(snapshot.chunks_in_flight, 2, "half of four, after the remote had enough");
    until(&engine, id, |snapshot| snapshot.chunks_in_flight == 4).await;
    done(&world, &engine, id, &World::content("/films/1", 64 * MIB)).await;
}
