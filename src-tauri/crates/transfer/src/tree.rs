//! BLAKE3 in one read: chunks hashed in any order, merged into the plain BLAKE3 of the file.
//!
//! A chunk of a power-of-two length is a whole subtree of the file's hash tree, so its *chaining value* can be made
//! alone and the tree's top be built from the list of them (the BLAKE3 paper, section 2.1; `blake3::hazmat`).
//!
//! The edges: a file of one chunk has no tree above it, so its single digest is the root itself; an empty file has
//! no chunk and the root of nothing. A chaining value is not `blake3(chunk)`; that is why it is called `cv` wherever
//! it is stored or sent.

use std::fmt;
use std::str::FromStr;

use blake3::hazmat::{ChainingValue, HasherExt, Mode, left_subtree_len, merge_subtrees_non_root, merge_subtrees_root};
use serde::{Deserialize, Serialize};

use crate::layout::{ByteRange, ChunkIndex, ChunkLayout};

macro_rules! digest {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(pub [u8; 32]);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&blake3::Hash::from_bytes(self.0).to_hex())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }

        impl FromStr for $name {
            type Err = blake3::HexError;

            fn from_str(hex: &str) -> Result<Self, Self::Err> {
                blake3::Hash::from_hex(hex).map(|hash| Self(*hash.as_bytes()))
            }
        }

        impl TryFrom<String> for $name {
            type Error = blake3::HexError;

            fn try_from(hex: String) -> Result<Self, Self::Error> {
                hex.parse()
            }
        }

        impl From<$name> for String {
            fn from(digest: $name) -> Self {
                digest.to_string()
            }
        }
    };
}

digest! {
    /// The digest of one chunk: its chaining value, or the root where the file has that one chunk only.
    Cv
}
digest! {
    /// The BLAKE3 of a whole file, as `b3sum` prints it.
    Root
}

/// Hashes one chunk from its first byte to its last.
#[derive(Debug, Clone)]
pub struct ChunkHasher {
    hasher: blake3::Hasher,
    left: u64,
    alone: bool,
}

impl ChunkHasher {
    /// Ready for the first byte of the chunk.
    pub fn new(layout: &ChunkLayout, index: ChunkIndex) -> Self {
        let range: ByteRange = layout.range(index);
        let mut hasher = blake3::Hasher::new();
        hasher.set_input_offset(range.start());
        Self { hasher, left: range.len(), alone: layout.count() == 1 }
    }

    /// Bytes that the chunk still lacks.
    pub fn left(&self) -> u64 {
        self.left
    }

    /// Takes the next bytes.
    ///
    /// # Panics
    /// When there are more than the chunk has.
    pub fn update(&mut self, bytes: &[u8]) {
        assert!(bytes.len() as u64 <= self.left, "more bytes than the chunk has");
        self.left -= bytes.len() as u64;
        self.hasher.update(bytes);
    }

    /// The digest, once every byte of the chunk was taken; none before.
    pub fn cv(&self) -> Option<Cv> {
        let digest = || if self.alone { *self.hasher.finalize().as_bytes() } else { self.hasher.finalize_non_root() };
        (self.left == 0).then(|| Cv(digest()))
    }
}

/// The root of a file whose chunks have these digests, in order.
///
/// # Panics
/// When there are more or fewer digests than chunks.
pub fn root(layout: &ChunkLayout, cvs: &[Cv]) -> Root {
    assert_eq!(cvs.len(), layout.count() as usize, "one digest a chunk");
    match cvs {
        [] => Root(*blake3::hash(b"").as_bytes()),
        [alone] => Root(alone.0),
        _ => {
            let (left, right) = halves(layout.size(), layout.chunk_len(), cvs);
            Root(*merge_subtrees_root(&left, &right, Mode::Hash).as_bytes())
        }
    }
}

fn halves(len: u64, chunk_len: u64, cvs: &[Cv]) -> (ChainingValue, ChainingValue) {
    let left_len = left_subtree_len(len);
    let (left, right) = cvs.split_at((left_len / chunk_len) as usize);
    (subtree(left_len, chunk_len, left), subtree(len - left_len, chunk_len, right))
}

fn subtree(len: u64, chunk_len: u64, cvs: &[Cv]) -> ChainingValue {
    match cvs {
        [one] => one.0,
        _ => {
            let (left, right) = halves(len, chunk_len, cvs);
            merge_subtrees_non_root(&left, &right, Mode::Hash)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::layout::MIN_CHUNK_LEN;

    fn bytes(len: usize) -> Vec<u8> {
        (0..len).map(|at| (at * 31 + at / 251) as u8).collect()
    }

    fn cvs(file: &[u8], layout: &ChunkLayout) -> Vec<Cv> {
        let one = |index| {
            let range = layout.range(index);
            let mut hasher = ChunkHasher::new(layout, index);
            file[range.start() as usize..range.end() as usize].chunks(70_001).for_each(|piece| hasher.update(piece));
            hasher.cv().expect("the chunk is complete")
        };
        layout.indices().map(one).collect()
    }

    fn merges(len: usize) -> bool {
        let file = bytes(len);
        let layout = ChunkLayout::new(len as u64, MIN_CHUNK_LEN).expect("a layout");
        root(&layout, &cvs(&file, &layout)).0 == *blake3::hash(&file).as_bytes()
    }

    #[test]
    fn the_sizes_that_break_trees_give_the_plain_hash() {
        let mib = MIN_CHUNK_LEN as usize;
        for len in [0, 1, 1023, 1024, 1025, mib - 1, mib, mib + 1, 2 * mib, 2 * mib + 1, 3 * mib, 5 * mib + 1024] {
            assert!(merges(len), "a file of {len} bytes must have the hash that b3sum prints");
        }
    }

    #[test]
    fn an_unfinished_chunk_has_no_digest() {
        let layout = ChunkLayout::new(10, MIN_CHUNK_LEN).expect("a layout");
        let mut hasher = ChunkHasher::new(&layout, layout.index(0).expect("a chunk"));
        hasher.update(&[0; 9]);
        assert_eq!(hasher.cv(), None, "the digest of nine bytes is not that of ten");
    }

    #[test]
    fn a_digest_reads_back_what_it_prints() {
        let cv = Cv([7; 32]);
        assert_eq!(cv.to_string().parse::<Cv>().expect("its own hex"), cv, "journal and wire carry hex");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn any_size_gives_the_plain_hash(len in 0usize..6 << 20) {
            prop_assert!(merges(len), "a file of {len} bytes must have the hash that b3sum prints");
        }
    }
}
