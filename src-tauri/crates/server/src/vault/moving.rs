//! Moving a part, or a film, to a film's name, never onto another file, however often it is tried.

use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use rustix::fs::{AtFlags, CWD, RenameFlags, linkat, renameat_with, unlink};
use rustix::io::Errno;

/// How moving to a film's name ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moved {
    /// The film stands under the name, durably.
    There,
    /// Another file stands there.
    Taken,
    /// It is neither where it was nor, with its size, under the name: somebody took it away.
    Lost,
}

/// Moves the part, or finds that it was moved before: nothing else removes it, so that where it is missing the file of
/// its size under the film's name is it.
pub(super) fn take_in(part: &Path, film: &Path, size: u64) -> io::Result<Moved> {
    if exists(part)? { rename(part, film) } else { found(film, size) }
}

/// Whether `name` is free for the film that stands under `film`: nothing stands there, or the film itself does, where
/// case does not count.
pub(super) fn is_free(film: &Path, name: &Path) -> io::Result<bool> {
    Ok(!exists(name)? || is_respelled(&fs::symlink_metadata(film)?, &fs::symlink_metadata(name)?))
}

/// Whether anything stands there, be it a broken link.
pub(super) fn exists(path: &Path) -> io::Result<bool> {
    match fs::symlink_metadata(path) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

fn found(film: &Path, size: u64) -> io::Result<Moved> {
    let there = exists(film)? && fs::symlink_metadata(film).is_ok_and(|it| it.is_file() && it.len() == size);
    Ok(if there { Moved::There } else { Moved::Lost })
}

/// File systems that cannot rename without replacing (NFS, some of FUSE) can mostly link, which never replaces.
fn rename(part: &Path, film: &Path) -> io::Result<Moved> {
    match renameat_with(CWD, part, CWD, film, RenameFlags::NOREPLACE) {
        Ok(()) => Ok(Moved::There),
        Err(Errno::EXIST) => finish_link(part, film),
        Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => link(part, film),
        Err(error) => Err(error.into()),
    }
}

fn link(part: &Path, film: &Path) -> io::Result<Moved> {
    match linkat(CWD, part, CWD, film, AtFlags::empty()) {
        Ok(()) | Err(Errno::EXIST) => finish_link(part, film),
        Err(error) => Err(error.into()),
    }
}

/// A link that was made, perhaps before a crash, leaves both names on one file: then the part's goes.
fn finish_link(part: &Path, film: &Path) -> io::Result<Moved> {
    let (ours, theirs) = (fs::symlink_metadata(part)?, fs::symlink_metadata(film)?);
    if is_respelled(&ours, &theirs) {
        // The only name must not be unlinked; renaming a file to itself replaces nothing.
        fs::rename(part, film)?;
        return Ok(Moved::There);
    }
    if !is_same(&ours, &theirs) {
        return Ok(Moved::Taken);
    }
    unlink(part)?;
    Ok(Moved::There)
}

fn is_same(one: &Metadata, other: &Metadata) -> bool {
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

/// One file with one name, in two spellings: a file system where case does not count.
fn is_respelled(one: &Metadata, other: &Metadata) -> bool {
    is_same(one, other) && one.nlink() == 1
}
