//! A body that a test feeds piece by piece, to stop a sender wherever it wants.

use async_trait::async_trait;
use bytes::Bytes;
use tokio::sync::mpsc;
use transfer::body::{ChunkBody, SourceStopped, Witness};
use transfer::layout::ByteRange;
use transfer::tree::Cv;

/// The body. It ends when its feeder is dropped.
#[derive(Debug)]
pub struct Fed {
    range: ByteRange,
    cv: Option<Cv>,
    pieces: mpsc::Receiver<Bytes>,
}

/// The test's end of it.
#[derive(Debug)]
pub struct Feeder(mpsc::Sender<Bytes>);

impl Fed {
    /// A body of `range` that claims this digest.
    pub fn new(range: ByteRange, cv: Option<Cv>) -> (Box<Self>, Feeder) {
        let (feeder, pieces) = mpsc::channel(1);
        (Box::new(Self { range, cv, pieces }), Feeder(feeder))
    }
}

impl Feeder {
    /// Gives the next piece. Whether anybody still takes it.
    pub async fn feed(&self, piece: Bytes) -> bool {
        self.0.send(piece).await.is_ok()
    }

    /// Waits until everything that was fed was taken.
    pub async fn taken(&self) {
        // There is room for one piece: when a place is free, the last one was taken. Who stopped taking took it too.
        let _ = self.0.reserve().await;
    }
}

#[async_trait]
impl ChunkBody for Fed {
    fn range(&self) -> ByteRange {
        self.range
    }

    async fn next(&mut self) -> Result<Option<Bytes>, SourceStopped> {
        Ok(self.pieces.recv().await)
    }

    fn cv(&self) -> Option<Cv> {
        self.cv
    }

    fn witness(&self) -> Witness {
        Witness::Claimed
    }
}
