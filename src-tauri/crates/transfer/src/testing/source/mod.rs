//! Files in memory, by path: they change, vanish and refuse when a test says so.

mod disk;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;
use bytes::Bytes;

use disk::{Condition, Content, Disk, Entry, File};

use crate::layout::ByteRange;
use crate::source::{Fingerprint, PIECE_LEN, Source, SourceError, Sources};

/// The files of a test. Clones are the same files.
#[derive(Debug, Clone, Default)]
pub struct MemorySources {
    disk: Arc<Mutex<Disk>>,
}

impl MemorySources {
    /// No file at all.
    pub fn new() -> Self {
        Self::default()
    }

    /// Writes a file, over any that was there.
    pub fn put(&self, path: impl Into<PathBuf>, bytes: impl Into<Bytes>) {
        self.disk().write(path.into(), Content::Bytes(bytes.into()));
    }

    /// Writes a file of any length that takes no memory: its bytes are those of [`super::bytes`].
    pub fn pattern(&self, path: impl Into<PathBuf>, seed: u64, len: u64) {
        self.disk().write(path.into(), Content::Pattern { seed, len });
    }

    /// Makes a folder.
    pub fn folder(&self, path: impl Into<PathBuf>) {
        self.disk().entries.insert(path.into(), Entry::Folder);
    }

    /// Deletes a file, or takes its card out: opened sources lose it too.
    pub fn remove(&self, path: impl AsRef<Path>) {
        self.disk().entries.remove(path.as_ref());
    }

    /// Changes a file in place: opened sources see it.
    ///
    /// # Panics
    /// When there is no such file.
    pub fn edit(&self, path: impl AsRef<Path>, edit: impl FnOnce(&mut Vec<u8>)) {
        let mut disk = self.disk();
        let content = &disk.file(path.as_ref()).content;
        let mut bytes = content.slice(ByteRange::at(0, content.len())).to_vec();
        edit(&mut bytes);
        disk.write(path.as_ref().to_owned(), Content::Bytes(bytes.into()));
    }

    /// Refuses to open the file from now on. Sources that are open already go on, as they do on Unix.
    ///
    /// # Panics
    /// When there is no such file.
    pub fn deny(&self, path: impl AsRef<Path>) {
        self.disk().file(path.as_ref()).condition = Condition::Denied;
    }

    /// Lets every read of the file fail from now on, as a dying device does.
    ///
    /// # Panics
    /// When there is no such file.
    pub fn fail_reads(&self, path: impl AsRef<Path>) {
        self.disk().file(path.as_ref()).condition = Condition::Failing;
    }

    /// Ends what [`MemorySources::deny`] and [`MemorySources::fail_reads`] began.
    ///
    /// # Panics
    /// When there is no such file.
    pub fn mend(&self, path: impl AsRef<Path>) {
        self.disk().file(path.as_ref()).condition = Condition::Fine;
    }

    /// How many bytes all sources together gave.
    pub fn bytes_read(&self) -> u64 {
        self.disk().bytes_read
    }

    fn disk(&self) -> MutexGuard<'_, Disk> {
        self.disk.lock().expect("a test gave a path that is there")
    }

    fn look(&self, path: &Path) -> Result<File, SourceError> {
        match self.disk().entries.get(path) {
            None => Err(SourceError::Gone(path.to_owned())),
            Some(Entry::Folder) => Err(SourceError::NotAFile(path.to_owned())),
            Some(Entry::File(file)) => Ok(file.clone()),
        }
    }
}

#[async_trait]
impl Sources for MemorySources {
    async fn open(&self, path: &Path, expected: Option<&Fingerprint>) -> Result<Arc<dyn Source>, SourceError> {
        let file = self.look(path)?;
        if file.condition == Condition::Denied {
            return Err(SourceError::Denied(path.to_owned()));
        }
        let fingerprint = file.fingerprint();
        if expected.is_some_and(|expected| *expected != fingerprint) {
            return Err(SourceError::Changed);
        }
        Ok(Arc::new(MemorySource { sources: self.clone(), path: path.to_owned(), fingerprint }))
    }
}

#[derive(Debug)]
struct MemorySource {
    sources: MemorySources,
    path: PathBuf,
    fingerprint: Fingerprint,
}

#[async_trait]
impl Source for MemorySource {
    fn fingerprint(&self) -> &Fingerprint {
        &self.fingerprint
    }

    async fn read(&self, range: ByteRange) -> Result<Bytes, SourceError> {
        let file = self.sources.look(&self.path)?;
        if file.condition == Condition::Failing {
            let source = std::io::Error::other("the test broke the device");
            return Err(SourceError::Io { path: self.path.clone(), source });
        }
        let there =
            ByteRange::at(range.start(), range.len().min(PIECE_LEN)).intersection(ByteRange::at(0, file.content.len()));
        let bytes = match there {
            Some(there) => file.content.slice(there),
            None if range.is_empty() => Bytes::new(),
            None => return Err(SourceError::Changed),
        };
        self.sources.disk().bytes_read += bytes.len() as u64;
        Ok(bytes)
    }

    async fn unchanged(&self) -> Result<(), SourceError> {
        let still = self.sources.look(&self.path)?.is_still(&self.fingerprint);
        if still { Ok(()) } else { Err(SourceError::Changed) }
    }
}
