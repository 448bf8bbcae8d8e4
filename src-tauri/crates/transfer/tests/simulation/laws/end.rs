//! What must hold when everything is over.

use transfer::engine::Snapshot;
use transfer::remote::UploadHandle;
use transfer::state::TransferState;

use crate::film::Film;
use crate::kinds::Kind;
use crate::ports::store::name_of;
use crate::world::World;

/// Everything that can be said of one transfer that ended.
pub(crate) fn ended(world: &World, number: usize, snapshot: &Snapshot) {
    let laws = [
        ("what is wanted is Done, what was given up is Cancelled", came_to_its_end(world, number, snapshot)),
        ("the receipt names the file's hash", names_its_hash(snapshot, world, number)),
        ("one file is one object", is_one_object(world, number, snapshot)),
        ("only what was in flight or lost is sent again", wastes_nothing(world, number)),
        ("nothing of what was given up is left", leaves_nothing(world, number, snapshot)),
    ];
    for (law, holds) in laws {
        let bytes = world.inside().books[number].bytes;
        world.hold(law, holds, || format!("film {number}, {bytes:?}, {snapshot:?}"));
    }
}

fn came_to_its_end(world: &World, number: usize, snapshot: &Snapshot) -> bool {
    match &snapshot.state {
        TransferState::Done(_) => true,
        TransferState::Cancelled => world.inside().books[number].cancelled_by_user,
        TransferState::Queued
        | TransferState::Preparing
        | TransferState::Active
        | TransferState::Completing
        | TransferState::Waiting(_)
        | TransferState::Paused
        | TransferState::Failed(_)
        | TransferState::Cancelling
        | TransferState::Skipped(_) => false,
    }
}

fn is_done(snapshot: &Snapshot) -> bool {
    matches!(snapshot.state, TransferState::Done(_))
}

fn names_its_hash(snapshot: &Snapshot, world: &World, number: usize) -> bool {
    let fingerprint = world.inside().books[number].record.fingerprint.clone();
    let root = || transfer::testing::root_of(&Film::promised(&fingerprint).content());
    !is_done(snapshot) || snapshot.root == Some(root())
}

fn is_one_object(world: &World, number: usize, snapshot: &Snapshot) -> bool {
    let (store, name) = (&world.store.inner, name_of(number));
    let film = Film::promised(&world.inside().books[number].record.fingerprint).content();
    let named: Vec<_> =
        store.objects().into_iter().filter(|it| store.object_name(it).as_ref() == Some(&name)).collect();
    let same = named.iter().filter(|it| store.object_bytes(it).is_some_and(|bytes| bytes == film)).count();
    let most = most_objects(world, number, film.is_empty());
    if is_done(snapshot) { (1..=most).contains(&same) } else { same <= most }
}

/// Where the remote names uploads, what was begun anew may have been finished before, and an empty film is finished by
/// its beginning alone. Elsewhere only a remote that forgot makes a second one, or one that says of what it finished
/// that it was too large, or that it does not know an upload which was amended: that has the name of the file of before,
/// by which the file of now does not find it.
fn most_objects(world: &World, number: usize, empty: bool) -> usize {
    let begun = world.store.begun(number);
    let inside = world.inside();
    let book = &inside.books[number];
    // What one film learned of the length of chunks holds for all.
    let shorter = inside.books.iter().any(|book| book.record.max_chunk_len.is_some());
    let shrunk = if shorter || book.amended { book.fresh_starts } else { 0 };
    match world.plan.kind {
        Kind::Receipts => 1,
        // Two empty versions of a film have one content.
        Kind::Vault | Kind::KeepsParts if empty && book.is_edited() => begun + book.objects_forgotten as usize,
        Kind::Vault | Kind::KeepsParts => 1 + (book.objects_forgotten + shrunk) as usize,
        Kind::Sequential | Kind::Lanes if empty => begun,
        Kind::Sequential | Kind::Lanes => 1 + book.fresh_starts as usize,
    }
}

fn wastes_nothing(world: &World, number: usize) -> bool {
    let inside = world.inside();
    let book = &inside.books[number];
    book.bytes.arrived <= book.record.fingerprint.size + book.bytes.lost
}

fn leaves_nothing(world: &World, number: usize, snapshot: &Snapshot) -> bool {
    let excused = {
        let inside = world.inside();
        let book = &inside.books[number];
        book.may_leave_bytes || book.fresh_starts > 0
    };
    let left = world.store.inner.uploads().into_iter().filter(|handle| world.store.owner(handle) == Some(number));
    let of_bytes = |handle: &UploadHandle| world.store.holds_bytes(handle);
    snapshot.state != TransferState::Cancelled || excused || !left.into_iter().any(|handle| of_bytes(&handle))
}

/// Once the engine is ended, what it showed last is on disk.
pub(crate) fn is_on_disk(world: &World, number: usize, shown: &TransferState) {
    let written = world.inside().books[number].record.state.clone();
    world.hold("what is shown in the end is on disk", written == *shown, || {
        format!("film {number}: {shown:?} shown, {written:?} on disk")
    });
}

/// What must hold once no engine is left.
pub(crate) fn nothing_is_left(world: &World, tasks: usize) {
    world.hold("no task is left", tasks == 0, || format!("{tasks} of them"));
    let flying: usize = world.inside().books.iter().map(|book| book.flying.len()).sum();
    world.hold("no chunk is left in flight", flying == 0, || format!("{flying} of them"));
}

/// What must hold once every transfer has ended, while the engine still runs.
pub(crate) fn nobody_listens(world: &World) {
    let watched = world.store.inner.watched();
    world.hold("no wish is left watched", watched == 0, || format!("{watched} of them"));
}
