//! The chunks that a person clicked and that are not acknowledged yet. A level like a reader's wish: it holds until the
//! chunk is there. In memory only, and short: who clicks more than that has made the first clicks meaningless.

use std::collections::VecDeque;

use crate::layout::ChunkIndex;

/// So many clicks are remembered.
const CLICKS: usize = 32;

/// The clicked chunks, the last click first; each once.
#[derive(Debug, Clone, Default)]
pub(super) struct Haste(VecDeque<ChunkIndex>);

impl Haste {
    /// Puts a chunk before all others; the oldest click makes room.
    pub(super) fn add(&mut self, index: ChunkIndex) {
        self.forget(index);
        self.0.truncate(CLICKS - 1);
        self.0.push_front(index);
    }

    pub(super) fn forget(&mut self, index: ChunkIndex) {
        self.0.retain(|clicked| *clicked != index);
    }

    pub(super) fn has(&self, index: ChunkIndex) -> bool {
        self.0.contains(&index)
    }

    /// The last click first.
    pub(super) fn all(&self) -> impl Iterator<Item = ChunkIndex> + '_ {
        self.0.iter().copied()
    }
}
