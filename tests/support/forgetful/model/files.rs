//! What happens to the bytes of files: read, write, truncate, reserve, punch, sync.

use super::content::{Content, sectors_of};
use super::image::SECTOR;
use super::{Body, Disk, Ino, Inode, Refusal};

/// The largest file in bytes: far more than any disk here, small enough that no sum overflows.
const LARGEST_FILE: u64 = 1 << 60;

/// What `fallocate` shall do with a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Allocation {
    /// Reserve it, and let the file grow to hold it.
    Grow,
    /// Reserve it and leave the size alone.
    KeepSize,
    /// Give it back: it reads as zeros.
    PunchHole,
}

impl Disk {
    /// Up to `length` bytes from `offset`, as running programs see them.
    pub(crate) fn read(&self, ino: Ino, offset: u64, length: usize) -> Result<Vec<u8>, Refusal> {
        Ok(self.content(ino)?.volatile.read(offset, length))
    }

    /// Writes all of `bytes` or, when the disk is full, none of them.
    pub(crate) fn write(&mut self, ino: Ino, offset: u64, bytes: &[u8]) -> Result<(), Refusal> {
        let end = end_of(offset, bytes.len() as u64)?;
        self.charge(ino, offset..end)?;
        self.content_mut(ino)?.write(offset, bytes);
        Ok(())
    }

    /// Sets the size: shortens the file or lets it grow by a hole.
    pub(crate) fn truncate(&mut self, ino: Ino, size: u64) -> Result<(), Refusal> {
        end_of(size, 0)?;
        self.give_back(ino, |content| content.truncate(size))
    }

    /// Reserves space or punches a hole.
    pub(crate) fn allocate(&mut self, ino: Ino, offset: u64, length: u64, how: Allocation) -> Result<(), Refusal> {
        let range = offset..end_of(offset, length)?;
        if range.is_empty() {
            return Err(Refusal::Invalid);
        }
        if how == Allocation::PunchHole {
            return self.give_back(ino, |content| content.punch(range));
        }
        self.charge(ino, range.clone())?;
        self.content_mut(ino)?.reserve(range, how == Allocation::Grow);
        Ok(())
    }

    /// What fsync and fdatasync promise.
    pub(crate) fn sync_file(&mut self, ino: Ino) -> Result<(), Refusal> {
        match &mut self.inode_mut(ino)?.body {
            Body::File(content) => content.sync(),
            Body::Directory => return Err(Refusal::IsDirectory),
        }
        Ok(())
    }

    /// Takes the space that `range` still lacks, or refuses.
    fn charge(&mut self, ino: Ino, range: std::ops::Range<u64>) -> Result<(), Refusal> {
        let lacking = self.content(ino)?.volatile.allocated.missing(sectors_of(range)) * SECTOR;
        if lacking > self.free() {
            return Err(Refusal::NoSpace);
        }
        self.used += lacking;
        Ok(())
    }

    fn give_back(&mut self, ino: Ino, change: impl FnOnce(&mut Content)) -> Result<(), Refusal> {
        let content = self.content_mut(ino)?;
        let before = content.allocated();
        change(content);
        let freed = before - content.allocated();
        self.used -= freed;
        Ok(())
    }

    fn content(&self, ino: Ino) -> Result<&Content, Refusal> {
        match &self.inode(ino)?.body {
            Body::File(content) => Ok(content),
            Body::Directory => Err(Refusal::IsDirectory),
        }
    }

    /// The content of a file that is about to change. A file without name and handle has given its space back and
    /// takes no change any more.
    fn content_mut(&mut self, ino: Ino) -> Result<&mut Content, Refusal> {
        let now = self.now;
        match self.inode_mut(ino)? {
            Inode { links: 0, opens: 0, .. } => Err(Refusal::NoEntry),
            Inode { body: Body::File(content), attributes, .. } => {
                (attributes.modified, attributes.changed) = (now, now);
                Ok(content)
            }
            Inode { body: Body::Directory, .. } => Err(Refusal::IsDirectory),
        }
    }
}

fn end_of(offset: u64, length: u64) -> Result<u64, Refusal> {
    offset.checked_add(length).filter(|end| *end <= LARGEST_FILE).ok_or(Refusal::TooLarge)
}
