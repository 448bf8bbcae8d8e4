//! A person who presses anything at any time.

use rand::RngExt;
use rand::seq::IndexedRandom;
use transfer::engine::{Command, Engine};

use super::mishaps;
use crate::plan::{places, rate};
use crate::world::World;

/// Whether the program is ended now; or it dies without an end.
pub(super) fn is_a_good_time_to_end(world: &World) -> bool {
    let mut inside = world.inside();
    match inside.chance.random_range(0..40) {
        0 => true,
        1 => {
            drop(inside);
            world.say(|| "the process is killed".to_owned());
            world.die();
            false
        }
        _ => false,
    }
}

/// Somebody does something, or something happens.
pub(super) async fn act(world: &World, engine: &Engine) {
    let (dice, number) = {
        let mut inside = world.inside();
        let films = inside.books.len();
        (inside.chance.random_range(0..20), inside.chance.random_range(0..films))
    };
    match dice {
        0..=6 => {
            let button = button(world);
            command(world, engine, number, button).await;
        }
        7 | 8 => hasten(world, engine, number).await,
        9 => set_limit(world, engine).await,
        10 => set_parallel(world, engine).await,
        11 => retry_failed(world, engine).await,
        _ => mishaps::befall(world, number),
    }
}

fn button(world: &World) -> Command {
    let often = [Command::Pause, Command::Resume, Command::Resume, Command::Retry, Command::StartOver];
    let mut inside = world.inside();
    if inside.chance.random_bool(0.08) {
        return Command::Cancel;
    }
    *often.choose(&mut inside.chance).expect("there are buttons")
}

/// What is not possible now is refused, and that is all.
pub(super) async fn command(world: &World, engine: &Engine, number: usize, command: Command) {
    world.say(|| format!("film {number}: the person wants {command:?}"));
    let id = {
        let mut inside = world.inside();
        let book = &mut inside.books[number];
        book.cancelled_by_user |= command == Command::Cancel;
        book.held = false;
        book.id()
    };
    let insists = matches!(command, Command::Resume | Command::Retry);
    eased(world, number, command == Command::StartOver);
    insisted(world, insists);
    let answer = engine.command(id, command).await;
    eased(world, number, command == Command::StartOver);
    insisted(world, insists);
    world.say(|| format!("film {number}: {command:?}: {answer:?}"));
    if answer.is_ok() {
        let book = &mut world.inside().books[number];
        book.given_up |= command == Command::Cancel;
        book.held = command == Command::Pause;
    }
}

/// What failed before no longer counts; who starts over shows no progress.
fn eased(world: &World, number: usize, starts_over: bool) {
    let mut inside = world.inside();
    let now = inside.now();
    let book = &mut inside.books[number];
    book.eased.push(now);
    if starts_over {
        book.reset_at = now;
    }
}

/// Who wants it now need not wait for the end of a break.
fn insisted(world: &World, insists: bool) {
    if insists {
        world.inside().breaks.clear();
    }
}

async fn hasten(world: &World, engine: &Engine, number: usize) {
    let (id, chunk) = {
        let mut inside = world.inside();
        (inside.books[number].id(), inside.chance.random_range(0..4))
    };
    eased(world, number, false);
    insisted(world, true);
    let answer = engine.hasten(id, chunk).await;
    eased(world, number, false);
    insisted(world, true);
    world.say(|| format!("film {number}: the person clicks chunk {chunk}: {answer:?}"));
}

async fn set_limit(world: &World, engine: &Engine) {
    let limit = {
        let mut inside = world.inside();
        let chance = &mut inside.chance;
        chance.random_bool(0.6).then(|| rate(chance)).flatten()
    };
    world.say(|| format!("the limit is {limit:?}"));
    // Refused only by an engine that has ended, which the next look says.
    let _ = engine.set_limit(limit).await;
}

async fn set_parallel(world: &World, engine: &Engine) {
    let parallel = {
        let mut inside = world.inside();
        let parallel = places(&mut inside.chance, 6);
        inside.most_in_flight = inside.most_in_flight.max(parallel.get());
        parallel
    };
    world.say(|| format!("{parallel} at once"));
    let _ = engine.set_parallel(parallel).await;
}

async fn retry_failed(world: &World, engine: &Engine) {
    let films = world.inside().books.len();
    (0..films).for_each(|number| eased(world, number, false));
    insisted(world, true);
    let answer = engine.retry_failed().await;
    insisted(world, true);
    (0..films).for_each(|number| eased(world, number, false));
    world.say(|| format!("whatever failed is retried: {answer:?}"));
}
