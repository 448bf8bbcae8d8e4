//! How far a fetch is, as its followers see it. Written by the fetch alone. Invariant: what its foremost reader needs next
//! is in the window, is coming, or never will.

use std::collections::VecDeque;

use bytes::Bytes;
use transfer::range::ReadError;

use super::block::Extent;

/// How much of a block that is still arriving is given at once, in bytes.
const PIECE: usize = 64 << 10;

#[derive(Debug)]
pub(super) struct Progress {
    pub(super) stage: Stage,
    /// What is left behind the foremost reader, and all before it.
    window: VecDeque<Extent>,
    arriving_from: u64,
    arriving: Vec<u8>,
}

#[derive(Debug)]
pub(super) enum Stage {
    /// The remote has not answered.
    Opening,
    Flowing,
    /// All of the run is here, or somebody else has the rest.
    Done,
    Broken(ReadError),
}

/// What a fetch has at a position.
#[derive(Debug)]
pub(super) enum Step {
    Bytes(Bytes),
    Wait,
    /// It is not in this fetch, or no longer.
    Elsewhere,
    Broken(ReadError),
}

impl Progress {
    pub(super) fn new(start: u64) -> Self {
        Self { stage: Stage::Opening, window: VecDeque::new(), arriving_from: start, arriving: Vec::new() }
    }

    /// The next byte that will come.
    pub(super) fn head(&self) -> u64 {
        self.arriving_from + self.arriving.len() as u64
    }

    pub(super) fn is_live(&self) -> bool {
        match self.stage {
            Stage::Opening | Stage::Flowing => true,
            Stage::Done | Stage::Broken(_) => false,
        }
    }

    /// Whether what lies there is here, or comes within `patience` bytes. Who comes after a failure asks for himself.
    pub(super) fn reaches(&self, position: u64, patience: u64) -> bool {
        let first = self.window.front().map_or(self.arriving_from, |extent| extent.start);
        let end = match self.stage {
            Stage::Opening | Stage::Flowing => self.head().saturating_add(patience),
            Stage::Done => self.head(),
            Stage::Broken(_) => return false,
        };
        (first..end).contains(&position)
    }

    pub(super) fn at(&self, position: u64) -> Step {
        if position >= self.head() {
            return self.beyond();
        }
        let bytes = match position.checked_sub(self.arriving_from) {
            Some(skipped) => self.arrived(skipped),
            None => self.window.iter().find_map(|extent| extent.from(position)),
        };
        bytes.map_or(Step::Elsewhere, Step::Bytes)
    }

    fn beyond(&self) -> Step {
        match &self.stage {
            Stage::Opening | Stage::Flowing => Step::Wait,
            Stage::Done => Step::Elsewhere,
            Stage::Broken(error) => Step::Broken(again(error)),
        }
    }

    /// A copy, for the block still grows: one allocation for up to 64 KiB.
    fn arrived(&self, skipped: u64) -> Option<Bytes> {
        let rest = self.arriving.get(usize::try_from(skipped).ok()?..)?;
        Some(Bytes::copy_from_slice(&rest[..rest.len().min(PIECE)]))
    }

    /// More of the block at the head, of which at most `room` bytes will come.
    pub(super) fn grow(&mut self, bytes: &[u8], room: usize) {
        if self.arriving.is_empty() {
            self.arriving.reserve_exact(room);
        }
        self.arriving.extend_from_slice(bytes);
    }

    /// What arrived of the block at the head becomes an extent, if anything did.
    pub(super) fn close(&mut self) -> Option<Extent> {
        let (start, mut bytes) = (self.arriving_from, std::mem::take(&mut self.arriving));
        if bytes.is_empty() {
            return None;
        }
        self.arriving_from += bytes.len() as u64;
        // What never came must not take room in memory.
        bytes.shrink_to_fit();
        let extent = Extent { start, bytes: bytes.into() };
        self.window.push_back(extent.clone());
        Some(extent)
    }

    /// Lets go of what lies more than `behind` bytes before the head.
    pub(super) fn trim(&mut self, behind: u64) {
        let kept_from = self.head().saturating_sub(behind);
        while self.window.front().is_some_and(|extent| extent.range().end() <= kept_from) {
            self.window.pop_front();
        }
    }
}

/// The same error, for one more reader.
fn again(error: &ReadError) -> ReadError {
    match error {
        ReadError::OutOfRange { asked, len } => ReadError::OutOfRange { asked: *asked, len: *len },
        ReadError::NotArriving(why) => ReadError::NotArriving(why.clone()),
        ReadError::Gone => ReadError::Gone,
        ReadError::Changed => ReadError::Changed,
        ReadError::Io { context, source } => {
            ReadError::Io { context: context.clone(), source: std::io::Error::new(source.kind(), source.to_string()) }
        }
    }
}
