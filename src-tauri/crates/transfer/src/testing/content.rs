//! Bytes to send: made from a seed, the same at every call, and cheap to make from any place on.

use bytes::Bytes;

use crate::body::{ChunkBody, ReadyBody};
use crate::layout::{ByteRange, ChunkIndex, ChunkLayout, MIN_CHUNK_LEN};
use crate::tree::{ChunkHasher, Cv, Root};

/// The sizes that break uploaders, in bytes, where chunks have the smallest length there is.
pub const INTERESTING_SIZES: [u64; 8] = interesting_sizes(MIN_CHUNK_LEN);

/// The sizes that break uploaders, in bytes, where chunks are `chunk_len` bytes long.
pub const fn interesting_sizes(chunk_len: u64) -> [u64; 8] {
    [0, 1, 2, chunk_len - 1, chunk_len, chunk_len + 1, 3 * chunk_len, 3 * chunk_len + 7]
}

/// The first `len` bytes of the endless content that `seed` stands for.
pub fn bytes(seed: u64, len: u64) -> Bytes {
    piece(seed, ByteRange::at(0, len))
}

/// These bytes of the endless content that `seed` stands for.
///
/// BLAKE3's extended output: it begins anywhere at once, repeats nowhere, so that a piece in the wrong place never
/// looks right, and is quick in unoptimised tests too, where a generator of our own would take most of the time.
pub(super) fn piece(seed: u64, range: ByteRange) -> Bytes {
    let mut output = blake3::Hasher::new().update(&seed.to_le_bytes()).finalize_xof();
    output.set_position(range.start());
    let mut bytes = vec![0; range.len() as usize];
    output.fill(&mut bytes);
    bytes.into()
}

/// The digest of the chunk, taken from the bytes of the whole file.
///
/// # Panics
/// When `file` is shorter than the layout says.
pub fn cv_of(layout: &ChunkLayout, index: ChunkIndex, file: &[u8]) -> Cv {
    let range = layout.range(index);
    let mut hasher = ChunkHasher::new(layout, index);
    hasher.update(&file[range.start() as usize..range.end() as usize]);
    hasher.cv().expect("every byte of the chunk was hashed")
}

/// The root of a file, made by the plain hash and not by the tree: the two check each other.
pub fn root_of(file: &[u8]) -> Root {
    Root(*blake3::hash(file).as_bytes())
}

/// The whole chunk as a body with its right digest, taken from the bytes of the whole file.
///
/// # Panics
/// When `file` is shorter than the layout says.
pub fn body_of(layout: &ChunkLayout, index: ChunkIndex, file: &Bytes) -> Box<dyn ChunkBody> {
    let range = layout.range(index);
    let chunk = file.slice(range.start() as usize..range.end() as usize);
    Box::new(ReadyBody::new(range, chunk, Some(cv_of(layout, index, file))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_made_from_the_middle_is_the_same_as_from_the_start() {
        let whole = bytes(5, 1000);
        for (start, len) in [(0, 1000), (1, 7), (8, 8), (13, 500), (999, 1), (1000, 0)] {
            let part = piece(5, ByteRange::at(start, len));
            assert_eq!(part, whole.slice(start as usize..(start + len) as usize), "{len} bytes from {start} on");
        }
        assert_ne!(bytes(5, 64), bytes(6, 64), "another seed is another film");
    }
}
