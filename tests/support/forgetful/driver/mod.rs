//! Answers the kernel: each FUSE request becomes one operation on the model, each refusal its errno.
//!
//! Owner of nothing but the listings of open directories. What is not here (extended attributes, special files,
//! symbolic links, locks, `copy_file_range`, ioctl) keeps the default of `fuser`: a refusal that the kernel knows how
//! to handle. File locks then work inside the kernel, which is right for one machine.
//!
//! Invariants: no write-back cache, so what `write` returned for has arrived here; nothing is cached by time, so a disk
//! without power is noticed at the next operation. Pages mapped with `mmap` arrive when the kernel writes them back,
//! at msync or fsync at the latest.

mod filesystem;
mod listing;
mod translation;

use std::ffi::OsStr;
use std::sync::Arc;
use std::time::SystemTime;

use fuser::{FileAttr, INodeNo, OpenAccMode, OpenFlags, Request, TimeOrNow};

use super::model::{Disk, Ino, Refusal};
use super::power::Power;
use listing::Listings;
use translation::{creator, file_attr, permissions};

/// The FUSE side of a disk.
pub(super) struct Driver {
    power: Arc<Power>,
    listings: Listings,
}

impl Driver {
    pub(super) fn new(power: Arc<Power>) -> Self {
        Self { power, listings: Listings::default() }
    }

    fn open_file(&self, ino: INodeNo, flags: OpenFlags) -> Result<(), Refusal> {
        refuse_synchronous(flags)?;
        if flags.acc_mode() != OpenAccMode::O_RDONLY && self.power.is_read_only() {
            return Err(Refusal::ReadOnly);
        }
        self.power.adjust(|disk| disk.open(Ino(ino.0)))?
    }

    fn create_file(
        &self,
        req: &Request,
        parent: INodeNo,
        name: &OsStr,
        mode: u32,
        flags: OpenFlags,
    ) -> Result<FileAttr, Refusal> {
        refuse_synchronous(flags)?;
        self.power.change(|disk| {
            let ino = disk.create(Ino(parent.0), name, creator(req, mode))?;
            disk.open(ino)?;
            disk.stat(ino).map(file_attr)
        })
    }
}

/// What `setattr` shall change; absent is unchanged.
struct Wanted {
    mode: Option<u32>,
    uid: Option<u32>,
    gid: Option<u32>,
    size: Option<u64>,
    accessed: Option<TimeOrNow>,
    modified: Option<TimeOrNow>,
}

impl Wanted {
    fn apply(self, disk: &mut Disk, ino: Ino) -> Result<FileAttr, Refusal> {
        self.size.map_or(Ok(()), |size| disk.truncate(ino, size))?;
        let now = disk.now;
        let set = disk.set_attributes(ino, |attributes| {
            attributes.permissions = self.mode.map_or(attributes.permissions, permissions);
            attributes.uid = self.uid.unwrap_or(attributes.uid);
            attributes.gid = self.gid.unwrap_or(attributes.gid);
            attributes.accessed = self.accessed.map_or(attributes.accessed, |time| moment(time, now));
            attributes.modified = self.modified.map_or(attributes.modified, |time| moment(time, now));
        });
        set.map(file_attr)
    }
}

fn moment(time: TimeOrNow, now: SystemTime) -> SystemTime {
    match time {
        TimeOrNow::SpecificTime(time) => time,
        TimeOrNow::Now => now,
    }
}

/// Synchronous handles are refused rather than made up: a disk that forgets must know exactly what was synced.
fn refuse_synchronous(flags: OpenFlags) -> Result<(), Refusal> {
    if flags.0 & libc::O_DSYNC == 0 { Ok(()) } else { Err(Refusal::Unsupported) }
}
