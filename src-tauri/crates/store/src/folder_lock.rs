//! One Pawl a folder: an advisory lock on a file in it, held while the value lives.
//!
//! The kernel gives the lock up when the process ends, however it ends, so a lock is never stale. The file stays: to
//! delete it would let two processes lock two files of one name.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::path::Path;
use std::time::{Duration, Instant};
use std::{io, process, thread};

use crate::error::OpenError;

const NAME: &str = "pawl.lock";
/// How long a database that this very process has just let go may take to close.
const CLOSING: Duration = Duration::from_secs(1);
const BETWEEN_LOOKS: Duration = Duration::from_millis(10);

/// The right to use a folder's database, for this process alone.
#[derive(Debug)]
pub struct FolderLock {
    file: File,
}

impl FolderLock {
    /// Takes the lock of `folder`, which must exist; at once or not at all.
    ///
    /// # Errors
    /// [`OpenError::Locked`] when another holds it, also within this process.
    pub fn take(folder: &Path) -> Result<Self, OpenError> {
        let mut options = OpenOptions::new();
        Self::lock(folder, options.read(true).write(true).create(true).truncate(false))
    }

    /// The same to read only: where nothing can be written, nothing is.
    pub(crate) fn take_to_read(folder: &Path) -> Result<Self, OpenError> {
        match Self::take(folder) {
            Err(OpenError::ReadOnly { .. }) => Self::lock(folder, OpenOptions::new().read(true)),
            taken => taken,
        }
    }

    fn lock(folder: &Path, options: &OpenOptions) -> Result<Self, OpenError> {
        let failed = |error| OpenError::of_io(folder, error);
        let file = options.open(folder.join(NAME)).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {
                // The number is for the other's message only; on a full disk there is none.
                write_pid(&file).ok();
                Ok(Self { file })
            }
            Err(TryLockError::WouldBlock) => Err(OpenError::Locked { folder: folder.to_owned(), pid: read_pid(file) }),
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }

    /// As [`FolderLock::take`], and gives a database that this process has just dropped the time to close.
    pub(crate) fn take_when_closed(folder: &Path) -> Result<Self, OpenError> {
        let began = Instant::now();
        loop {
            match Self::take(folder) {
                Err(OpenError::Locked { pid, .. }) if pid == Some(process::id()) && began.elapsed() < CLOSING => {
                    thread::sleep(BETWEEN_LOOKS);
                }
                taken => return taken,
            }
        }
    }
}

impl Drop for FolderLock {
    /// Unlocks by name: a child between fork and exec has the same open file, and would hold on to it.
    fn drop(&mut self) {
        if let Err(error) = self.file.unlock() {
            tracing::warn!(%error, "a folder's lock goes with its file only");
        }
    }
}

fn write_pid(mut file: &File) -> io::Result<()> {
    file.set_len(0)?;
    writeln!(file, "{}", process::id())
}

fn read_pid(mut file: File) -> Option<u32> {
    let mut text = String::new();
    file.read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}
