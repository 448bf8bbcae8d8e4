//! The log of events says each thing once.

use std::time::Duration;

use tokio::sync::broadcast::Receiver;
use tokio::time::sleep;
use transfer::engine::{Cause, Command, Happening, What};
use transfer::error::{Class, Operation};
use transfer::ids::TransferId;
use transfer::testing::{Fault, Faults, Step};
use transfer::units::MIB;

use crate::world::{World, add, command, done, until};

const FILM: &str = "/films/a.mp4";
const SIZE: u64 = 4 * MIB;
const BREAK: Duration = Duration::from_secs(600);

/// What was logged of a transfer, but for its states and what is said once of each.
fn told(events: &mut Receiver<Happening>, id: TransferId) -> Vec<String> {
    let mut told = Vec::new();
    while let Ok(happening) = events.try_recv() {
        let line = match happening.what {
            What::ChunkFailed { .. } => "chunk".to_owned(),
            What::Held(hold) => format!("{:?}", hold.cause),
            What::Told(trouble) => trouble.sentence,
            What::Added
            | What::State(_)
            | What::LostGround { .. }
            | What::Proven { .. }
            | What::Compared { .. }
            | What::Removed => continue,
        };
        told.extend((happening.id == id).then_some(line));
    }
    told
}

#[tokio::test(start_paused = true)]
async fn a_break_is_told_as_such_and_so_is_each_chunk_that_met_it() {
    let refused = |chunk| Step::put(chunk, 1, Fault::Before(Class::Throttled { after: Some(BREAK) }));
    let world = World::new().faulty(Faults::script((0..4).map(refused)));
    let engine = world.start().await;
    let mut events = engine.events();
    let id = add(&engine, world.file(FILM, SIZE)).await;
    done(&world, &engine, id, &World::content(FILM, SIZE)).await;
    let told = told(&mut events, id);
    let (breaks, chunks) = (count(&told, &format!("{:?}", Cause::Throttled)), count(&told, "chunk"));
    assert_eq!(
        (chunks, breaks + chunks),
        (4, told.len()),
        "one line a chunk, and nothing else but the break: {told:?}"
    );
    assert!((1..=2).contains(&breaks), "which is told when it begins, and again only if it is longer: {told:?}");
}

#[tokio::test(start_paused = true)]
async fn what_a_state_says_no_other_line_says() {
    let steps = [Class::Offline, Class::Transient, Class::Denied].map(Fault::Before);
    let steps = (1..).zip(steps).map(|(nth, fault)| Step::of(Operation::Begin, nth, fault));
    let world = World::new().faulty(Faults::script(steps));
    let engine = world.start().await;
    let mut events = engine.events();
    let id = add(&engine, world.file(FILM, SIZE)).await;
    until(&engine, id, |snapshot| snapshot.hold.is_some_and(|hold| hold.cause == Cause::Credentials)).await;
    command(&engine, id, Command::Retry).await;
    done(&world, &engine, id, &World::content(FILM, SIZE)).await;
    assert_eq!(told(&mut events, id), [""; 0], "each of the three waits says why");
}

#[tokio::test(start_paused = true)]
async fn who_insists_has_a_break_tried_at_once() {
    let refused = Step::put(0, 1, Fault::Before(Class::Throttled { after: Some(BREAK) }));
    let world = World::new().faulty(Faults::script([refused]));
    let engine = world.start().await;
    let id = add(&engine, world.file(FILM, SIZE)).await;
    until(&engine, id, |snapshot| snapshot.hold.is_some()).await;
    command(&engine, id, Command::Retry).await;
    sleep(BREAK / 10).await;
    let snapshot = engine.snapshot(id).await.expect("it is in the list");
    assert_eq!((snapshot.hold, snapshot.bytes_acked), (None, SIZE), "a person need not wait for the end of it");
}

fn count(told: &[String], line: &str) -> usize {
    told.iter().filter(|told| *told == line).count()
}
