//! Regular files of this machine as sources. Owned by the engine, which shares one opened file among its workers.
//!
//! Invariant: no byte is given out that the file did not hold at that place, and nothing here waits on anything but
//! the disk: a FIFO or a device in a file's place is refused without being opened for long.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, IoSliceMut};
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use rustix::fs::OFlags;
use rustix::io::{ReadWriteFlags, preadv2};

use super::{Fingerprint, Source, SourceError, Sources};
use crate::layout::ByteRange;

mod pieces;
mod sample;
#[cfg(test)]
mod tests;
mod trouble;

use pieces::{PIECE_LEN, Pieces};

/// Opens regular files of this machine, also through symbolic links.
#[derive(Debug, Clone, Copy, Default)]
pub struct FileSources;

#[async_trait]
impl Sources for FileSources {
    async fn open(&self, path: &Path, expected: Option<&Fingerprint>) -> Result<Arc<dyn Source>, SourceError> {
        let (path, expected) = (path.to_owned(), expected.cloned());
        let file = blocking(path.clone(), move || OpenFile::open(path, expected.as_ref())).await?;
        Ok(Arc::new(FileSource { file: Arc::new(file) }))
    }
}

/// One opened file. A read that must wait for the disk takes a thread of the blocking pool.
#[derive(Debug)]
struct FileSource {
    file: Arc<OpenFile>,
}

#[async_trait]
impl Source for FileSource {
    fn fingerprint(&self) -> &Fingerprint {
        &self.file.fingerprint
    }

    async fn read(&self, range: ByteRange) -> Result<Bytes, SourceError> {
        if range.is_empty() {
            return Ok(Bytes::new());
        }
        if let Some(piece) = self.file.read_cached(range) {
            return Ok(piece);
        }
        let file = Arc::clone(&self.file);
        blocking(self.file.path.clone(), move || file.read(range)).await
    }

    async fn unchanged(&self) -> Result<(), SourceError> {
        let file = Arc::clone(&self.file);
        blocking(self.file.path.clone(), move || file.unchanged()).await
    }
}

/// The synchronous half.
#[derive(Debug)]
struct OpenFile {
    path: PathBuf,
    file: File,
    identity: Identity,
    fingerprint: Fingerprint,
    pieces: Arc<Pieces>,
}

impl OpenFile {
    fn open(path: PathBuf, expected: Option<&Fingerprint>) -> Result<Self, SourceError> {
        let (file, found) = open_regular(&path)?;
        let fingerprint = sample::fingerprint(&file, &found).map_err(|error| trouble::of_read(&path, error))?;
        if expected.is_some_and(|expected| *expected != fingerprint) {
            return Err(SourceError::Changed);
        }
        let pieces = Arc::new(Pieces::of(found.len()));
        Ok(Self { path, file, identity: Identity::of(&found), fingerprint, pieces })
    }

    /// The bytes of the range when the page cache has them all: a hop to another thread would cost more than the copy,
    /// and they are hashed next, on this very core. None where only waiting can tell.
    fn read_cached(&self, range: ByteRange) -> Option<Bytes> {
        let mut piece = self.pieces.take(range.len().min(PIECE_LEN as u64) as usize);
        let (wanted, into) = (piece.as_ref().len(), &mut [IoSliceMut::new(piece.as_mut())]);
        let read = preadv2(&self.file, into, range.start(), ReadWriteFlags::NOWAIT);
        (read == Ok(wanted)).then(|| Bytes::from_owner(piece))
    }

    fn read(&self, range: ByteRange) -> Result<Bytes, SourceError> {
        let mut piece = self.pieces.take(range.len().min(PIECE_LEN as u64) as usize);
        self.file.read_exact_at(piece.as_mut(), range.start()).map_err(|error| self.trouble(error))?;
        Ok(Bytes::from_owner(piece))
    }

    /// The open file and the file at the path must both be as they were. Another file of the same size and time at
    /// the path is [`SourceError::Gone`]: a card that was taken out and put back looks like that. Opening it again
    /// compares its bytes.
    fn unchanged(&self) -> Result<(), SourceError> {
        let there = std::fs::metadata(&self.path).map_err(|error| trouble::of_path(&self.path, error))?;
        let open = self.file.metadata().map_err(|error| self.trouble(error))?;
        if !there.is_file() || !self.looks_like(&there) || !self.looks_like(&open) {
            return Err(SourceError::Changed);
        }
        if Identity::of(&there) != self.identity {
            return Err(SourceError::Gone(self.path.clone()));
        }
        Ok(())
    }

    fn looks_like(&self, found: &Metadata) -> bool {
        self.fingerprint.size == found.len() && self.fingerprint.modified_ns == sample::modified_ns(found)
    }

    /// A failing device whose file is not at the path any more was taken out, whatever the device says.
    fn trouble(&self, error: io::Error) -> SourceError {
        let there = std::fs::metadata(&self.path).is_ok_and(|found| Identity::of(&found) == self.identity);
        match trouble::of_read(&self.path, error) {
            SourceError::Io { .. } if !there => SourceError::Gone(self.path.clone()),
            mapped => mapped,
        }
    }
}

/// Which file it is, for as long as it is open. Never stored: it changes with the next mount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Identity {
    device: u64,
    inode: u64,
}

impl Identity {
    fn of(found: &Metadata) -> Self {
        Self { device: found.dev(), inode: found.ino() }
    }
}

/// Looks before it opens, for opening some devices does something; and looks again at what it opened, for it may be
/// another by then. `O_NONBLOCK` keeps a FIFO from waiting for its writer; on a regular file it means nothing.
fn open_regular(path: &Path) -> Result<(File, Metadata), SourceError> {
    let regular = |found: Metadata| {
        if found.is_file() { Ok(found) } else { Err(SourceError::NotAFile(path.to_owned())) }
    };
    let at_path = |error| trouble::of_path(path, error);
    std::fs::metadata(path).map_err(at_path).and_then(regular)?;
    let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
    let file = OpenOptions::new().read(true).custom_flags(flags.bits() as i32).open(path).map_err(at_path)?;
    let found = file.metadata().map_err(at_path).and_then(regular)?;
    Ok((file, found))
}

/// Runs `work` where it may block. It only fails to run when the program is ending.
async fn blocking<T: Send + 'static>(
    path: PathBuf,
    work: impl FnOnce() -> Result<T, SourceError> + Send + 'static,
) -> Result<T, SourceError> {
    let ended = |error| SourceError::Io { path, source: io::Error::other(error) };
    tokio::task::spawn_blocking(work).await.map_err(ended)?
}
