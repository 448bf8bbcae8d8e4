//! The bytes of one chunk on their way: pieces from the source, hashed as they pass.
//!
//! Pull-based: whoever sends takes the next piece when there is room, so that no more than a few pieces of a chunk
//! are in memory, however long it is. The digest is known after the last piece.

use std::fmt;

use async_trait::async_trait;
use bytes::Bytes;

use crate::layout::ByteRange;
use crate::tree::Cv;

/// The source failed in the middle of a body. What exactly, the body's maker remembers; a remote only stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the source ended early")]
pub struct SourceStopped;

/// Whose word the digest of a body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Witness {
    /// It is made in this process from the very bytes that are given: to hash them again would prove nothing more.
    Own,
    /// It came with the bytes from elsewhere: a claim, for the receiver to check.
    Claimed,
}

/// One lease's bytes, in order.
#[async_trait]
pub trait ChunkBody: Send + fmt::Debug {
    /// The bytes that it yields in all.
    fn range(&self) -> ByteRange;

    /// The next piece; `None` after the last. Waiting for the speed limit happens in here.
    async fn next(&mut self) -> Result<Option<Bytes>, SourceStopped>;

    /// The digest of the *whole chunk*, known once [`ChunkBody::next`] gave `None`.
    fn cv(&self) -> Option<Cv>;

    /// Whose word [`ChunkBody::cv`] is. Constant.
    fn witness(&self) -> Witness;
}

/// A body from memory: what a server received whole, what a test made up.
#[derive(Debug, Clone)]
pub struct ReadyBody {
    range: ByteRange,
    pieces: std::collections::VecDeque<Bytes>,
    cv: Option<Cv>,
}

impl ReadyBody {
    /// The bytes of `range` in one piece, with the digest of their chunk.
    pub fn new(range: ByteRange, bytes: Bytes, cv: Option<Cv>) -> Self {
        Self { range, pieces: [bytes].into(), cv }
    }
}

#[async_trait]
impl ChunkBody for ReadyBody {
    fn range(&self) -> ByteRange {
        self.range
    }

    async fn next(&mut self) -> Result<Option<Bytes>, SourceStopped> {
        Ok(self.pieces.pop_front())
    }

    fn cv(&self) -> Option<Cv> {
        if self.pieces.is_empty() { self.cv } else { None }
    }

    fn witness(&self) -> Witness {
        Witness::Claimed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_digest_is_known_after_the_last_piece_and_not_before() {
        let cv = Cv([7; 32]);
        let mut body = ReadyBody::new(ByteRange::at(5, 3), Bytes::from_static(b"abc"), Some(cv));
        assert_eq!((body.range(), body.cv()), (ByteRange::at(5, 3), None), "nothing has passed yet");
        assert_eq!(body.next().await, Ok(Some(Bytes::from_static(b"abc"))), "its bytes");
        assert_eq!(body.next().await, Ok(None), "the end, and again when asked again");
        assert_eq!(body.cv(), Some(cv), "now it can be compared");
    }
}
