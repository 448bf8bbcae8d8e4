//! Between the words of the model and those of the kernel.

use fuser::{Errno, FileAttr, FileType, INodeNo, Request};

use crate::forgetful::model::{Allocation, Creator, Refusal, SECTOR_LENGTH, Stat};

/// `st_blocks` counts in these, whatever the sector.
const STAT_BLOCK: u64 = 512;

pub(super) fn errno(refusal: Refusal) -> Errno {
    match refusal {
        Refusal::NoEntry => Errno::ENOENT,
        Refusal::Exists => Errno::EEXIST,
        Refusal::NotDirectory => Errno::ENOTDIR,
        Refusal::IsDirectory => Errno::EISDIR,
        Refusal::NotEmpty => Errno::ENOTEMPTY,
        Refusal::NameTooLong => Errno::ENAMETOOLONG,
        Refusal::Invalid => Errno::EINVAL,
        Refusal::TooLarge => Errno::EFBIG,
        Refusal::NoSpace => Errno::ENOSPC,
        Refusal::ReadOnly => Errno::EROFS,
        Refusal::Unsupported => Errno::EOPNOTSUPP,
        Refusal::PowerLost => Errno::EIO,
    }
}

pub(super) fn file_attr(stat: Stat) -> FileAttr {
    FileAttr {
        ino: INodeNo(stat.ino.0),
        size: stat.size,
        blocks: stat.allocated / STAT_BLOCK,
        atime: stat.attributes.accessed,
        mtime: stat.attributes.modified,
        ctime: stat.attributes.changed,
        crtime: stat.attributes.changed,
        kind: file_type(&stat),
        perm: stat.attributes.permissions,
        nlink: stat.links,
        uid: stat.attributes.uid,
        gid: stat.attributes.gid,
        rdev: 0,
        blksize: SECTOR_LENGTH as u32,
        flags: 0,
    }
}

pub(super) fn file_type(stat: &Stat) -> FileType {
    if stat.is_directory { FileType::Directory } else { FileType::RegularFile }
}

pub(super) fn creator(request: &Request, mode: u32) -> Creator {
    Creator { permissions: permissions(mode), uid: request.uid(), gid: request.gid() }
}

/// The permission bits of a mode; its other bits name the type.
pub(super) fn permissions(mode: u32) -> u16 {
    (mode & 0o7777) as u16
}

/// What a `fallocate` mode asks for; modes other than these three are not offered.
pub(super) fn allocation(mode: i32) -> Result<Allocation, Refusal> {
    const HOLE: i32 = libc::FALLOC_FL_PUNCH_HOLE | libc::FALLOC_FL_KEEP_SIZE;
    match mode {
        0 => Ok(Allocation::Grow),
        libc::FALLOC_FL_KEEP_SIZE => Ok(Allocation::KeepSize),
        HOLE => Ok(Allocation::PunchHole),
        _ => Err(Refusal::Unsupported),
    }
}
