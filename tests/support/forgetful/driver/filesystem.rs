//! The table of FUSE requests: one method each, in the order of the trait. Anything longer than a call lives in the
//! parent module.

use std::ffi::OsStr;
use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime};

use fuser::{
    BsdFileFlags, Errno, FileAttr, FileHandle, Filesystem, FopenFlags, Generation, INodeNo, KernelConfig, LockOwner,
    OpenFlags, RenameFlags, ReplyAttr, ReplyCreate, ReplyData, ReplyDirectory, ReplyEmpty, ReplyEntry, ReplyOpen,
    ReplyStatfs, ReplyWrite, Request, TimeOrNow, WriteFlags,
};

use super::translation::{allocation, creator, errno, file_attr};
use super::{Driver, Wanted, refuse_synchronous};
use crate::forgetful::model::{Disk, Ino, LONGEST_NAME, Refusal, SECTOR_LENGTH};

/// How long the kernel may believe what it was told.
const BELIEVED: Duration = Duration::ZERO;
/// The largest write in bytes that the kernel hands over at once.
const LARGEST_WRITE: u32 = 1 << 20;
/// One for all: numbers of inodes are never reused.
const GENERATION: Generation = Generation(0);
/// Only the kernel changes what it caches, so the cache of an earlier handle is right for a later one.
const OPENED: FopenFlags = FopenFlags::FOPEN_KEEP_CACHE;

impl Filesystem for Driver {
    fn init(&mut self, _req: &Request, config: &mut KernelConfig) -> io::Result<()> {
        config
            .set_max_write(LARGEST_WRITE)
            .map_err(|most| io::Error::other(format!("at most {most} bytes a write")))?;
        Ok(())
    }

    fn lookup(&self, _req: &Request, parent: INodeNo, name: &OsStr, reply: ReplyEntry) {
        entry(self.power.observe(|disk| disk.lookup(Ino(parent.0), name)).map(file_attr), reply);
    }

    fn getattr(&self, _req: &Request, ino: INodeNo, _fh: Option<FileHandle>, reply: ReplyAttr) {
        attr(self.power.observe(|disk| disk.stat(Ino(ino.0))).map(file_attr), reply);
    }

    fn setattr(
        &self,
        _req: &Request,
        ino: INodeNo,
        mode: Option<u32>,
        uid: Option<u32>,
        gid: Option<u32>,
        size: Option<u64>,
        accessed: Option<TimeOrNow>,
        modified: Option<TimeOrNow>,
        _ctime: Option<SystemTime>,
        _fh: Option<FileHandle>,
        _crtime: Option<SystemTime>,
        _chgtime: Option<SystemTime>,
        _bkuptime: Option<SystemTime>,
        _flags: Option<BsdFileFlags>,
        reply: ReplyAttr,
    ) {
        let wanted = Wanted { mode, uid, gid, size, accessed, modified };
        attr(self.power.change(|disk| wanted.apply(disk, Ino(ino.0))), reply);
    }

    fn mkdir(&self, req: &Request, parent: INodeNo, name: &OsStr, mode: u32, _umask: u32, reply: ReplyEntry) {
        let make = |disk: &mut Disk| {
            let ino = disk.make_directory(Ino(parent.0), name, creator(req, mode))?;
            disk.stat(ino)
        };
        entry(self.power.change(make).map(file_attr), reply);
    }

    fn unlink(&self, _req: &Request, parent: INodeNo, name: &OsStr, reply: ReplyEmpty) {
        empty(self.power.change(|disk| disk.unlink(Ino(parent.0), name)), reply);
    }

    fn rmdir(&self, _req: &Request, parent: INodeNo, name: &OsStr, reply: ReplyEmpty) {
        empty(self.power.change(|disk| disk.remove_directory(Ino(parent.0), name)), reply);
    }

    fn symlink(&self, _req: &Request, _parent: INodeNo, _name: &OsStr, _target: &Path, reply: ReplyEntry) {
        entry(Err(Refusal::Unsupported), reply);
    }

    fn rename(
        &self,
        _req: &Request,
        parent: INodeNo,
        name: &OsStr,
        new_parent: INodeNo,
        new_name: &OsStr,
        flags: RenameFlags,
        reply: ReplyEmpty,
    ) {
        if !RenameFlags::RENAME_NOREPLACE.contains(flags) {
            return reply.error(Errno::EINVAL);
        }
        let (from, to) = ((Ino(parent.0), name), (Ino(new_parent.0), new_name));
        empty(self.power.change(|disk| disk.rename(from, to, flags.is_empty())), reply);
    }

    fn link(&self, _req: &Request, ino: INodeNo, new_parent: INodeNo, new_name: &OsStr, reply: ReplyEntry) {
        entry(self.power.change(|disk| disk.link(Ino(ino.0), Ino(new_parent.0), new_name)).map(file_attr), reply);
    }

    fn create(
        &self,
        req: &Request,
        parent: INodeNo,
        name: &OsStr,
        mode: u32,
        _umask: u32,
        flags: i32,
        reply: ReplyCreate,
    ) {
        match self.create_file(req, parent, name, mode, OpenFlags(flags)) {
            Ok(attr) => reply.created(&BELIEVED, &attr, GENERATION, FileHandle(0), OPENED),
            Err(refusal) => reply.error(errno(refusal)),
        }
    }

    fn open(&self, _req: &Request, ino: INodeNo, flags: OpenFlags, reply: ReplyOpen) {
        match self.open_file(ino, flags) {
            Ok(()) => reply.opened(FileHandle(0), OPENED),
            Err(refusal) => reply.error(errno(refusal)),
        }
    }

    fn release(
        &self,
        _req: &Request,
        ino: INodeNo,
        _fh: FileHandle,
        _flags: OpenFlags,
        _lock_owner: Option<LockOwner>,
        _flush: bool,
        reply: ReplyEmpty,
    ) {
        empty(self.power.adjust(|disk| disk.release(Ino(ino.0))).flatten(), reply);
    }

    fn read(
        &self,
        _req: &Request,
        ino: INodeNo,
        _fh: FileHandle,
        offset: u64,
        size: u32,
        _flags: OpenFlags,
        _lock_owner: Option<LockOwner>,
        reply: ReplyData,
    ) {
        match self.power.recall(|disk| disk.read(Ino(ino.0), offset, size as usize)) {
            Ok(bytes) => reply.data(&bytes),
            Err(refusal) => reply.error(errno(refusal)),
        }
    }

    fn write(
        &self,
        _req: &Request,
        ino: INodeNo,
        _fh: FileHandle,
        offset: u64,
        bytes: &[u8],
        _write_flags: WriteFlags,
        flags: OpenFlags,
        _lock_owner: Option<LockOwner>,
        reply: ReplyWrite,
    ) {
        let write = || {
            refuse_synchronous(flags)?;
            self.power.change(|disk| disk.write(Ino(ino.0), offset, bytes))
        };
        match write() {
            Ok(()) => reply.written(bytes.len() as u32),
            Err(refusal) => reply.error(errno(refusal)),
        }
    }

    fn fallocate(
        &self,
        _req: &Request,
        ino: INodeNo,
        _fh: FileHandle,
        offset: u64,
        length: u64,
        mode: i32,
        reply: ReplyEmpty,
    ) {
        let allocate = |how| self.power.change(|disk| disk.allocate(Ino(ino.0), offset, length, how));
        empty(allocation(mode).and_then(allocate), reply);
    }

    fn fsync(&self, _req: &Request, ino: INodeNo, _fh: FileHandle, _data_only: bool, reply: ReplyEmpty) {
        empty(self.power.sync_file(Ino(ino.0)), reply);
    }

    fn fsyncdir(&self, _req: &Request, ino: INodeNo, _fh: FileHandle, _data_only: bool, reply: ReplyEmpty) {
        empty(self.power.synchronise(|disk| disk.sync_directory(Ino(ino.0))), reply);
    }

    fn opendir(&self, _req: &Request, _ino: INodeNo, _flags: OpenFlags, reply: ReplyOpen) {
        reply.opened(self.listings.open(), FopenFlags::empty());
    }

    fn readdir(&self, _req: &Request, ino: INodeNo, fh: FileHandle, offset: u64, reply: ReplyDirectory) {
        self.listings.read(&self.power, Ino(ino.0), fh, offset, reply);
    }

    fn releasedir(&self, _req: &Request, _ino: INodeNo, fh: FileHandle, _flags: OpenFlags, reply: ReplyEmpty) {
        self.listings.close(fh);
        reply.ok();
    }

    fn statfs(&self, _req: &Request, _ino: INodeNo, reply: ReplyStatfs) {
        let sector = SECTOR_LENGTH as u32;
        match self.power.observe(|disk| Ok((disk.capacity() / SECTOR_LENGTH, disk.free() / SECTOR_LENGTH))) {
            Ok((size, free)) => reply.statfs(size, free, free, free, free, sector, LONGEST_NAME as u32, sector),
            Err(refusal) => reply.error(errno(refusal)),
        }
    }
}

fn empty(outcome: Result<(), Refusal>, reply: ReplyEmpty) {
    match outcome {
        Ok(()) => reply.ok(),
        Err(refusal) => reply.error(errno(refusal)),
    }
}

fn entry(outcome: Result<FileAttr, Refusal>, reply: ReplyEntry) {
    match outcome {
        Ok(attr) => reply.entry(&BELIEVED, &attr, GENERATION),
        Err(refusal) => reply.error(errno(refusal)),
    }
}

fn attr(outcome: Result<FileAttr, Refusal>, reply: ReplyAttr) {
    match outcome {
        Ok(attr) => reply.attr(&BELIEVED, &attr),
        Err(refusal) => reply.error(errno(refusal)),
    }
}
