//! The full disk, the read-only disk, and what becomes of the mount.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::FileExt;

use rustix::fs::statvfs;

use super::{DiskSize, ForgetfulDisk, is_mounted, mounted};

#[test]
fn the_disk_is_full_after_so_many_bytes() {
    let place = tempfile::tempdir().unwrap();
    let disk = mounted(place.path());
    let file = File::create(disk.path().join("film")).unwrap();
    disk.fail_after(DiskSize::mebibytes(1));
    assert_eq!(statvfs(disk.path()).unwrap().f_bavail, 256, "a MiB in sectors of 4 KiB is free");
    file.write_all_at(&vec![1; 1 << 20], 0).unwrap();
    let refused = file.write_at(b"x", 1 << 20).unwrap_err();
    assert_eq!(refused.raw_os_error(), Some(libc::ENOSPC), "not one byte more");
    fs::remove_file(disk.path().join("film")).unwrap();
    drop(file);
    fs::write(disk.path().join("other"), [1; 4096]).expect("removing the file made space");
}

#[test]
fn a_read_only_disk_reads_and_refuses_changes() {
    let place = tempfile::tempdir().unwrap();
    let disk = mounted(place.path());
    let path = disk.path().join("film");
    fs::write(&path, b"film").unwrap();
    let mut open = File::options().append(true).open(&path).unwrap();
    disk.deny_writes(true);
    assert_eq!(fs::read(&path).unwrap(), b"film", "reading goes on");
    let refused = [
        open.write(b"x").err(),
        File::options().write(true).open(&path).err(),
        fs::create_dir(disk.path().join("shelf")).err(),
        fs::remove_file(&path).err(),
    ];
    for refusal in refused {
        let errno = refusal.as_ref().and_then(std::io::Error::raw_os_error);
        assert_eq!(errno, Some(libc::EROFS), "open handles, new ones and names are refused alike");
    }
    disk.deny_writes(false);
    open.write_all(b"x").expect("the disk takes writes again");
}

#[test]
fn the_mount_ends_with_its_owner_even_in_a_panic_with_open_handles() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().to_owned();
    let outcome = std::thread::spawn(move || {
        let disk = mounted(&path);
        let file = File::create(disk.path().join("film")).unwrap();
        std::panic::resume_unwind(Box::new((disk, file)));
    })
    .join();
    let held = outcome.expect_err("the thread panicked").downcast::<(ForgetfulDisk, File)>().unwrap();
    let (disk, file) = *held;
    assert!(is_mounted(disk.path()), "the disk lives as long as its owner");
    drop(disk);
    assert!(!is_mounted(place.path()), "a busy mount is taken away too");
    file.write_at(b"x", 0).expect_err("the handle of the old world is dead");
    drop(mounted(place.path()));
    assert!(!is_mounted(place.path()), "and the directory can be used again");
}

#[test]
fn a_mount_point_is_not_mounted_over() {
    let place = tempfile::tempdir().unwrap();
    let _disk = mounted(place.path());
    let second = ForgetfulDisk::mount(place.path(), DiskSize::mebibytes(1)).err().expect("one disk a directory");
    assert!(second.to_string().contains("mount point already"), "the error says why: {second}");
}

#[test]
fn a_large_file_arrives_in_large_writes() {
    let place = tempfile::tempdir().unwrap();
    let disk = mounted(place.path());
    let file = File::create(disk.path().join("film")).unwrap();
    let before = disk.operations();
    let mebibyte = vec![7; 1 << 20];
    for n in 0..64 {
        file.write_all_at(&mebibyte, n << 20).unwrap();
    }
    let writes = disk.operations() - before;
    // The kernel splits a write where the program's memory is not at hand, so the figure is not exact.
    assert!(writes <= 2 * 64, "a write of 1 MiB is one operation or few, not {writes} in all");
    assert_eq!(file.metadata().unwrap().len(), 64 << 20, "all of it is there");
}
