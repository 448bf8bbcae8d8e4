//! A chunk's bytes on the link: counted, slowed, harmed, and kept where they arrive once more.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use transfer::body::{ChunkBody, SourceStopped, Witness};
use transfer::layout::ByteRange;
use transfer::tree::Cv;

use crate::trouble::Harm;
use crate::world::World;

/// What passed of a body, for a copy of the request that arrives later.
#[derive(Debug, Default)]
pub(crate) struct Passed {
    pub(crate) bytes: Vec<Bytes>,
    pub(crate) cv: Option<Cv>,
}

/// A body on the link.
#[derive(Debug)]
pub(crate) struct OnLink {
    pub(crate) inner: Box<dyn ChunkBody>,
    pub(crate) world: Arc<World>,
    pub(crate) number: usize,
    pub(crate) harm: Option<Harm>,
    /// Bytes until it breaks off, where it does.
    pub(crate) left: u64,
    /// Kept where the request arrives once more.
    pub(crate) passed: Option<Arc<Mutex<Passed>>>,
}

impl OnLink {
    fn harmed(&mut self, mut piece: Bytes) -> Result<Bytes, SourceStopped> {
        match self.harm {
            None => Ok(piece),
            Some(Harm::Flip) => {
                self.harm = None;
                Ok(flipped(&piece))
            }
            Some(Harm::Cut) if self.left == 0 => Err(SourceStopped),
            Some(Harm::Cut) => {
                piece.truncate(usize::try_from(self.left).unwrap_or(usize::MAX));
                self.left -= piece.len() as u64;
                Ok(piece)
            }
        }
    }

    fn keep(&self, piece: &Bytes) {
        if let Some(passed) = &self.passed {
            let mut passed = passed.lock().expect("nothing panics while it holds the lock");
            passed.bytes.push(piece.clone());
        }
    }
}

fn flipped(piece: &Bytes) -> Bytes {
    let mut bytes = piece.to_vec();
    if let Some(middle) = bytes.get_mut(piece.len() / 2) {
        *middle ^= 0x10;
    }
    bytes.into()
}

#[async_trait]
impl ChunkBody for OnLink {
    fn range(&self) -> ByteRange {
        self.inner.range()
    }

    async fn next(&mut self) -> Result<Option<Bytes>, SourceStopped> {
        let Some(piece) = self.inner.next().await? else {
            if let Some(passed) = &self.passed {
                passed.lock().expect("nothing panics while it holds the lock").cv = self.inner.cv();
            }
            return Ok(None);
        };
        let len = piece.len() as u64;
        self.world.inside().books[self.number].bytes.left += len;
        self.keep(&piece);
        tokio::time::sleep(Duration::from_millis(len * 1000 / self.world.plan.link)).await;
        self.world.pass().await;
        self.harmed(piece).map(Some)
    }

    fn cv(&self) -> Option<Cv> {
        self.inner.cv()
    }

    fn witness(&self) -> Witness {
        Witness::Claimed
    }
}
