//! What is in a file, before and after a cut.

use std::ffi::OsStr;

use proptest::prelude::*;

use super::{CREATOR, empty_disk};
use crate::forgetful::model::{Allocation, Disk, Ino, SECTOR_LENGTH};

const SECTOR: usize = SECTOR_LENGTH as usize;
const NAME: &str = "film";

/// One thing done to the file. Offsets lie around sector borders.
#[derive(Clone, Debug)]
enum Step {
    Write { offset: usize, length: usize },
    Truncate(usize),
    Reserve { offset: usize, length: usize },
    Punch { offset: usize, length: usize },
    Sync,
}

fn position() -> impl Strategy<Value = usize> {
    (0..5_usize, prop_oneof![Just(0), Just(1), Just(100), Just(SECTOR - 1)]).prop_map(|(n, odd)| n * SECTOR + odd)
}

fn length() -> impl Strategy<Value = usize> {
    prop_oneof![Just(1), Just(50), Just(SECTOR), Just(SECTOR + 7), Just(3 * SECTOR)]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (position(), length()).prop_map(|(offset, length)| Step::Write { offset, length }),
        2 => position().prop_map(Step::Truncate),
        1 => (position(), length()).prop_map(|(offset, length)| Step::Reserve { offset, length }),
        1 => (position(), length()).prop_map(|(offset, length)| Step::Punch { offset, length }),
        1 => Just(Step::Sync),
    ]
}

/// The simplest thing that could be a file, with every content it had since the last sync.
struct Reference {
    now: Vec<u8>,
    since_sync: Vec<Vec<u8>>,
}

impl Reference {
    fn apply(&mut self, step: &Step, mark: u8) {
        match *step {
            Step::Write { offset, length } => {
                self.now.resize(self.now.len().max(offset + length), 0);
                self.now[offset..offset + length].fill(mark);
            }
            Step::Truncate(size) => self.now.resize(size, 0),
            Step::Reserve { offset, length } => self.now.resize(self.now.len().max(offset + length), 0),
            Step::Punch { offset, length } => {
                let end = self.now.len().min(offset + length);
                self.now[offset.min(end)..end].fill(0);
            }
            Step::Sync => self.since_sync.clear(),
        }
        self.since_sync.push(self.now.clone());
    }

    /// Whether sector `number` may hold `found` in a file that is then `size` long: what it held at one instant since
    /// the last sync, but for bytes that were zero at another (a truncation survives without the writes before it).
    fn may_hold(&self, number: usize, found: &[u8], size: usize) -> bool {
        let instants: Vec<Vec<u8>> = self.since_sync.iter().map(|content| sector(content, number, size)).collect();
        let was_zero = |at: usize| instants.iter().any(|instant| instant[at] == 0);
        let explains = |instant: &Vec<u8>| {
            let mut bytes = instant.iter().zip(found).enumerate();
            bytes.all(|(at, (held, found))| held == found || (*found == 0 && was_zero(at)))
        };
        instants.iter().any(explains)
    }
}

/// One sector of a content of which only `size` bytes count, padded with zeros.
fn sector(content: &[u8], number: usize, size: usize) -> Vec<u8> {
    let start = number * SECTOR;
    let end = content.len().min(size).min(start + SECTOR);
    let mut bytes = content.get(start..end).unwrap_or_default().to_vec();
    bytes.resize(SECTOR, 0);
    bytes
}

fn apply(disk: &mut Disk, ino: Ino, step: &Step, mark: u8) {
    match *step {
        Step::Write { offset, length } => disk.write(ino, offset as u64, &vec![mark; length]),
        Step::Truncate(size) => disk.truncate(ino, size as u64),
        Step::Reserve { offset, length } => disk.allocate(ino, offset as u64, length as u64, Allocation::Grow),
        Step::Punch { offset, length } => disk.allocate(ino, offset as u64, length as u64, Allocation::PunchHole),
        Step::Sync => disk.sync_file(ino),
    }
    .expect("a large disk refuses none of these");
}

/// A file with a durable name and an empty durable content, and `steps` done to it.
fn run(steps: &[Step]) -> (Disk, Ino, Reference) {
    let mut disk = empty_disk();
    let ino = disk.create(Ino::ROOT, OsStr::new(NAME), CREATOR).expect("the name is free");
    disk.sync_directory(Ino::ROOT).expect("the root is a directory");
    let mut reference = Reference { now: Vec::new(), since_sync: vec![Vec::new()] };
    for (step, mark) in steps.iter().zip(1..) {
        apply(&mut disk, ino, step, mark);
        reference.apply(step, mark);
    }
    (disk, ino, reference)
}

fn content(disk: &Disk) -> Vec<u8> {
    let stat = disk.lookup(Ino::ROOT, OsStr::new(NAME)).expect("a synced name survives");
    disk.read(stat.ino, 0, stat.size as usize).expect("the file is there")
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(step(), 0..30)
}

proptest! {
    #[test]
    fn running_programs_see_what_they_wrote(steps in steps()) {
        let (disk, _, reference) = run(&steps);
        prop_assert!(content(&disk) == reference.now, "the volatile file is an ordinary file");
    }

    #[test]
    fn a_cut_after_a_sync_keeps_every_byte(steps in steps(), seed: u64) {
        let (mut disk, ino, reference) = run(&steps);
        disk.sync_file(ino).expect("it is a file");
        prop_assert!(content(&disk.cut(seed)) == reference.now, "what was synced is there, whatever the seed");
    }

    #[test]
    fn a_cut_leaves_only_what_was_there_since_the_last_sync(steps in steps(), seed: u64) {
        let (disk, ino, reference) = run(&steps);
        let mut survivor = disk.cut(seed);
        let left = content(&survivor);
        let sizes: Vec<usize> = reference.since_sync.iter().map(Vec::len).collect();
        prop_assert!(sizes.contains(&left.len()), "size {} was never the file's, of {sizes:?}", left.len());
        for number in 0..left.len().div_ceil(SECTOR) {
            let found = sector(&left, number, left.len());
            prop_assert!(reference.may_hold(number, &found, left.len()), "sector {number} holds what it never held");
        }
        survivor.truncate(ino, (left.len() + 2 * SECTOR) as u64).expect("a hole fits");
        prop_assert!(content(&survivor)[left.len()..].iter().all(|byte| *byte == 0), "growing shows no old bytes");
    }

    #[test]
    fn the_same_seed_leaves_the_same_disk(steps in steps(), seed: u64) {
        let (disk, _, _) = run(&steps);
        let survivor = disk.cut(seed);
        prop_assert!(disk.cut(seed) == survivor, "a cut is a function of the disk and the seed");
        prop_assert!(survivor.cut(seed ^ 1) == survivor, "what survived one cut is durable in the next");
    }
}

/// Every outcome that a naive program forgets about does occur.
#[test]
fn cuts_tear_reorder_and_part_size_from_bytes() {
    let steps = [
        Step::Write { offset: 0, length: 2 * SECTOR },
        Step::Sync,
        Step::Write { offset: 0, length: SECTOR },
        Step::Write { offset: SECTOR, length: 2 * SECTOR },
    ];
    let (disk, _, _) = run(&steps);
    let left: Vec<Vec<u8>> = (0..200).map(|seed| content(&disk.cut(seed))).collect();
    let occurs = |what: &str, holds: &dyn Fn(&Vec<u8>) -> bool| assert!(left.iter().any(holds), "{what} never occurs");
    occurs("all lost", &|c| *c == vec![1; 2 * SECTOR]);
    occurs("all kept", &|c| *c == [vec![3; SECTOR], vec![4; 2 * SECTOR]].concat());
    occurs("later write without the earlier", &|c| c[0] == 1 && c[SECTOR] == 4);
    occurs("torn write", &|c| c.len() == 3 * SECTOR && (c[SECTOR] == 4) != (c[2 * SECTOR] == 4));
    occurs("size without bytes", &|c| {
        c.len() == 3 * SECTOR && c[..2 * SECTOR] == [1; 2 * SECTOR] && c[2 * SECTOR] == 0
    });
    occurs("bytes without size", &|c| c.len() == 2 * SECTOR && c[SECTOR] == 4);
}
