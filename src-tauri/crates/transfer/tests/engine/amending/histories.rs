//! Edits, buttons, crashes and faults at any time.

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use transfer::remote::Remote;
use transfer::testing::{Faults, FaultyRemote};

use super::*;

/// Whatever the file becomes, whatever the person presses and whatever fails: in the end what is there is the file.
#[tokio::test(start_paused = true)]
async fn a_file_that_is_edited_at_any_time_arrives_as_it_is_at_last() {
    for seed in 0..120 {
        let mut chance = StdRng::seed_from_u64(seed);
        let world = World::of(MemoryRemote::new().new_handles());
        let faults = Faults::seeded(seed, 0.1);
        let faulty = Arc::new(FaultyRemote::new(Arc::clone(&world.remote) as Arc<dyn Remote>, faults));
        let mut world = World { driver: Arc::clone(&faulty) as _, ..world };
        let limit = |setup| Setup { limit: Rate::bytes_per_second(4 * MIB), seed, ..setup };
        let start = async |world: &World| Engine::start(limit(world.setup())).await.expect("the journal can be read");
        let mut engine = start(&world).await;
        let id = add(&engine, world.file(FILM, SIZE)).await;
        let mut content = World::content(FILM, SIZE).to_vec();
        let mut versions = vec![content.clone()];
        for _ in 0..chance.random_range(2..8) {
            sleep(Duration::from_millis(chance.random_range(0..1500))).await;
            let (at, len) = (chance.random_range(0..content.len()), chance.random_range(1..10 * MIB as usize));
            match chance.random_range(0..4) {
                0 => content[at] ^= 1,
                1 => content.resize(len, 3),
                2 => {
                    world.journal = world.journal.as_on_disk().into();
                    drop(engine);
                    engine = start(&world).await;
                    continue;
                }
                _ => {
                    help(&engine, id).await;
                    continue;
                }
            }
            // One that is done stays what it was.
            let snapshot = engine.snapshot(id).await.expect("it is in the list");
            if matches!(snapshot.state, TransferState::Done(_)) {
                break;
            }
            versions.push(content.clone());
            let edited = content.clone();
            world.sources.edit(FILM, |bytes| *bytes = edited);
        }
        faulty.calm();
        let end = async {
            while !help(&engine, id).await {
                sleep(Duration::from_secs(1)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(36_000), end).await.unwrap_or_else(|_| panic!("seed {seed} ends"));
        let snapshot = engine.snapshot(id).await.expect("it is in the list");
        let TransferState::Done(completed) = &snapshot.state else { panic!("seed {seed}: waited for just that") };
        let there = world.object(completed);
        let whole = versions.iter().any(|version| there == version.as_slice());
        assert!(whole, "seed {seed}: what is there is one of its versions and no mixture of two\n{}", faulty.story());
        let root = transfer::testing::root_of(&there);
        assert_eq!(snapshot.root, Some(root), "seed {seed}: and has the hash that was told");
        engine.shutdown(Duration::ZERO).await;
    }
}

/// Does what a person would do. Whether it is done.
async fn help(engine: &Engine, id: TransferId) -> bool {
    let snapshot = engine.snapshot(id).await.expect("it is in the list");
    let button = match snapshot.state {
        TransferState::Done(_) => return true,
        TransferState::Paused => Command::Resume,
        TransferState::Failed(_) if snapshot.can_send_changed => Command::SendChanged,
        TransferState::Failed(failure) if failure.kind == FailureKind::SourceChanged => Command::StartOver,
        TransferState::Failed(_) => Command::Retry,
        TransferState::Waiting(wait) if wait.until.is_none() => Command::Retry,
        _ => return false,
    };
    // It may be another by now; then that is seen the next time.
    let _ = engine.command(id, button).await;
    false
}
