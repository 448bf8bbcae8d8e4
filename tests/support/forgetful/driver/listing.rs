//! The listings of open directories.
//!
//! A listing is taken when a reader starts at the beginning and stays as it was, so that a reader who removes entries
//! while it reads meets each entry once. Invariant: a listing lives from `opendir` to `releasedir`.

use std::collections::HashMap;
use std::ffi::OsString;
use std::sync::{Mutex, MutexGuard, PoisonError};

use fuser::{FileHandle, FileType, INodeNo, ReplyDirectory};

use super::translation::{errno, file_type};
use crate::forgetful::model::{Ino, Refusal};
use crate::forgetful::power::Power;

/// All open listings by their handle.
#[derive(Default)]
pub(super) struct Listings(Mutex<Open>);

#[derive(Default)]
struct Open {
    last: u64,
    listings: HashMap<u64, Vec<Line>>,
}

struct Line {
    ino: Ino,
    kind: FileType,
    name: OsString,
}

impl Listings {
    pub(super) fn open(&self) -> FileHandle {
        let mut open = self.lock();
        open.last += 1;
        let handle = open.last;
        open.listings.insert(handle, Vec::new());
        FileHandle(handle)
    }

    pub(super) fn close(&self, handle: FileHandle) {
        self.lock().listings.remove(&handle.0);
    }

    pub(super) fn read(&self, power: &Power, ino: Ino, handle: FileHandle, offset: u64, mut reply: ReplyDirectory) {
        let mut open = self.lock();
        let listing = open.listings.entry(handle.0).or_default();
        if offset == 0 {
            match take(power, ino) {
                Ok(lines) => *listing = lines,
                Err(refusal) => return reply.error(errno(refusal)),
            }
        }
        for (line, next) in listing.iter().zip(1..).skip(offset as usize) {
            if reply.add(INodeNo(line.ino.0), next, line.kind, &line.name) {
                break;
            }
        }
        reply.ok();
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn take(power: &Power, ino: Ino) -> Result<Vec<Line>, Refusal> {
    power.observe(|disk| {
        let directory = |ino, name: &str| Line { ino, kind: FileType::Directory, name: name.into() };
        let mut lines = vec![directory(ino, "."), directory(disk.parent(ino), "..")];
        let entries = disk.list(ino)?.into_iter();
        lines.extend(entries.map(|(name, stat)| Line { ino: stat.ino, kind: file_type(&stat), name }));
        Ok(lines)
    })
}
