//! What goes on says what it found in its place, and on whose word.

use transfer::engine::{Command, Happening, Voucher, What};
use transfer::remote::Arriving;
use transfer::testing::MemoryRemote;
use transfer::units::{MIB, Rate};

use crate::world::{World, add, command, done, until};

const FILM: &str = "/films/a.mp4";
const SIZE: u64 = 6 * MIB + 5;

/// What was told of chunks that were found, so far.
fn proven(events: &mut tokio::sync::broadcast::Receiver<Happening>) -> Vec<(u32, Voucher)> {
    let mut told = Vec::new();
    while let Ok(happening) = events.try_recv() {
        if let What::Proven { chunks, by } = happening.what {
            told.push((chunks, by));
        }
    }
    told
}

#[tokio::test(start_paused = true)]
async fn a_transfer_that_goes_on_says_how_many_chunks_are_proven_in_place_and_by_whom() {
    let remotes = [(MemoryRemote::new(), Voucher::Remote), (MemoryRemote::new().without_digests(), Voucher::Journal)];
    for (remote, by) in remotes {
        let world = World::of(remote);
        let engine = world.start().await;
        let mut events = engine.events();
        engine.set_limit(Rate::bytes_per_second(MIB)).await.expect("the engine lives");
        let id = add(&engine, world.file(FILM, SIZE)).await;
        until(&engine, id, |snapshot| snapshot.chunks_acked >= 2).await;
        command(&engine, id, Command::Pause).await;
        let held = until(&engine, id, |snapshot| snapshot.chunks_in_flight == 0).await.chunks_acked;
        assert_eq!(proven(&mut events), [], "what only just began has nothing to prove");
        command(&engine, id, Command::Resume).await;
        until(&engine, id, |snapshot| snapshot.chunks_in_flight > 0).await;
        assert_eq!(proven(&mut events), [(held, by)], "once for each time that it goes on");
        drop(engine);

        let next = world.after_crash();
        let engine = next.start().await;
        let mut events = engine.events();
        let content = World::content(FILM, SIZE);
        done(&next, &engine, id, &content).await;
        let [(after_crash, whose)] = proven(&mut events)[..] else { panic!("a restart is one time that it goes on") };
        assert!(after_crash >= held && whose == by, "all that was acknowledged: {after_crash} of {held}, by {whose:?}");
        let announced = next.remote.announced().into_iter().any(|(_, arriving)| arriving == Arriving::Paused);
        assert!(announced, "it was the pause that it rested for");
    }
}
