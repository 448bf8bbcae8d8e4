//! Reading a finished object of a [`super::MemoryRemote`].

use async_trait::async_trait;
use bytes::Bytes;
use futures::{StreamExt, stream};

use crate::ids::ObjectId;
use crate::layout::ByteRange;
use crate::range::{ByteStream, RangeReader, ReadError};

/// The longest piece of a stream, in bytes: short enough that small objects come in several.
const PIECE: usize = 64 << 10;

#[derive(Debug)]
pub(super) struct MemoryReader {
    object: ObjectId,
    bytes: Bytes,
}

impl MemoryReader {
    pub(super) fn new(object: ObjectId, bytes: Bytes) -> Self {
        Self { object, bytes }
    }
}

#[async_trait]
impl RangeReader for MemoryReader {
    fn len(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn validator(&self) -> String {
        self.object.0.clone()
    }

    async fn read(&self, range: ByteRange) -> Result<ByteStream, ReadError> {
        if range.end() > self.len() {
            return Err(ReadError::OutOfRange { asked: range, len: self.len() });
        }
        let mut rest = self.bytes.slice(range.start() as usize..range.end() as usize);
        let pieces = std::iter::from_fn(move || {
            let piece = rest.split_to(rest.len().min(PIECE));
            (!piece.is_empty()).then_some(Ok(piece))
        });
        Ok(stream::iter(pieces).boxed())
    }
}
