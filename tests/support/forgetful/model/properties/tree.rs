//! Which names are left after a cut.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;

use proptest::prelude::*;

use super::{CREATOR, empty_disk};
use crate::forgetful::model::{Disk, Ino, Refusal};

const NAMES: [&str; 3] = ["a", "b", "c"];

/// One thing done to the tree. Directories are chosen by their place in a list of those that exist.
#[derive(Clone, Debug)]
enum Step {
    Create(usize, usize),
    MakeDirectory(usize, usize),
    Rename((usize, usize), (usize, usize)),
    Unlink(usize, usize),
    RemoveDirectory(usize, usize),
    Sync(usize),
}

fn slot() -> impl Strategy<Value = (usize, usize)> {
    (0..8_usize, 0..NAMES.len())
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => slot().prop_map(|(directory, name)| Step::Create(directory, name)),
        2 => slot().prop_map(|(directory, name)| Step::MakeDirectory(directory, name)),
        4 => (slot(), slot()).prop_map(|(from, to)| Step::Rename(from, to)),
        1 => slot().prop_map(|(directory, name)| Step::Unlink(directory, name)),
        1 => slot().prop_map(|(directory, name)| Step::RemoveDirectory(directory, name)),
        2 => (0..8_usize).prop_map(Step::Sync),
    ]
}

fn name(index: usize) -> &'static OsStr {
    OsStr::new(NAMES[index])
}

/// All paths with what they name.
fn paths(disk: &Disk) -> BTreeMap<String, Ino> {
    fn walk(disk: &Disk, directory: Ino, above: &str, found: &mut BTreeMap<String, Ino>) {
        for (name, stat) in disk.list(directory).expect("a directory that is in the tree") {
            let path = format!("{above}/{}", name.display());
            found.insert(path.clone(), stat.ino);
            if stat.is_directory {
                walk(disk, stat.ino, &path, found);
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(disk, Ino::ROOT, "", &mut found);
    found
}

/// The directories that exist, the root first.
fn directories(disk: &Disk) -> Vec<Ino> {
    let below = paths(disk).into_values().filter(|ino| disk.stat(*ino).is_ok_and(|stat| stat.is_directory));
    std::iter::once(Ino::ROOT).chain(below).collect()
}

fn apply(disk: &mut Disk, step: &Step) -> Result<(), Refusal> {
    let all = directories(disk);
    let at = |index: usize| all[index % all.len()];
    match *step {
        Step::Create(directory, n) => disk.create(at(directory), name(n), CREATOR).map(drop),
        Step::MakeDirectory(directory, n) => disk.make_directory(at(directory), name(n), CREATOR).map(drop),
        Step::Rename(from, to) => disk.rename((at(from.0), name(from.1)), (at(to.0), name(to.1)), true),
        Step::Unlink(directory, n) => disk.unlink(at(directory), name(n)),
        Step::RemoveDirectory(directory, n) => disk.remove_directory(at(directory), name(n)),
        Step::Sync(directory) => disk.sync_directory(at(directory)),
    }
}

/// A disk after `steps`; those that it rightly refuses change nothing.
fn run(steps: &[Step]) -> Disk {
    let mut disk = empty_disk();
    for step in steps {
        let before = paths(&disk);
        if apply(&mut disk, step).is_err() {
            assert_eq!(paths(&disk), before, "a refused {step:?} changes nothing");
        }
    }
    disk
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(step(), 0..40)
}

proptest! {
    #[test]
    fn a_tree_whose_directories_are_synced_survives(steps in steps(), seed: u64) {
        let mut disk = run(&steps);
        for directory in directories(&disk) {
            disk.sync_directory(directory).expect("it is a directory");
        }
        prop_assert_eq!(paths(&disk.cut(seed)), paths(&disk), "every entry is durable");
    }

    #[test]
    fn a_synced_directory_with_a_durable_path_keeps_its_entries(steps in steps(), seed: u64) {
        let mut disk = run(&steps);
        disk.sync_directory(Ino::ROOT).expect("the root is a directory");
        let left = disk.cut(seed);
        for (name, stat) in disk.list(Ino::ROOT).expect("the root is a directory") {
            let there = left.lookup(Ino::ROOT, &name).map(|stat| stat.ino);
            prop_assert_eq!(there, Ok(stat.ino), "{} is durable; what moved away may be there besides", name.display());
        }
    }

    #[test]
    fn renames_lose_no_file_that_had_a_durable_name(
        before in steps(),
        moves in prop::collection::vec((slot(), slot(), any::<bool>(), 0..8_usize), 0..12),
        seed: u64,
    ) {
        let mut disk = run(&before);
        for directory in directories(&disk) {
            disk.sync_directory(directory).expect("it is a directory");
        }
        let durable = files(&disk);
        for (n, (from, to, new_directory, synced)) in moves.into_iter().enumerate() {
            let all = directories(&disk);
            let at = |index: usize| all[index % all.len()];
            if new_directory {
                let path = format!("new-{n}");
                disk.make_directory(at(to.0), OsStr::new(&path), CREATOR).expect("the name is new");
            }
            // Without replacing, so that no file loses its name to another.
            disk.rename((at(from.0), name(from.1)), (at(to.0), name(to.1)), false).ok();
            disk.sync_directory(at(synced)).expect("it is a directory");
        }
        let left = paths(&disk.cut(seed));
        for file in durable {
            let names = left.values().filter(|ino| **ino == file).count();
            prop_assert_eq!(names, 1, "a file that was only renamed has one name, in {:?}", left);
        }
    }

    #[test]
    fn the_same_seed_leaves_the_same_tree(steps in steps(), seed: u64) {
        let disk = run(&steps);
        let survivor = disk.cut(seed);
        prop_assert!(disk.cut(seed) == survivor, "a cut is a function of the disk and the seed");
        prop_assert!(survivor.cut(seed ^ 1) == survivor, "what survived one cut is durable in the next");
    }
}

fn files(disk: &Disk) -> BTreeSet<Ino> {
    paths(disk).into_values().filter(|ino| disk.stat(*ino).is_ok_and(|stat| !stat.is_directory)).collect()
}

/// A disk with durable directories `incoming` and `objects` and a durable file `incoming/part`.
fn vault() -> (Disk, Ino, Ino) {
    let mut disk = empty_disk();
    let incoming = disk.make_directory(Ino::ROOT, OsStr::new("incoming"), CREATOR).expect("free");
    let objects = disk.make_directory(Ino::ROOT, OsStr::new("objects"), CREATOR).expect("free");
    disk.create(incoming, OsStr::new("part"), CREATOR).expect("free");
    for directory in [Ino::ROOT, incoming] {
        disk.sync_directory(directory).expect("it is a directory");
    }
    (disk, incoming, objects)
}

fn outcomes(disk: &Disk) -> BTreeSet<String> {
    let deep = |path: &String| path.matches('/').count() > 1;
    let left = |seed| paths(&disk.cut(seed)).into_keys().filter(deep).collect::<Vec<String>>();
    (0..100).map(|seed| left(seed).join(" ")).collect()
}

#[test]
fn a_synced_file_without_a_synced_name_may_be_gone() {
    let mut disk = empty_disk();
    let ino = disk.create(Ino::ROOT, OsStr::new("film"), CREATOR).expect("the name is free");
    disk.sync_file(ino).expect("it is a file");
    let names: BTreeSet<usize> = (0..100).map(|seed| paths(&disk.cut(seed)).len()).collect();
    assert_eq!(names, BTreeSet::from([0, 1]), "fsync of a file says nothing about its name");
}

#[test]
fn a_rename_between_directories_is_atomic_and_needs_the_sync_of_its_target() {
    let (mut disk, incoming, objects) = vault();
    disk.rename((incoming, OsStr::new("part")), (objects, OsStr::new("film")), true).expect("both directories exist");
    let either = BTreeSet::from(["/incoming/part".to_owned(), "/objects/film".to_owned()]);
    assert_eq!(outcomes(&disk), either, "unsynced, one of the two names is there, never both, never none");
    disk.sync_directory(incoming).expect("it is a directory");
    assert_eq!(outcomes(&disk), either, "the sync of the source does not help");
    disk.sync_directory(objects).expect("it is a directory");
    assert_eq!(outcomes(&disk), BTreeSet::from(["/objects/film".to_owned()]), "the sync of the target does");
}

#[test]
fn a_rename_into_a_new_directory_needs_that_directory_synced_too() {
    let (mut disk, incoming, objects) = vault();
    let shelf = disk.make_directory(objects, OsStr::new("ab"), CREATOR).expect("free");
    disk.rename((incoming, OsStr::new("part")), (shelf, OsStr::new("film")), true).expect("both directories exist");
    disk.sync_directory(shelf).expect("it is a directory");
    let lost = "/incoming/part".to_owned();
    assert!(outcomes(&disk).contains(&lost), "the new directory itself has no durable name yet");
    disk.sync_directory(objects).expect("it is a directory");
    let kept = BTreeSet::from(["/objects/ab /objects/ab/film".to_owned()]);
    assert_eq!(outcomes(&disk), kept, "now the whole path is durable, in whichever order it was synced");
}

#[test]
fn a_durable_name_that_was_given_anew_leaves_the_moved_file_its_new_path() {
    let (mut disk, incoming, objects) = vault();
    let shelf = disk.make_directory(objects, OsStr::new("ab"), CREATOR).expect("free");
    disk.rename((incoming, OsStr::new("part")), (shelf, OsStr::new("film")), true).expect("both directories exist");
    disk.create(incoming, OsStr::new("part"), CREATOR).expect("the name is free again");
    disk.sync_directory(incoming).expect("it is a directory");
    let all = BTreeSet::from(["/incoming/part /objects/ab /objects/ab/film".to_owned()]);
    assert_eq!(outcomes(&disk), all, "the new file took the only other name that the moved one had");
}

#[test]
fn a_directory_cannot_move_into_itself() {
    let (mut disk, incoming, _) = vault();
    let below = disk.make_directory(incoming, OsStr::new("below"), CREATOR).expect("free");
    let moved = disk.rename((Ino::ROOT, OsStr::new("incoming")), (below, OsStr::new("loop")), true);
    assert_eq!(moved, Err(Refusal::Invalid), "the tree stays a tree");
}
