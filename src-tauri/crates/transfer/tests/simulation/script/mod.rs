//! What goes on in a life of the engine: a storm of acts, and when it is over a nurse and a verdict.

mod deeds;
mod mishaps;
mod nurse;
mod watcher;

use std::sync::Arc;
use std::time::Duration;

use rand::RngExt;
use tokio::runtime::Handle;
use tokio::time::{sleep, timeout};
use transfer::engine::{Engine, Setup};
use transfer::testing::MemoryRemotes;

use crate::history::Sabotaged;
use crate::laws::end;
use crate::ports::Files;
use crate::ports::journal::Diary;
use crate::ports::remote::Link;
use crate::trouble::{delay, number};
use crate::world::World;
use watcher::Watcher;

/// How a life ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// The process died, or was ended and begun again: another life follows.
    Another,
    /// Everything is over.
    Over,
}

/// Longer than anything an answer may wait for.
const PATIENCE: Duration = Duration::from_secs(3600);

/// One life.
pub(crate) async fn live(world: &Arc<World>, sabotaged: Sabotaged) -> End {
    let end = tokio::select! {
        biased;
        () = world.died() => End::Another,
        end = whole(world, sabotaged) => end,
    };
    if world.is_dead() { End::Another } else { end }
}

async fn whole(world: &Arc<World>, sabotaged: Sabotaged) -> End {
    let engine = start(world, sabotaged).await;
    let mut watcher = Watcher::new(world, &engine).await;
    while let Some(pause) = next_act(world) {
        sleep(pause).await;
        watcher.look(&engine).await;
        if deeds::is_a_good_time_to_end(world) {
            let grace = Duration::from_millis(world.inside().chance.random_range(0..3000));
            finish(world, engine, grace).await;
            return End::Another;
        }
        answered(world, deeds::act(world, &engine)).await;
        if world.is_broken() {
            return End::Over;
        }
    }
    calm(world);
    nurse::nurse(world, &engine, &mut watcher).await;
    if !world.is_broken() {
        let states = watcher.verdict(&engine).await;
        finish(world, engine, Duration::ZERO).await;
        states.iter().enumerate().for_each(|(number, state)| end::is_on_disk(world, number, state));
    }
    End::Over
}

/// The engine must answer, whatever it answers.
async fn answered(world: &World, deed: impl Future<Output = ()>) {
    let answered = timeout(PATIENCE, deed).await.is_ok();
    world.hold("the engine answers", answered, || "no answer in an hour".to_owned());
}

/// The engine of a life.
async fn start(world: &Arc<World>, sabotaged: Sabotaged) -> Engine {
    let (seed, most) = {
        let mut inside = world.inside();
        (number(&mut inside.chance), world.plan.parallel)
    };
    let remotes = MemoryRemotes::one(Arc::new(Link(Arc::clone(world))));
    let files = Arc::new(Files(Arc::clone(world)));
    let setup = Setup {
        parallel: most,
        active: world.plan.active,
        limit: world.plan.limit,
        clock: Arc::clone(world) as _,
        seed,
        sabotage: sabotaged,
        ..Setup::new(Arc::new(Diary(Arc::clone(world))), Arc::new(remotes), files)
    };
    Engine::start(setup).await.expect("this journal can always be read")
}

/// When the next act comes, if the storm is not over.
fn next_act(world: &World) -> Option<Duration> {
    let mut inside = world.inside();
    inside.acts_left = inside.acts_left.checked_sub(1)?;
    Some(delay(&mut inside.chance) / 4)
}

fn calm(world: &World) {
    world.say(|| "calm".to_owned());
    let mut inside = world.inside();
    inside.calm = true;
    inside.spell = None;
    inside.reels.iter_mut().for_each(|reel| reel.condition = crate::ports::Condition::Fine);
}

async fn finish(world: &World, engine: Engine, grace: Duration) {
    world.say(|| format!("the engine is ended, within {grace:?}"));
    let ended = timeout(PATIENCE, engine.shutdown(grace)).await.is_ok();
    world.hold("the engine ends", ended, || "not within an hour".to_owned());
    drop(engine);
    end::nothing_is_left(world, Handle::current().metrics().num_alive_tasks());
}
