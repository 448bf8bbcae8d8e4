//! The work of a fetch: pulls pieces from the remote as far as somebody wants them, and closes block after block. Owned by
//! the task that the fetch ends. Invariant: it is never further ahead than its demand permits, but for the piece that came
//! last.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::StreamExt;
use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio::time::timeout;
use transfer::layout::ByteRange;
use transfer::range::{ByteStream, RangeReader, ReadError};

use super::fetch::Demand;
use super::key::Standing;
use super::object::CachedObject;
use super::progress::{Progress, Stage};

/// How long a request is held for readers that take nothing: a paused player. Servers end such connections themselves,
/// and a request for the rest costs one round trip.
const IDLE: Duration = Duration::from_secs(30);

/// The task behind a fetch.
pub(super) struct Run {
    object: Arc<CachedObject>,
    reader: Arc<dyn RangeReader>,
    standing: Standing,
    head: u64,
    end: u64,
    upstream: Option<ByteStream>,
    /// Of the last piece that came: what nobody wants yet.
    left: Bytes,
    told: watch::Sender<Progress>,
    wanted: watch::Receiver<Demand>,
    far: Option<OwnedSemaphorePermit>,
}

/// However it ends, by its last follower most often: what arrived is kept.
impl Drop for Run {
    fn drop(&mut self) {
        self.close_block();
    }
}

impl Run {
    /// What is to come of `range`, told to followers who say what they want.
    pub(super) fn new(
        object: Arc<CachedObject>,
        reader: Arc<dyn RangeReader>,
        range: ByteRange,
        told: watch::Sender<Progress>,
        wanted: watch::Receiver<Demand>,
    ) -> Self {
        let (head, end, standing) = (range.start(), range.end(), object.standing());
        Self { object, reader, standing, head, end, upstream: None, left: Bytes::new(), told, wanted, far: None }
    }

    /// Fetches until all is here, or it cannot be had.
    pub(super) async fn carried_out(mut self) {
        let result = self.flow().await;
        self.close_block();
        if matches!(result, Err(ReadError::Changed)) {
            self.object.forget().await;
        }
        let stage = result.map_or_else(Stage::Broken, |()| Stage::Done);
        self.told.send_modify(|progress| progress.stage = stage);
    }

    async fn flow(&mut self) -> Result<(), ReadError> {
        while self.head < self.end {
            let Some(room) = self.room().await else { return Ok(()) };
            if self.left.is_empty() {
                self.left = self.piece().await?;
            }
            self.take(room);
        }
        Ok(())
    }

    /// Waits until somebody wants more; how many bytes. None when nobody is left.
    async fn room(&mut self) -> Option<u64> {
        loop {
            let demand = *self.wanted.borrow_and_update();
            let limit = demand.position.saturating_add(self.ahead(demand.in_sequence));
            if limit > self.head {
                return Some(limit - self.head);
            }
            if let Ok(changed) = timeout(IDLE, self.wanted.changed()).await {
                changed.ok()?;
            } else {
                self.upstream = None;
                self.wanted.changed().await.ok()?;
            }
        }
    }

    /// As far ahead as was read in sequence, within bounds. Beyond a block only few may be at once, for memory's sake.
    fn ahead(&mut self, in_sequence: u64) -> u64 {
        let shape = self.object.near().shape;
        let ahead = in_sequence.clamp(shape.lead, shape.ahead);
        if ahead > shape.block_len.get() && self.far.is_none() {
            self.far = Arc::clone(&self.object.near().far).try_acquire_owned().ok();
        }
        if self.far.is_some() { ahead } else { ahead.min(shape.block_len.get()) }
    }

    /// The next piece from the remote, which is asked for the whole rest where it is not asked already.
    async fn piece(&mut self) -> Result<Bytes, ReadError> {
        let upstream = match &mut self.upstream {
            Some(upstream) => upstream,
            None => {
                let upstream = self.upstream.insert(self.reader.read(self.rest()).await?);
                self.told.send_modify(|progress| progress.stage = Stage::Flowing);
                upstream
            }
        };
        let piece = upstream.next().await.unwrap_or_else(|| Err(ended_early()))?;
        self.object.near().counters.fetched(piece.len() as u64);
        Ok(piece)
    }

    fn take(&mut self, room: u64) {
        let block_end = self.object.near().shape.block_len.end_of(self.head).min(self.end);
        let block_room = block_end - self.head;
        let taken = room.min(block_room).min(self.left.len() as u64);
        // All are at most a block's length.
        let bytes = self.left.split_to(taken as usize);
        self.head += taken;
        self.told.send_modify(|progress| progress.grow(&bytes, block_room as usize));
        if self.head == block_end {
            self.close_block();
            self.end = self.object.still_missing(self.rest());
        }
    }

    fn rest(&self) -> ByteRange {
        ByteRange::at(self.head, self.end.saturating_sub(self.head))
    }

    /// What arrived of a block is kept, and held for followers as long as the foremost may need it.
    fn close_block(&mut self) {
        let shape = self.object.near().shape;
        let ahead = if self.far.is_some() { shape.ahead } else { shape.block_len.get() };
        let mut closed = None;
        self.told.send_if_modified(|progress| {
            closed = progress.close();
            progress.trim(ahead + shape.block_len.get());
            false
        });
        if let Some(extent) = closed {
            self.object.keep(extent, &self.standing);
        }
    }
}

fn ended_early() -> ReadError {
    ReadError::Io { context: "the remote ended early".to_owned(), source: std::io::ErrorKind::UnexpectedEof.into() }
}
