//! How the disk fills and empties.

use std::ffi::OsStr;

use super::{CREATOR, empty_disk};
use crate::forgetful::model::{Allocation, Disk, Ino, Refusal, SECTOR_LENGTH};

const MEBIBYTE: u64 = 1 << 20;

fn disk_with_file() -> (Disk, Ino) {
    let mut disk = empty_disk();
    let ino = disk.create(Ino::ROOT, OsStr::new("film"), CREATOR).expect("the name is free");
    (disk, ino)
}

#[test]
fn a_full_disk_refuses_the_whole_write_and_takes_overwrites() {
    let (mut disk, ino) = disk_with_file();
    disk.limit_free(2 * SECTOR_LENGTH);
    let sectors = vec![7; 2 * SECTOR_LENGTH as usize];
    assert_eq!(disk.write(ino, 1, &sectors), Err(Refusal::NoSpace), "three sectors do not fit");
    assert_eq!(disk.stat(ino).map(|stat| stat.size), Ok(0), "nothing of it was written");
    assert_eq!(disk.write(ino, 0, &sectors), Ok(()), "two sectors fit");
    assert_eq!(disk.write(ino, 0, &sectors), Ok(()), "writing them again needs no space");
    assert_eq!(disk.free(), 0, "and the disk is full");
}

#[test]
fn reserved_space_is_there_when_the_disk_is_full() {
    let (mut disk, ino) = disk_with_file();
    disk.allocate(ino, 0, MEBIBYTE, Allocation::KeepSize).expect("there is space");
    disk.limit_free(0);
    assert_eq!(disk.stat(ino).map(|stat| stat.size), Ok(0), "the size was kept");
    assert_eq!(disk.write(ino, 0, &vec![1; MEBIBYTE as usize]), Ok(()), "a reservation is a promise");
    assert_eq!(disk.write(ino, MEBIBYTE, &[1]), Err(Refusal::NoSpace), "beyond it there is none");
}

#[test]
fn truncating_punching_and_removing_give_space_back() {
    let (mut disk, ino) = disk_with_file();
    disk.limit_free(MEBIBYTE);
    disk.write(ino, 0, &vec![1; MEBIBYTE as usize]).expect("it fits exactly");
    disk.allocate(ino, 0, SECTOR_LENGTH, Allocation::PunchHole).expect("a hole needs no space");
    assert_eq!(disk.free(), SECTOR_LENGTH, "the hole is free");
    disk.truncate(ino, MEBIBYTE / 2).expect("shrinking needs no space");
    assert_eq!(disk.free(), MEBIBYTE / 2 + SECTOR_LENGTH, "the tail is free");
    disk.open(ino).expect("the file is there");
    disk.unlink(Ino::ROOT, OsStr::new("film")).expect("the file is there");
    assert_eq!(disk.free(), MEBIBYTE / 2 + SECTOR_LENGTH, "an open file keeps its space");
    disk.release(ino).expect("the file is there");
    assert_eq!(disk.free(), MEBIBYTE, "everything is free");
}

#[test]
fn a_cut_counts_the_space_anew() {
    let (mut disk, ino) = disk_with_file();
    disk.write(ino, 0, &vec![1; MEBIBYTE as usize]).expect("there is space");
    disk.sync_file(ino).expect("it is a file");
    disk.sync_directory(Ino::ROOT).expect("it is a directory");
    disk.create(Ino::ROOT, OsStr::new("other"), CREATOR).expect("the name is free");
    let left = disk.cut(3);
    assert_eq!(left.capacity() - left.free(), MEBIBYTE, "what survived takes space, and nothing else");
}
