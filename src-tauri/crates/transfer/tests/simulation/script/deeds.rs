//! A person who presses anything at any time.

use std::time::Duration;

use rand::RngExt;
use rand::seq::{IndexedRandom, SliceRandom};
use transfer::engine::{Command, Engine};
use transfer::state::Priority;

use super::mishaps;
use crate::history::destination;
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
        (inside.chance.random_range(0..24), inside.chance.random_range(0..films))
    };
    if is_fickle(world, number) {
        return fickle(world, engine, number).await;
    }
    match dice {
        0..=6 => {
            let button = button(world);
            command(world, engine, number, button).await;
        }
        7 | 8 => hasten(world, engine, number).await,
        9 => set_limit(world, engine).await,
        10 => set_parallel(world, engine).await,
        11 => retry_failed(world, engine).await,
        12 => set_priority(world, engine, number).await,
        13 => reorder(world, engine).await,
        14 => outside(world, engine).await,
        _ => mishaps::befall(world, number),
    }
}

/// Whether somebody works on the film: once something of it has arrived.
fn is_fickle(world: &World, number: usize) -> bool {
    let mut inside = world.inside();
    inside.chance.random_bool(world.plan.fickle) && !inside.books[number].acked.is_empty()
}

/// The film is edited, or what was edited is sent.
async fn fickle(world: &World, engine: &Engine, number: usize) {
    let id = world.inside().books[number].id();
    match engine.snapshot(id).await {
        Ok(snapshot) if snapshot.can_send_changed => command(world, engine, number, Command::SendChanged).await,
        _ => mishaps::edit(world, number),
    }
}

fn button(world: &World) -> Command {
    let often = [
        Command::Pause,
        Command::Resume,
        Command::Resume,
        Command::Retry,
        Command::StartOver,
        Command::SendChanged,
        Command::SendChanged,
    ];
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
    let is_another = matches!(command, Command::StartOver | Command::SendChanged);
    eased(world, number, is_another);
    insisted(world, insists);
    let answer = engine.command(id, command).await;
    eased(world, number, is_another);
    insisted(world, insists);
    world.say(|| format!("film {number}: {command:?}: {answer:?}"));
    if answer.is_ok() {
        let book = &mut world.inside().books[number];
        book.given_up |= command == Command::Cancel;
        book.held = command == Command::Pause;
    }
}

/// What failed before no longer counts; another file shows no more progress than it has.
fn eased(world: &World, number: usize, is_another: bool) {
    let mut inside = world.inside();
    let now = inside.now();
    let book = &mut inside.books[number];
    book.eased.push(now);
    if is_another {
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
    let (limit, of_all) = {
        let mut inside = world.inside();
        let chance = &mut inside.chance;
        (chance.random_bool(0.6).then(|| rate(chance)).flatten(), chance.random_bool(0.5))
    };
    world.say(|| format!("the limit is {limit:?}, of all {of_all}"));
    // Refused only by an engine that has ended, which the next look says.
    let _ = match of_all {
        true => engine.set_limit(limit).await,
        false => engine.set_destination_limit(destination(), limit).await,
    };
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

async fn set_priority(world: &World, engine: &Engine, number: usize) {
    let (id, priority) = {
        let mut inside = world.inside();
        let all = [Priority::High, Priority::Normal, Priority::Low];
        let priority = *all.choose(&mut inside.chance).expect("some");
        inside.books[number].priority = None;
        (inside.books[number].id(), priority)
    };
    let answer = engine.set_priority(id, priority).await;
    world.say(|| format!("film {number}: {priority:?}: {answer:?}"));
    if answer.is_ok() {
        world.inside().books[number].priority = Some(priority);
    }
}

/// Some are moved before another, or to the end: there they stand, in the order that was wanted.
async fn reorder(world: &World, engine: &Engine) {
    let mut line = {
        let mut inside = world.inside();
        let mut ids: Vec<_> = inside.books.iter().map(|book| book.id()).collect();
        ids.shuffle(&mut inside.chance);
        let moved = inside.chance.random_range(1..=ids.len());
        ids.truncate(moved + 1);
        ids
    };
    let before = if line.len() > 1 { line.pop() } else { None };
    let answer = engine.reorder(line.clone(), before).await;
    world.say(|| format!("{line:?} go before {before:?}: {answer:?}"));
    if answer.is_err() {
        return;
    }
    let mut positions = Vec::new();
    for id in line.iter().chain(&before) {
        positions.extend(engine.snapshot(*id).await.map(|snapshot| snapshot.position));
    }
    let sorted = positions.is_sorted_by(|one, next| one < next);
    world.hold("who was moved stands where it was wanted", sorted, || format!("{line:?}, {before:?}: {positions:?}"));
}

/// The network is another, or the machine slept.
async fn outside(world: &World, engine: &Engine) {
    let slept = {
        let mut inside = world.inside();
        let slept = Duration::from_secs(inside.chance.random_range(0..600));
        inside.chance.random::<bool>().then_some(slept)
    };
    world.say(|| slept.map_or("the network is another".to_owned(), |slept| format!("the machine slept for {slept:?}")));
    let films = world.inside().books.len();
    (0..films).for_each(|number| eased(world, number, false));
    insisted(world, slept.is_some());
    let _ = match slept {
        Some(slept) => engine.woke(slept).await,
        None => engine.network_changed().await,
    };
    insisted(world, slept.is_some());
    (0..films).for_each(|number| eased(world, number, false));
}
