//! Holding bytes against a receipt: they are fed in order, and at the end it is known which are others.

use super::Contents;
use crate::layout::{ByteRange, joined};
use crate::tree::{self, ChunkHasher, Cv};

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Every byte is the one that was sent.
    Equal,
    /// Not.
    Differs(Difference),
}

/// How bytes differ from a receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Bytes that were sent.
    pub promised: u64,
    /// Bytes that were there: fewer, or more.
    pub found: u64,
    /// Chunks that are others, joined where they touch.
    pub changed: Vec<ByteRange>,
    /// Bytes of which the receipt cannot tell: of a chunk whose end is missing, and of all where it knows no digests
    /// of chunks.
    pub untold: Option<ByteRange>,
}

/// Takes the bytes of a file from its first on.
#[derive(Debug)]
pub struct Checker<'c> {
    contents: &'c Contents,
    found: Vec<Cv>,
    open: Option<ChunkHasher>,
    taken: u64,
}

impl<'c> Checker<'c> {
    /// Ready for the first byte.
    pub fn new(contents: &'c Contents) -> Self {
        Self { contents, found: Vec::new(), open: None, taken: 0 }
    }

    /// Takes the next bytes. More than were sent are only counted.
    pub fn update(&mut self, mut bytes: &[u8]) {
        self.taken += bytes.len() as u64;
        let layout = self.contents.layout();
        while !bytes.is_empty() {
            let Some(index) = layout.index(self.found.len() as u32) else { return };
            let chunk = self.open.get_or_insert_with(|| ChunkHasher::new(layout, index));
            let fits = chunk.left().min(bytes.len() as u64) as usize;
            chunk.update(&bytes[..fits]);
            if let Some(cv) = chunk.cv() {
                self.found.push(cv);
                self.open = None;
            }
            bytes = &bytes[fits..];
        }
    }

    /// There are no more.
    pub fn finish(self) -> Verdict {
        let (promised, found) = (self.contents.layout().size(), self.taken);
        let (changed, untold) = match self.contents.cvs() {
            Some(cvs) => (self.changed(cvs), self.cut()),
            None => (Vec::new(), self.suspected()),
        };
        if promised == found && changed.is_empty() && untold.is_none() {
            return Verdict::Equal;
        }
        Verdict::Differs(Difference { promised, found, changed, untold })
    }

    fn changed(&self, cvs: &[Cv]) -> Vec<ByteRange> {
        let layout = self.contents.layout();
        let pairs = layout.indices().zip(self.found.iter().zip(cvs));
        joined(pairs.filter(|(_, (found, promised))| found != promised).map(|(index, _)| layout.range(index)))
    }

    /// What is there of a chunk whose end is not.
    fn cut(&self) -> Option<ByteRange> {
        let layout = self.contents.layout();
        let index = self.open.as_ref().and_then(|_| layout.index(self.found.len() as u32))?;
        ByteRange::new(layout.range(index).start(), self.taken)
    }

    /// All of it, unless the root says that it is right.
    fn suspected(&self) -> Option<ByteRange> {
        let layout = self.contents.layout();
        let whole = self.found.len() == layout.count() as usize;
        let right = whole && tree::root(layout, &self.found) == self.contents.root();
        let there = ByteRange::at(0, self.taken.min(layout.size()));
        (!right && !there.is_empty()).then_some(there)
    }
}
