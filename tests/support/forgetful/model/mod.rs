//! The disk as a pure state machine: no kernel, no clock, no thread.
//!
//! A [`Disk`] holds every file and directory twice: *volatile* is what running programs see, *durable* is what a power
//! cut leaves for certain. [`Disk::cut`] yields a disk whose volatile and durable states are the same survivor.
//!
//! What counts as synced is strict POSIX: fsync of a file makes its bytes and size durable, never its name; fsync of a
//! directory makes its entries durable, never the files' bytes. Permissions, owners and times are not forgotten: no
//! test is about them.
//!
//! Invariant: `used` is the space of every file that has a name or is open, in whole sectors.

mod content;
mod cut;
mod entries;
mod extents;
mod files;
mod image;
mod names;
#[cfg(test)]
mod properties;
mod whim;

use std::collections::BTreeMap;
use std::time::SystemTime;

pub(super) use entries::{Creator, LONGEST_NAME};
pub(super) use files::Allocation;

use content::Content;
use image::SECTOR;
use names::Names;

/// Bytes in a sector, the unit of allocation and of tearing.
pub(super) const SECTOR_LENGTH: u64 = SECTOR;

/// The number of a file or directory; never used twice on one disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Ino(pub(super) u64);

impl Ino {
    /// The directory that the disk is mounted with.
    pub(super) const ROOT: Self = Self(1);
}

/// Why the disk did not do what was asked. Each has its errno in the driver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refusal {
    #[error("no such name or file")]
    NoEntry,
    #[error("the name is taken")]
    Exists,
    #[error("a directory is needed here")]
    NotDirectory,
    #[error("a file is needed here")]
    IsDirectory,
    #[error("the directory has entries")]
    NotEmpty,
    #[error("the name is longer than 255 bytes")]
    NameTooLong,
    #[error("a directory cannot move into itself, and a range must not be empty")]
    Invalid,
    #[error("the file would be too large")]
    TooLarge,
    #[error("the disk is full")]
    NoSpace,
    #[error("the disk takes no writes")]
    ReadOnly,
    #[error("the disk does not offer this operation")]
    Unsupported,
    #[error("the power is off")]
    PowerLost,
}

/// Permissions, owner and times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Attributes {
    pub(super) permissions: u16,
    pub(super) uid: u32,
    pub(super) gid: u32,
    pub(super) accessed: SystemTime,
    pub(super) modified: SystemTime,
    pub(super) changed: SystemTime,
}

/// What `stat` tells about a file or directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stat {
    pub(super) ino: Ino,
    pub(super) is_directory: bool,
    /// Bytes; 0 for a directory.
    pub(super) size: u64,
    /// Reserved space in bytes.
    pub(super) allocated: u64,
    pub(super) links: u32,
    pub(super) attributes: Attributes,
}

/// The whole disk in both states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Disk {
    /// The instant of the current operation. The caller sets it: the model reads no clock.
    pub(super) now: SystemTime,
    names: Names,
    inodes: BTreeMap<Ino, Inode>,
    next: u64,
    capacity: u64,
    used: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Inode {
    body: Body,
    attributes: Attributes,
    /// Names in the volatile tree.
    links: u32,
    /// Open handles.
    opens: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Body {
    File(Content),
    Directory,
}

impl Disk {
    /// An empty disk of `capacity` bytes whose root belongs to `uid` and `gid`.
    pub(super) fn empty(capacity: u64, uid: u32, gid: u32, now: SystemTime) -> Self {
        let attributes = Attributes { permissions: 0o755, uid, gid, accessed: now, modified: now, changed: now };
        let root = Inode { body: Body::Directory, attributes, links: 1, opens: 0 };
        let names = Names::settled(BTreeMap::from([(Ino::ROOT, BTreeMap::new())]));
        Self { now, names, inodes: BTreeMap::from([(Ino::ROOT, root)]), next: 2, capacity, used: 0 }
    }

    pub(super) fn stat(&self, ino: Ino) -> Result<Stat, Refusal> {
        let inode = self.inode(ino)?;
        let (size, allocated) = match &inode.body {
            Body::File(content) => (content.volatile.size, content.allocated()),
            Body::Directory => (0, 0),
        };
        let (is_directory, attributes) = (matches!(inode.body, Body::Directory), inode.attributes.clone());
        Ok(Stat { ino, is_directory, size, allocated, links: inode.links, attributes })
    }

    /// Changes permissions, owner or times.
    pub(super) fn set_attributes(&mut self, ino: Ino, set: impl FnOnce(&mut Attributes)) -> Result<Stat, Refusal> {
        let now = self.now;
        let attributes = &mut self.inode_mut(ino)?.attributes;
        attributes.changed = now;
        set(attributes);
        self.stat(ino)
    }

    /// The size of the disk in bytes.
    pub(super) fn capacity(&self) -> u64 {
        self.capacity
    }

    /// Bytes that can still be allocated.
    pub(super) fn free(&self) -> u64 {
        self.capacity.saturating_sub(self.used)
    }

    /// Makes the disk as large as what is on it and `bytes` more.
    pub(super) fn limit_free(&mut self, bytes: u64) {
        self.capacity = self.used.saturating_add(bytes);
    }

    /// A handle on the file exists: its bytes stay though its last name goes.
    pub(super) fn open(&mut self, ino: Ino) -> Result<(), Refusal> {
        let inode = self.inode_mut(ino)?;
        if inode.links == 0 && inode.opens == 0 {
            return Err(Refusal::NoEntry);
        }
        inode.opens += 1;
        Ok(())
    }

    /// A handle is closed.
    pub(super) fn release(&mut self, ino: Ino) -> Result<(), Refusal> {
        self.inode_mut(ino)?.opens -= 1;
        self.free_if_dead(ino);
        Ok(())
    }

    fn inode(&self, ino: Ino) -> Result<&Inode, Refusal> {
        self.inodes.get(&ino).ok_or(Refusal::NoEntry)
    }

    fn inode_mut(&mut self, ino: Ino) -> Result<&mut Inode, Refusal> {
        self.inodes.get_mut(&ino).ok_or(Refusal::NoEntry)
    }

    /// Gives the space of a file back that has neither name nor handle. Its bytes stay in memory: a cut may bring back
    /// a name that was removed and not synced.
    fn free_if_dead(&mut self, ino: Ino) {
        if let Some(Inode { body: Body::File(content), links: 0, opens: 0, .. }) = self.inodes.get(&ino) {
            self.used -= content.allocated();
        }
    }
}
