//! What happens by itself: to the files, at the remote, on the link.

use std::time::Duration;

use rand::RngExt;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use transfer::error::{Class, Operation};
use transfer::layout::{ByteRange, ChunkLayout, Lanes};
use transfer::remote::{Order, UploadHandle};

use crate::film::{Film, LONGEST};
use crate::ports::Condition;
use crate::world::{Inside, World};

/// Something happens; most of it to this film.
pub(super) fn befall(world: &World, number: usize) {
    let dice = world.inside().chance.random_range(0..10);
    match dice {
        0 => edit(world, number),
        1 | 2 => condition(world, number),
        3 | 4 => lose(world, number),
        5 => forget(world, number),
        6 => wish(world, number),
        _ => spell(world),
    }
}

/// The file becomes another, of a content that it never had.
pub(super) fn edit(world: &World, number: usize) {
    let mut inside = world.inside();
    let Film { offset, len, modified_ns } = inside.reels[number].film;
    let len = LONGEST.min(*[len, len + 1, len / 2].choose(&mut inside.chance).expect("some"));
    // Half of them only end elsewhere: what lies before their end is as it was.
    let only_ends_elsewhere = inside.chance.random() && !inside.books[number].versions.contains(&(offset, len));
    let offset = if only_ends_elsewhere { offset } else { inside.chance.random_range(Film::places()) };
    let film = Film { offset, len, modified_ns: modified_ns + 1 };
    inside.reels[number].film = film;
    inside.books[number].versions.push((film.offset, film.len));
    inside.say(|| format!("film {number}: edited, {film:?} now"));
}

fn condition(world: &World, number: usize) {
    let all = [Condition::Fine, Condition::Fine, Condition::Gone, Condition::Denied, Condition::Failing];
    let mut inside = world.inside();
    let condition = *all.choose(&mut inside.chance).expect("some");
    inside.reels[number].condition = condition;
    inside.say(|| format!("film {number}: the file is {condition:?}"));
}

/// The upload of a film that is written down, if there is one.
fn upload(world: &World, number: usize) -> Option<(UploadHandle, ChunkLayout)> {
    let handle = world.inside().books[number].record.handle.clone()?;
    let layout = world.store.layout(&handle)?;
    Some((handle, layout))
}

/// The remote loses chunks. Where they come in order, it loses the end of what came.
fn lose(world: &World, number: usize) {
    let Some((handle, layout)) = upload(world, number) else { return };
    let mut inside = world.inside();
    let in_order = world.plan.able.order != Order::AnyOrder;
    if layout.count() == 0 || (in_order && !inside.books[number].flying.is_empty()) {
        return;
    }
    let first = inside.chance.random_range(0..layout.count());
    let chunks = lost(world.plan.able.order, &layout, first, &mut inside.chance);
    inside.say(|| format!("film {number}: the remote loses {chunks:?}"));
    world.store.inner.lose(&handle, &chunks);
}

fn lost(order: Order, layout: &ChunkLayout, first: u32, chance: &mut StdRng) -> Vec<u32> {
    let lane = |lanes: &Lanes, chunk: u32| layout.index(chunk).map(|index| lanes.lane(index));
    match order {
        Order::AnyOrder => (0..layout.count()).filter(|chunk| *chunk == first || chance.random_bool(0.3)).collect(),
        Order::Sequential => (first..layout.count()).collect(),
        Order::Lanes(lanes) => {
            let Some(lanes) = Lanes::of(layout, lanes) else { return Vec::new() };
            (first..layout.count()).filter(|chunk| lane(&lanes, *chunk) == lane(&lanes, first)).collect()
        }
    }
}

fn forget(world: &World, number: usize) {
    let Some((handle, _)) = upload(world, number) else { return };
    let unfinished = world.store.inner.uploads().contains(&handle);
    let mut inside = world.inside();
    inside.books[number].objects_forgotten += u32::from(!unfinished);
    inside.say(|| format!("film {number}: the remote forgets the upload"));
    world.store.inner.forget(&handle);
}

fn wish(world: &World, number: usize) {
    let Some((handle, layout)) = upload(world, number) else { return };
    let mut inside = world.inside();
    let wishes: Vec<_> = (0..inside.chance.random_range(0..3))
        .map(|_| ByteRange::at(inside.chance.random_range(0..layout.size().max(1)), 1 << 20))
        .collect();
    inside.say(|| format!("film {number}: readers wish {wishes:?}"));
    world.store.inner.wish(&handle, &wishes);
}

/// For a while everything, or every call of one kind, fails in the same way.
fn spell(world: &World) {
    let operations =
        [None, Some(Operation::Put), Some(Operation::Put), Some(Operation::Status), Some(Operation::Complete)];
    let mut inside = world.inside();
    let Inside { chance, .. } = &mut *inside;
    let operation = *operations.choose(chance).expect("some");
    let class = if chance.random() { Class::Transient } else { world.plan.weather.class(chance) };
    let lasts = Duration::from_millis(chance.random_range(100..20_000));
    let until = inside.now() + lasts;
    inside.say(|| format!("for {lasts:?} {operation:?} meets {class:?}"));
    inside.spell = Some((operation, class, until));
}
