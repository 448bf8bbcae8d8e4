//! A wall clock that somebody sets: by a day forward, or by a day back.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};
use transfer::engine::{Clock, Engine, Setup};
use transfer::error::{Class, Operation};
use transfer::state::TransferState;
use transfer::testing::{Fault, Faults, Step};
use transfer::units::{MIB, Timestamp};

use crate::world::{World, add, done, until};

const DAY_MS: i64 = 86_400_000;
const FILM: &str = "/films/a.mp4";
const BREAK: Duration = Duration::from_secs(20);

/// A wall clock that runs with tokio's, until somebody sets it.
#[derive(Debug)]
struct SetClock {
    began: Instant,
    set_by_ms: AtomicI64,
}

impl SetClock {
    fn set(&self, by_ms: i64) {
        self.set_by_ms.store(by_ms, Ordering::SeqCst);
    }
}

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        let set = 1_700_000_000_000 + self.set_by_ms.load(Ordering::SeqCst);
        Timestamp(set).after(self.began.elapsed())
    }
}

/// A remote that wants a break in the middle of a film.
fn world() -> (World, Arc<SetClock>) {
    let full = Step::of(Operation::Put, 3, Fault::Before(Class::Throttled { after: Some(BREAK) }));
    let clock = SetClock { began: Instant::now(), set_by_ms: AtomicI64::new(0) };
    (World::new().faulty(Faults::script([full])), Arc::new(clock))
}

async fn start(world: &World, clock: &Arc<SetClock>) -> Engine {
    let setup = Setup { clock: Arc::clone(clock) as _, ..world.setup() };
    Engine::start(setup).await.expect("the journal can be read")
}

#[tokio::test(start_paused = true)]
async fn a_break_lasts_as_long_as_it_was_asked_for_whatever_the_clock_is_set_to() {
    for by_ms in [-DAY_MS, DAY_MS] {
        let (world, clock) = world();
        let engine = start(&world, &clock).await;
        let id = add(&engine, world.file(FILM, 9 * MIB)).await;
        until(&engine, id, |snapshot| snapshot.hold.is_some()).await;
        let begun = Instant::now();
        clock.set(by_ms);
        sleep(Duration::from_secs(1)).await;
        let snapshot = engine.snapshot(id).await.expect("it is in the list");
        let shown = snapshot.hold.and_then(|hold| hold.until).expect("it says until when");
        let left = shown.since(clock.now());
        assert!(left <= BREAK * 2 && !left.is_zero(), "a countdown is by the clock of now: {left:?}, set by {by_ms}");
        done(&world, &engine, id, &World::content(FILM, 9 * MIB)).await;
        let took = begun.elapsed();
        assert!(took >= BREAK && took < BREAK * 3, "not a second less, and no day more: {took:?}, set by {by_ms}");
        engine.shutdown(Duration::ZERO).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_start_with_a_clock_that_was_set_back_goes_on_at_once() {
    let (world, clock) = world();
    let engine = start(&world, &clock).await;
    let id = add(&engine, world.file(FILM, 9 * MIB)).await;
    until(&engine, id, |snapshot| snapshot.hold.is_some()).await;
    engine.shutdown(Duration::ZERO).await;
    clock.set(-DAY_MS);
    let later = World { journal: world.after_crash().journal, ..world };
    let engine = start(&later, &clock).await;
    let arrived = until(&engine, id, |snapshot| matches!(snapshot.state, TransferState::Done(_)));
    timeout(Duration::from_secs(120), arrived).await.expect("nobody waits for yesterday to end");
    engine.shutdown(Duration::ZERO).await;
}
