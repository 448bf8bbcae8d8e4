//! The disk as programs meet it: really mounted, used through the kernel.

mod cuts;
mod files;
mod limits;
mod python;

use std::fs::File;
use std::path::Path;

use super::{DiskSize, ForgetfulDisk, SurvivingImage};

/// An empty disk of 256 MiB.
fn mounted(directory: &Path) -> ForgetfulDisk {
    ForgetfulDisk::mount(directory, DiskSize::mebibytes(256)).expect("mounting needs /dev/fuse and the right to mount")
}

/// Cuts the power and switches it on again.
fn cut_and_mount(disk: ForgetfulDisk, seed: u64) -> ForgetfulDisk {
    let directory = disk.path().to_owned();
    power_on(&disk.cut(seed), &directory)
}

fn power_on(image: &SurvivingImage, directory: &Path) -> ForgetfulDisk {
    image.mount(directory).expect("the directory is free again")
}

fn sync_directory(path: &Path) {
    File::open(path).and_then(|directory| directory.sync_all()).expect("fsync of a directory works");
}

/// Whether the kernel's table of mounts names `path`.
fn is_mounted(path: &Path) -> bool {
    let table = std::fs::read_to_string("/proc/self/mounts").expect("the kernel lists its mounts");
    table.lines().any(|line| line.split(' ').nth(1) == path.to_str())
}
