//! The process dies while films are added: all of them are in the list afterwards, or none, and once each.

use std::collections::BTreeSet;
use std::sync::Arc;

use transfer::engine::{AddOrder, Engine, Setup, Version};
use transfer::ids::{BatchId, DestinationId};
use transfer::journal::Journal;
use transfer::placing::Placement;
use transfer::testing::MemoryRemotes;

use crate::history::a_life;
use crate::plan::Plan;
use crate::ports::journal::Diary;
use crate::ports::{Files, path_of};
use crate::world::World;

/// More port calls than adding and sending take until the answer is there.
const CALLS: u32 = 40;

/// An engine without any driver: what is added waits.
async fn start(world: &Arc<World>) -> Engine {
    let (journal, remotes) = (Diary(Arc::clone(world)), MemoryRemotes::new([]));
    let setup = Setup::new(Arc::new(journal), Arc::new(remotes), Arc::new(Files(Arc::clone(world))));
    Engine::start(setup).await.expect("this journal can always be read")
}

async fn add(world: &World, engine: &Engine) -> bool {
    let order = AddOrder {
        batch: BatchId::random(),
        files: (0..world.plan.films.len()).map(path_of).collect(),
        destination: DestinationId("simulated:".to_owned()),
        placement: Placement::default(),
    };
    engine.add(order).await.is_ok_and(|answers| answers.iter().all(Result::is_ok))
}

/// How many are on disk, and of how many files.
async fn on_disk(world: &World) -> (usize, usize) {
    let journal = Arc::clone(&world.inside().journal);
    let records = journal.transfers().await.expect("the journal can be read");
    (records.len(), records.iter().map(|record| &record.path).collect::<BTreeSet<_>>().len())
}

#[test]
fn films_are_added_all_or_none_whenever_the_process_dies() {
    for calls in 0..CALLS {
        let plan = Plan { journal_odds: 0.0, deaths: 0, ..Plan::draw(u64::from(calls)) };
        let (all, world) = (plan.films.len(), World::new(plan, false));
        let (added, (there, files)) = a_life(&world, async {
            world.dies_after(calls);
            let added = tokio::select! {
                biased;
                () = world.died() => false,
                added = async { add(&world, &start(&world).await).await } => added,
            };
            (added, on_disk(&world).await)
        });
        assert!(there == 0 || there == all, "after {calls} calls {there} of {all} are in the journal");
        assert!(there == all || !added, "after {calls} calls: what was answered for is there");
        assert_eq!(files, there, "after {calls} calls: each film is there once");
        let again = a_life(&world, async {
            let engine = start(&world).await;
            assert!(add(&world, &engine).await, "a second time they are there");
            engine.since(Version(0)).await.expect("the engine lives").changed.len()
        });
        assert_eq!(again, all, "after {calls} calls: what is there already is not added twice");
    }
}
