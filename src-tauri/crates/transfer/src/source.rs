//! What we promised to send, and the proof that it is still that.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::layout::ByteRange;
use crate::units::MIB;

mod file_source;
mod reader;

/// The most bytes of one read: enough to make a change of threads cheap and a disk stream, few enough that the pieces
/// of all chunks in flight fit in a small corner of memory.
pub const PIECE_LEN: u64 = MIB;

pub use file_source::FileSources;
pub use reader::SourceReader;

/// What a file was when it was added. The file id is no part of it: it changes when exFAT, FUSE or SMB is mounted again.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Fingerprint {
    /// Bytes.
    pub size: u64,
    /// When it was last modified, in nanoseconds since the Unix epoch.
    pub modified_ns: i128,
    /// BLAKE3 of the size and of sampled pieces (first, middle, last), in hex.
    pub sample: String,
}

/// Why a source cannot be read.
#[derive(Debug, Error)]
pub enum SourceError {
    /// It is not there: deleted, or on a card that was taken out. It may come back.
    #[error("{0} is not there")]
    Gone(PathBuf),
    /// It is there and is not what we promised to send.
    #[error("the file was changed")]
    Changed,
    /// It is a folder, a socket, a device.
    #[error("{0} is no regular file")]
    NotAFile(PathBuf),
    /// We may not read it.
    #[error("no permission to read {0}")]
    Denied(PathBuf),
    /// The device failed.
    #[error("cannot read {path}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What lay beneath.
        #[source]
        source: std::io::Error,
    },
}

/// An opened source. Reads come from any place and at the same time.
#[async_trait]
pub trait Source: Send + Sync + fmt::Debug {
    /// What it was when it was opened.
    fn fingerprint(&self) -> &Fingerprint;

    /// The bytes of `range`, at most [`PIECE_LEN`] of them, at least one unless `range` is empty.
    ///
    /// Bytes past a file that shrank are [`SourceError::Changed`], never invented.
    async fn read(&self, range: ByteRange) -> Result<Bytes, SourceError>;

    /// Whether the file at the path still has the size and the time of [`Source::fingerprint`]; cheap (one `stat`).
    async fn unchanged(&self) -> Result<(), SourceError>;
}

/// Opens sources: the engine's way to the files.
#[async_trait]
pub trait Sources: Send + Sync + fmt::Debug {
    /// Opens the file. With `expected`, it must still be that file: same size, time and sampled bytes (a mere change
    /// of time with equal samples is [`SourceError::Changed`] too: we cannot know what changed between the samples).
    async fn open(
        &self,
        path: &std::path::Path,
        expected: Option<&Fingerprint>,
    ) -> Result<Arc<dyn Source>, SourceError>;
}
