//! What lies on the disk of a [`super::MemorySources`]: entries by path, and a clock that is a counter.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use bytes::Bytes;

use crate::layout::ByteRange;
use crate::source::Fingerprint;
use crate::source::PIECE_LEN;
use crate::testing::content::piece;

#[derive(Debug, Default)]
pub(super) struct Disk {
    pub(super) entries: BTreeMap<PathBuf, Entry>,
    clock: i128,
    pub(super) bytes_read: u64,
}

#[derive(Debug, Clone)]
pub(super) enum Entry {
    File(File),
    Folder,
}

#[derive(Debug, Clone)]
pub(super) struct File {
    pub(super) content: Content,
    modified_ns: i128,
    pub(super) condition: Condition,
}

#[derive(Debug, Clone)]
pub(super) enum Content {
    Bytes(Bytes),
    Pattern { seed: u64, len: u64 },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Condition {
    Fine,
    Denied,
    Failing,
}

impl Disk {
    pub(super) fn write(&mut self, path: PathBuf, content: Content) {
        self.clock += 1;
        let file = File { content, modified_ns: self.clock, condition: Condition::Fine };
        self.entries.insert(path, Entry::File(file));
    }

    pub(super) fn file(&mut self, path: &Path) -> &mut File {
        match self.entries.get_mut(path) {
            Some(Entry::File(file)) => file,
            None | Some(Entry::Folder) => panic!("the test has no file {}", path.display()),
        }
    }
}

impl File {
    pub(super) fn fingerprint(&self) -> Fingerprint {
        let size = self.content.len();
        let mut hasher = blake3::Hasher::new();
        hasher.update(&size.to_le_bytes());
        for start in [0, (size / 2).saturating_sub(PIECE_LEN / 2), size.saturating_sub(PIECE_LEN)] {
            hasher.update(&self.content.slice(ByteRange::at(start, PIECE_LEN.min(size - start))));
        }
        Fingerprint { size, modified_ns: self.modified_ns, sample: hasher.finalize().to_string() }
    }

    pub(super) fn is_still(&self, then: &Fingerprint) -> bool {
        self.content.len() == then.size && self.modified_ns == then.modified_ns
    }
}

impl Content {
    pub(super) fn len(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Pattern { len, .. } => *len,
        }
    }

    pub(super) fn slice(&self, range: ByteRange) -> Bytes {
        match self {
            Self::Bytes(bytes) => bytes.slice(range.start() as usize..range.end() as usize),
            Self::Pattern { seed, .. } => piece(*seed, range),
        }
    }
}
