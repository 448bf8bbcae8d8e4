//! A body that does not reach its end.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use tokio::sync::Notify;

use crate::body::{ChunkBody, SourceStopped, Witness};
use crate::layout::ByteRange;
use crate::tree::Cv;

/// Gives its first bytes, and then fails or hangs.
#[derive(Debug)]
pub struct BrokenBody {
    range: ByteRange,
    head: Option<Bytes>,
    hung: Option<Arc<Notify>>,
}

impl BrokenBody {
    /// A body of `range` whose source stops after `head`.
    pub fn stopping(range: ByteRange, head: Bytes) -> Self {
        Self { range, head: Some(head), hung: None }
    }

    /// A body of `range` that hangs after `head`, and tells `hung` when whoever reads it waits for the rest.
    pub fn hanging(range: ByteRange, head: Bytes, hung: Arc<Notify>) -> Self {
        Self { range, head: Some(head), hung: Some(hung) }
    }
}

#[async_trait]
impl ChunkBody for BrokenBody {
    fn range(&self) -> ByteRange {
        self.range
    }

    async fn next(&mut self) -> Result<Option<Bytes>, SourceStopped> {
        match (self.head.take(), &self.hung) {
            (Some(head), _) => Ok(Some(head)),
            (None, None) => Err(SourceStopped),
            (None, Some(hung)) => {
                hung.notify_one();
                std::future::pending().await
            }
        }
    }

    fn cv(&self) -> Option<Cv> {
        None
    }

    fn witness(&self) -> Witness {
        Witness::Claimed
    }
}
