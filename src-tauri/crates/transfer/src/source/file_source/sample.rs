//! The fingerprint of a file: its size, its time, and a hash of a few of its bytes.
//!
//! It costs the same for any size, and so it cannot see everything: an edit between the samples that keeps size and
//! time passes. Whoever restores both on purpose is believed; the BLAKE3 root of what was sent is still true of
//! what was sent.

use std::fs::{File, Metadata};
use std::io;
use std::os::unix::fs::{FileExt, MetadataExt};

use crate::source::Fingerprint;

/// The length of each of the three samples, in bytes. A file of up to three of them is hashed whole.
const SAMPLE_LEN: u64 = 64 * 1024;

/// What the file is now. One that shrinks meanwhile ends in [`io::ErrorKind::UnexpectedEof`].
pub(super) fn fingerprint(file: &File, found: &Metadata) -> io::Result<Fingerprint> {
    let size = found.len();
    let mut hasher = blake3::Hasher::new();
    hasher.update(&size.to_le_bytes());
    let mut buffer = Vec::new();
    for (start, len) in samples(size) {
        buffer.resize(len as usize, 0);
        file.read_exact_at(&mut buffer, start)?;
        hasher.update(&buffer);
    }
    let sample = hasher.finalize().to_hex().to_string();
    Ok(Fingerprint { size, modified_ns: modified_ns(found), sample })
}

/// When it was last modified, in nanoseconds since the Unix epoch; negative before that.
pub(super) fn modified_ns(found: &Metadata) -> i128 {
    i128::from(found.mtime()) * 1_000_000_000 + i128::from(found.mtime_nsec())
}

/// First, middle and last, as start and length: disjoint, in order.
fn samples(size: u64) -> Vec<(u64, u64)> {
    if size <= 3 * SAMPLE_LEN {
        return vec![(0, size)];
    }
    [0, (size - SAMPLE_LEN) / 2, size - SAMPLE_LEN].map(|start| (start, SAMPLE_LEN)).into()
}
