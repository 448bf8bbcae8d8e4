//! A film's bytes as a receipt knows them.

use super::ReceiptError;
use crate::layout::ChunkLayout;
use crate::tree::{self, Cv, Root};

/// Size, chunks and digests. The digests of the chunks are all there and merge to the root, or are left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contents {
    layout: ChunkLayout,
    root: Root,
    cvs: Option<Vec<Cv>>,
}

impl Contents {
    /// Checks that they belong together.
    ///
    /// # Errors
    /// [`ReceiptError::Count`], [`ReceiptError::Root`].
    pub fn new(layout: ChunkLayout, root: Root, cvs: Option<Vec<Cv>>) -> Result<Self, ReceiptError> {
        let Some(cvs) = cvs else { return Ok(Self { layout, root, cvs: None }) };
        if cvs.len() != layout.count() as usize {
            return Err(ReceiptError::Count { expected: layout.count(), found: cvs.len() });
        }
        if tree::root(&layout, &cvs) != root {
            return Err(ReceiptError::Root);
        }
        Ok(Self { layout, root, cvs: Some(cvs) })
    }

    /// With the digests of chunks that were written down, by number, where they are all there and right.
    pub(super) fn known(layout: ChunkLayout, root: Root, written: &[(u32, Cv)]) -> Self {
        let mut cvs = vec![None; layout.count() as usize];
        for (number, cv) in written {
            if let Some(index) = layout.index(*number) {
                cvs[index.position()] = Some(*cv);
            }
        }
        let cvs = cvs.into_iter().collect();
        Self::new(layout, root, cvs).unwrap_or(Self { layout, root, cvs: None })
    }

    /// Size and chunks.
    pub fn layout(&self) -> &ChunkLayout {
        &self.layout
    }

    /// The BLAKE3 of the whole.
    pub fn root(&self) -> Root {
        self.root
    }

    /// The digest of every chunk in order, where they are known.
    pub fn cvs(&self) -> Option<&[Cv]> {
        self.cvs.as_deref()
    }
}
