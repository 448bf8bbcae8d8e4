//! Of an unfinished upload some chunks are kept and all others forgotten, because its file became another.

use super::UploadHandle;
use crate::layout::{ChunkIndex, ChunkLayout};

/// What an unfinished upload shall be from now on. It may be asked for again, with the handle of before or the new one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amendment {
    /// The upload.
    pub handle: UploadHandle,
    /// Its layout until now.
    pub before: ChunkLayout,
    /// Its layout from now on: chunks of the same length, more or fewer of them.
    pub after: ChunkLayout,
    /// The chunks to keep, in order; each is the same bytes in both layouts ([`ChunkLayout::shares`]).
    pub keep: Vec<ChunkIndex>,
}

impl Amendment {
    /// Whether it makes sense by itself: the chunks are of one length, and what is kept is the same in both.
    pub fn is_sound(&self) -> bool {
        let in_order = self.keep.is_sorted_by(|one, next| one < next);
        in_order
            && self.before.chunk_len() == self.after.chunk_len()
            && self.keep.iter().all(|index| self.before.shares(&self.after, *index))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::MIB;

    fn amendment(sizes: (u64, u64), keep: &[u32]) -> Amendment {
        let layout = |size| ChunkLayout::new(size, MIB).expect("a layout");
        let (before, after) = (layout(sizes.0), layout(sizes.1));
        let longest = if sizes.0 > sizes.1 { before } else { after };
        let keep = keep.iter().map(|number| longest.index(*number).expect("a chunk")).collect();
        Amendment { handle: UploadHandle("upload".to_owned()), before, after, keep }
    }

    #[test]
    fn what_is_kept_is_the_same_bytes_in_both_layouts() {
        assert!(amendment((4 * MIB, 9 * MIB), &[0, 3]).is_sound(), "whole chunks stay whole");
        assert!(!amendment((4 * MIB - 1, 9 * MIB), &[3]).is_sound(), "a short last chunk became a whole one");
        assert!(!amendment((9 * MIB, 4 * MIB), &[4]).is_sound(), "it lies behind the new end");
        assert!(!amendment((4 * MIB, 4 * MIB), &[1, 1]).is_sound(), "each chunk once");
        assert!(amendment((4 * MIB, 0), &[]).is_sound(), "of an empty file nothing is kept");
    }
}
