//! Ordinary use: the volatile side behaves like any file system.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Seek, SeekFrom, Write};
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};

use rustix::fs::{FallocateFlags, fallocate, statvfs};

use super::mounted;

#[test]
fn files_and_directories_work_as_elsewhere() {
    let place = tempfile::tempdir().unwrap();
    let disk = mounted(place.path());
    let path = |name: &str| disk.path().join(name);
    fs::create_dir(path("shelf")).unwrap();
    fs::write(path("film"), b"0123456789").unwrap();
    fs::hard_link(path("film"), path("shelf/twin")).unwrap();
    assert_eq!(fs::metadata(path("film")).unwrap().nlink(), 2, "both names count");
    fs::rename(path("film"), path("shelf/film")).unwrap();
    assert!(!path("film").exists(), "the old name is gone");
    let file = OpenOptions::new().read(true).write(true).open(path("shelf/twin")).unwrap();
    file.write_all_at(b"xyz", 4).unwrap();
    assert_eq!(fs::read(path("shelf/film")).unwrap(), b"0123xyz789", "both names are one file");
    file.set_len(5).unwrap();
    fs::copy(path("shelf/film"), path("copy")).unwrap();
    assert_eq!(fs::read(path("copy")).unwrap(), b"0123x", "a copy needs no copy_file_range");
    let refused = fs::remove_dir(path("shelf")).unwrap_err();
    assert_eq!(refused.raw_os_error(), Some(libc::ENOTEMPTY), "a directory with entries stays");
    fs::remove_dir_all(path("shelf")).unwrap();
    assert_eq!(fs::read_dir(disk.path()).unwrap().count(), 1, "only the copy is left");
}

#[test]
fn appending_and_truncating_on_open_work() {
    let place = tempfile::tempdir().unwrap();
    let disk = mounted(place.path());
    let path = disk.path().join("log");
    for line in ["one\n", "two\n"] {
        OpenOptions::new().create(true).append(true).open(&path).unwrap().write_all(line.as_bytes()).unwrap();
    }
    assert_eq!(fs::read(&path).unwrap(), b"one\ntwo\n", "each handle appends at the end");
    fs::write(&path, b"new").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"new", "opening with truncation empties the file first");
}

#[test]
fn a_large_directory_is_listed_whole_and_can_be_emptied_while_it_is_read() {
    let place = tempfile::tempdir().unwrap();
    let disk = mounted(place.path());
    let names: BTreeSet<String> = (0..1000).map(|n| format!("a-rather-long-name-{n:04}")).collect();
    for name in &names {
        File::create(disk.path().join(name)).unwrap();
    }
    let listed: BTreeSet<String> =
        fs::read_dir(disk.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(listed, names, "a listing over many requests misses and repeats nothing");
    for entry in fs::read_dir(disk.path()).unwrap() {
        fs::remove_file(entry.unwrap().path()).unwrap();
    }
    assert_eq!(fs::read_dir(disk.path()).unwrap().count(), 0, "each entry was met while others were removed");
}

#[test]
fn locks_exclude_other_handles() {
    let place = tempfile::tempdir().unwrap();
    let disk = mounted(place.path());
    let path = disk.path().join("lock");
    let (first, second) = (File::create(&path).unwrap(), File::open(&path).unwrap());
    first.lock().unwrap();
    assert!(matches!(second.try_lock(), Err(TryLockError::WouldBlock)), "one holder at a time");
    drop(first);
    second.try_lock().expect("the lock ends with its handle");
}

#[test]
fn space_can_be_reserved_and_given_back() {
    let place = tempfile::tempdir().unwrap();
    let disk = mounted(place.path());
    let free = || statvfs(disk.path()).unwrap().f_bavail;
    let before = free();
    let mut file = OpenOptions::new().create_new(true).read(true).write(true).open(disk.path().join("film")).unwrap();
    fallocate(&file, FallocateFlags::empty(), 0, 1 << 20).unwrap();
    assert_eq!(file.metadata().unwrap().len(), 1 << 20, "mode 0 lets the file grow");
    fallocate(&file, FallocateFlags::KEEP_SIZE, 1 << 20, 1 << 20).unwrap();
    assert_eq!(file.metadata().unwrap().len(), 1 << 20, "KEEP_SIZE does not");
    assert_eq!(before - free(), 512, "both are 512 sectors of 4 KiB");
    file.write_all(&[7; 8192]).unwrap();
    fallocate(&file, FallocateFlags::PUNCH_HOLE | FallocateFlags::KEEP_SIZE, 0, 4096).unwrap();
    let mut bytes = [1; 8192];
    file.read_exact_at(&mut bytes, 0).unwrap();
    assert!(bytes[..4096] == [0; 4096] && bytes[4096..] == [7; 4096], "a hole reads as zeros");
    assert_eq!(file.metadata().unwrap().blocks(), 511 * 8, "and owns no space");
    let refused = fallocate(&file, FallocateFlags::ZERO_RANGE, 0, 4096).unwrap_err();
    assert_eq!(refused, rustix::io::Errno::OPNOTSUPP, "other modes are refused");
    assert_eq!(file.seek(SeekFrom::End(0)).unwrap(), 1 << 20, "seeking goes by the size");
}

#[test]
fn what_is_not_offered_is_refused_clearly() {
    let place = tempfile::tempdir().unwrap();
    let disk = mounted(place.path());
    let path = disk.path().join("film");
    fs::write(&path, b"film").unwrap();
    let attribute = rustix::fs::setxattr(&path, "user.note", b"x", rustix::fs::XattrFlags::empty());
    assert_eq!(attribute, Err(rustix::io::Errno::OPNOTSUPP), "there are no extended attributes");
    let synchronous = OpenOptions::new().write(true).custom_flags(libc::O_SYNC).open(&path).unwrap_err();
    assert_eq!(synchronous.raw_os_error(), Some(libc::EOPNOTSUPP), "there are no synchronous handles");
    let symbolic = std::os::unix::fs::symlink(&path, disk.path().join("alias")).unwrap_err();
    assert_eq!(symbolic.raw_os_error(), Some(libc::EOPNOTSUPP), "there are no symbolic links");
    let name = "n".repeat(256);
    let long = File::create(disk.path().join(name)).unwrap_err();
    assert_eq!(long.raw_os_error(), Some(libc::ENAMETOOLONG), "names end at 255 bytes");
}
