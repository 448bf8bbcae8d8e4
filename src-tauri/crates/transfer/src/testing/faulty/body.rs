//! Bodies that are harmed on their way.

use async_trait::async_trait;
use bytes::Bytes;

use crate::body::{ChunkBody, SourceStopped, Witness};
use crate::layout::ByteRange;
use crate::tree::Cv;

/// Flips one bit of the first piece and leaves the digest as it was announced.
#[derive(Debug)]
pub(super) struct FlippedBody {
    pub(super) body: Box<dyn ChunkBody>,
    pub(super) flipped: bool,
}

#[async_trait]
impl ChunkBody for FlippedBody {
    fn range(&self) -> ByteRange {
        self.body.range()
    }

    async fn next(&mut self) -> Result<Option<Bytes>, SourceStopped> {
        let piece = self.body.next().await?;
        Ok(piece.map(|piece| if std::mem::replace(&mut self.flipped, true) { piece } else { flipped(&piece) }))
    }

    fn cv(&self) -> Option<Cv> {
        self.body.cv()
    }

    fn witness(&self) -> Witness {
        Witness::Claimed
    }
}

fn flipped(piece: &Bytes) -> Bytes {
    let mut bytes = piece.to_vec();
    if let Some(middle) = bytes.get_mut(piece.len() / 2) {
        *middle ^= 0x10;
    }
    bytes.into()
}

/// Gives the first half of the bytes and then fails, as a broken connection does.
#[derive(Debug)]
pub(super) struct CutBody {
    pub(super) body: Box<dyn ChunkBody>,
    pub(super) left: u64,
}

#[async_trait]
impl ChunkBody for CutBody {
    fn range(&self) -> ByteRange {
        self.body.range()
    }

    async fn next(&mut self) -> Result<Option<Bytes>, SourceStopped> {
        if self.left == 0 {
            return Err(SourceStopped);
        }
        let mut piece = self.body.next().await?.ok_or(SourceStopped)?;
        piece.truncate(usize::try_from(self.left).unwrap_or(usize::MAX));
        self.left -= piece.len() as u64;
        Ok(Some(piece))
    }

    fn cv(&self) -> Option<Cv> {
        None
    }

    fn witness(&self) -> Witness {
        Witness::Claimed
    }
}
