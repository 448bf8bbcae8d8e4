//! One run of missing bytes on its way: one request to the remote, followed by any number of readers. Owned by its
//! followers: with the last of them the request ends, at once, and what arrived of a block is kept as a part of it.
//!
//! It goes no further than its foremost reader and a bounded way ahead, however much was asked for: a player asks for all
//! of a film and takes what it shows.

use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::watch;
use tokio::task::AbortHandle;
use tracing::{Instrument, debug_span};
use transfer::layout::ByteRange;
use transfer::range::{RangeReader, ReadError};

use super::object::CachedObject;
use super::progress::{Progress, Stage, Step};
use super::run::Run;

/// Where the foremost reader is, and how many bytes it has read one after the other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Demand {
    pub(super) position: u64,
    pub(super) in_sequence: u64,
}

/// A run, held by a follower.
#[derive(Debug)]
pub(super) struct Fetch {
    start: u64,
    progress: watch::Receiver<Progress>,
    demand: watch::Sender<Demand>,
    task: AbortHandle,
}

impl Drop for Fetch {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Fetch {
    /// Begins to fetch `range`, whose first byte is wanted.
    pub(super) fn begin(
        object: Arc<CachedObject>,
        reader: Arc<dyn RangeReader>,
        range: ByteRange,
        demand: Demand,
    ) -> Arc<Self> {
        let (told, progress) = watch::channel(Progress::new(range.start()));
        let (demand, wanted) = watch::channel(demand);
        let run = Run::new(object, reader, range, told, wanted);
        let task = tokio::spawn(run.carried_out().instrument(debug_span!("fetch", ?range))).abort_handle();
        Arc::new(Self { start: range.start(), progress, demand, task })
    }

    pub(super) fn start(&self) -> u64 {
        self.start
    }

    pub(super) fn is_live(&self) -> bool {
        self.progress.borrow().is_live()
    }

    pub(super) fn reaches(&self, position: u64, patience: u64) -> bool {
        self.progress.borrow().reaches(position, patience)
    }

    /// Says where a follower is.
    pub(super) fn want(&self, demand: Demand) {
        self.demand.send_if_modified(|known| {
            let more = known.position < demand.position;
            if more {
                *known = demand;
            }
            more
        });
    }

    /// Waits until the remote has answered, or has not.
    pub(super) async fn opened(&self, position: u64) -> Result<(), ReadError> {
        let mut progress = self.progress.clone();
        let is_open = |progress: &Progress| !matches!(progress.stage, Stage::Opening);
        match progress.wait_for(is_open).await.map(|progress| progress.at(position)) {
            Ok(Step::Broken(error)) => Err(error),
            Ok(Step::Bytes(_) | Step::Wait | Step::Elsewhere) | Err(_) => Ok(()),
        }
    }

    /// The bytes from `position` on that are here, waiting for the first; none when they are not of this fetch.
    pub(super) async fn bytes(&self, position: u64) -> Result<Option<Bytes>, ReadError> {
        let mut progress = self.progress.clone();
        loop {
            let step = progress.borrow_and_update().at(position);
            match step {
                Step::Bytes(bytes) => return Ok(Some(bytes)),
                Step::Elsewhere => return Ok(None),
                Step::Broken(error) => return Err(error),
                Step::Wait => progress.changed().await.map_err(|_| ended())?,
            }
        }
    }
}

/// A task that is gone without a word went down with its runtime, or with its reader.
fn ended() -> ReadError {
    ReadError::NotArriving("the read was ended: ask for the bytes again".to_owned())
}
