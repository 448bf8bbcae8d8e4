//! An upload as its readers see it.

use transfer::layout::{ByteRange, ChunkIndex};
use transfer::remote::Arriving;

use super::{Standing, Upload};
use crate::vault::disk;

/// What a reader meets at a byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::vault) enum Sight {
    /// The bytes from there up to this one are there.
    There { until: u64 },
    /// It is missing and coming; whether the sender itself said so since the vault was opened.
    Coming { heard: bool },
    /// It is missing, and will not come now.
    Stopped(&'static str),
    /// There is nothing any more.
    Gone,
}

impl Upload {
    /// What a reader meets at `offset`, which lies in the object.
    pub(in crate::vault) fn sight(&self, offset: u64) -> Sight {
        let state = self.state();
        let there = |index: &ChunkIndex| state.chunks.cv(*index).is_some();
        let from_here = self.layout.touching(ByteRange::at(offset, disk::PIECE));
        match (from_here.take_while(there).last(), &state.standing, state.arriving) {
            (_, Standing::Gone, _) => Sight::Gone,
            (Some(last), _, _) => Sight::There { until: self.layout.range(last).end() },
            (None, _, Arriving::Yes) => Sight::Coming { heard: state.heard },
            (None, _, Arriving::Paused) => Sight::Stopped("the upload is paused by its sender"),
            (None, _, Arriving::Failed) => Sight::Stopped("the upload has failed and waits for its sender"),
        }
    }
}
