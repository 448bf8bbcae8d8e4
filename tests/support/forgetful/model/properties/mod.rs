//! Properties of the pure disk, over random histories and random cuts.

mod bytes;
mod space;
mod tree;

use std::time::SystemTime;

use super::{Creator, Disk};

const CREATOR: Creator = Creator { permissions: 0o644, uid: 0, gid: 0 };

fn empty_disk() -> Disk {
    Disk::empty(1 << 30, 0, 0, SystemTime::UNIX_EPOCH)
}
