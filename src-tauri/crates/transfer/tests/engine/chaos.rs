//! A user who presses anything at any time, over a link on which anything fails: in the end the file is there.

use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use tokio::time::sleep;
use transfer::engine::{Command, Engine, Setup};
use transfer::ids::TransferId;
use transfer::remote::Remote;
use transfer::state::TransferState;
use transfer::testing::{Faults, FaultyRemote};
use transfer::units::{MIB, Rate};

use crate::world::{World, add, command, done};

const SEEDS: u64 = 200;
const FILM: &str = "/films/a.mp4";
const SIZE: u64 = 5 * MIB + 77;

#[tokio::test(start_paused = true)]
async fn whatever_the_user_does_and_whatever_fails_the_file_arrives() {
    for seed in 0..SEEDS {
        one_history(seed).await;
    }
}

async fn one_history(seed: u64) {
    let mut chance = StdRng::seed_from_u64(seed);
    let world = World::new();
    let inner = std::sync::Arc::clone(&world.remote) as std::sync::Arc<dyn Remote>;
    let faulty = std::sync::Arc::new(FaultyRemote::new(inner, Faults::seeded(seed, 0.15)));
    let mut world = World { driver: std::sync::Arc::clone(&faulty) as _, ..world };
    let mut engine = start(&world, seed).await;
    let id = add(&engine, world.file(FILM, SIZE)).await;
    for _ in 0..chance.random_range(3..12) {
        sleep(Duration::from_millis(chance.random_range(0..2500))).await;
        if chance.random_bool(0.2) {
            world.journal = world.journal.as_on_disk().into();
            drop(engine);
            engine = start(&world, seed).await;
        } else {
            press(&engine, id, &mut chance).await;
        }
    }
    faulty.calm();
    nurse(&engine, id).await;
    done(&world, &engine, id, &World::content(FILM, SIZE)).await;
    assert_eq!(world.remote.objects().len(), 1, "seed {seed}: one file is one object\n{}", faulty.story());
    engine.shutdown(Duration::ZERO).await;
}

async fn start(world: &World, seed: u64) -> Engine {
    let setup = Setup { seed, limit: Rate::bytes_per_second(2 * MIB), ..world.setup() };
    Engine::start(setup).await.expect("the journal can be read")
}

/// Anything but giving it up. What is not possible now is refused, and that is all.
async fn press(engine: &Engine, id: TransferId, chance: &mut StdRng) {
    let buttons = [Command::Pause, Command::Resume, Command::Retry, Command::StartOver, Command::Resume];
    let button = buttons[chance.random_range(0..buttons.len())];
    let _ = engine.command(id, button).await;
}

/// Does what a person would do until it is done.
async fn nurse(engine: &Engine, id: TransferId) {
    loop {
        match engine.snapshot(id).await.expect("it is in the list").state {
            TransferState::Done(_) => return,
            TransferState::Paused => command(engine, id, Command::Resume).await,
            TransferState::Failed(_) => command(engine, id, Command::Retry).await,
            TransferState::Waiting(wait) if wait.until.is_none() => command(engine, id, Command::Retry).await,
            _ => sleep(Duration::from_secs(1)).await,
        }
    }
}
