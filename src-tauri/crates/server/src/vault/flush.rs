//! Group commit: one flush of a file and one write of the ledger acknowledge every chunk that was written before.
//!
//! The batching is natural: while one flush runs, the next group gathers. Owner: one task, the only one that writes to
//! the ledger which chunks have arrived (bytes without chunks: `append`). Invariant: a chunk is kept after its bytes were synced *and* its mark is durable.

use std::fs::File;
use std::io;
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot, watch};
use transfer::error::{Operation, RemoteError, Trouble};
use transfer::layout::ChunkIndex;
use transfer::tree::Cv;

use super::pen::Pen;
use super::shared::Shared;
use super::upload::{Standing, Upload};
use super::{disk, trouble};
use crate::ports::{Mark, UploadId};

/// The largest group, in chunks: of 4 MiB each, four times the 64 MiB that a disk needs to stream.
const GROUP: usize = 64;

/// The way to the flusher.
#[derive(Debug, Clone)]
pub(super) struct Flushes(mpsc::Sender<Request>);

/// A chunk whose bytes are all written and whose digest was compared.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) upload: Arc<Upload>,
    pub(super) index: ChunkIndex,
    pub(super) pen: Pen,
    pub(super) cv: Cv,
    /// Whether a digest came with the bytes.
    pub(super) vouched: bool,
}

#[derive(Debug)]
enum Request {
    Flush(Written, watch::Sender<Option<Result<(), Trouble>>>),
    Barrier(oneshot::Sender<()>),
}

impl Flushes {
    /// Seals the chunk and waits until it is durable. A sealed chunk is flushed even if nobody waits any more.
    pub(super) async fn flush(&self, written: Written) -> Result<(), RemoteError> {
        let place = self.0.reserve().await.map_err(|_| trouble::closed(Operation::Put))?;
        let (told, outcome) = watch::channel(None);
        let (upload, index, pen, cv) = (written.upload.clone(), written.index, written.pen.clone(), written.cv);
        let hand_over = || place.send(Request::Flush(written, told));
        if !upload.seal(index, &pen, cv, outcome.clone(), hand_over) {
            return Err(superseded());
        }
        flushed(outcome).await
    }

    /// Waits until everything that was sealed before is kept or broken.
    pub(super) async fn barrier(&self, operation: Operation) -> Result<(), RemoteError> {
        let (passed, barrier) = oneshot::channel();
        let sent = self.0.send(Request::Barrier(passed)).await;
        sent.map_err(|_| trouble::closed(operation))?;
        barrier.await.map_err(|_| trouble::closed(operation))
    }
}

/// Waits for the flush of a sealed chunk.
pub(super) async fn flushed(mut outcome: watch::Receiver<Option<Result<(), Trouble>>>) -> Result<(), RemoteError> {
    let told = outcome.wait_for(Option::is_some).await.map_err(|_| trouble::closed(Operation::Put))?;
    match &*told {
        Some(Err(why)) => Err(RemoteError::new(Operation::Put, why.class.clone(), why.sentence.clone())),
        Some(Ok(())) | None => Ok(()),
    }
}

/// A newer body of the chunk is being written.
pub(super) fn superseded() -> RemoteError {
    RemoteError::new(Operation::Put, transfer::error::Class::Transient, "a newer body of this chunk took its place")
}

/// The task that flushes.
#[derive(Debug)]
pub(super) struct Flusher {
    shared: Arc<Shared>,
    requests: mpsc::Receiver<Request>,
}

impl Flusher {
    pub(super) fn new(shared: Arc<Shared>) -> (Flushes, Self) {
        let (send, requests) = mpsc::channel(GROUP);
        (Flushes(send), Self { shared, requests })
    }

    /// Runs until the vault is closed or its last handle is gone, and then flushes what was sealed.
    pub(super) async fn run(mut self) {
        let (mut group, mut closing) = (Vec::new(), false);
        loop {
            let count = tokio::select! {
                biased;
                count = self.requests.recv_many(&mut group, GROUP) => count,
                () = self.shared.closed.cancelled(), if !closing => {
                    closing = true;
                    self.requests.close();
                    continue;
                }
            };
            if count == 0 {
                return;
            }
            self.flush(std::mem::take(&mut group)).await;
        }
    }

    /// Requests that wait for the next group.
    #[cfg(test)]
    pub(super) fn waiting(&self) -> usize {
        self.requests.len()
    }

    async fn flush(&self, requests: Vec<Request>) {
        let (mut group, mut barriers) = (Vec::new(), Vec::new());
        for request in requests {
            match request {
                Request::Flush(written, told) => group.push((written, told)),
                Request::Barrier(passed) => barriers.push(passed),
            }
        }
        let mut uploads: Vec<Arc<Upload>> = group.iter().map(|(written, _)| written.upload.clone()).collect();
        uploads.sort_by(|a, b| a.id.cmp(&b.id));
        uploads.dedup_by(|a, b| Arc::ptr_eq(a, b));
        for upload in &uploads {
            self.sync(upload, &mut group).await;
        }
        self.mark(group).await;
        for passed in barriers {
            // Who waited behind the group and is gone by now needs no word.
            let _ = passed.send(());
        }
    }

    /// Syncs one file, and takes the chunks that this does not make durable out of the group.
    async fn sync(&self, upload: &Arc<Upload>, group: &mut Group) {
        let synced = match upload.file().await {
            Ok(file) => disk::blocking_io(move || sync(&file)).await,
            Err(error) => Err(error),
        };
        let failure = match synced {
            Ok(()) if upload.standing() == Standing::Gone => trouble::unknown(Operation::Put),
            Ok(()) => return,
            Err(error) => {
                upload.stop_writers();
                self.shared.not_stored(upload, error).await
            }
        };
        let lost = group.extract_if(.., |(written, _)| Arc::ptr_eq(&written.upload, upload)).collect();
        give_up(lost, &failure);
    }

    async fn mark(&self, group: Group) {
        if group.is_empty() {
            return;
        }
        let (marks, now): (Vec<_>, _) =
            (group.iter().map(|(written, _)| mark(written)).collect(), self.shared.clock.now());
        match self.shared.ledger.mark(&marks, now).await {
            Ok(_) => group.into_iter().for_each(|(written, told)| {
                written.upload.keep(written.index, written.cv, now);
                told.send_replace(Some(Ok(())));
            }),
            Err(error) => give_up(group, &trouble::of_ledger(Operation::Put, error)),
        }
    }
}

type Group = Vec<(Written, watch::Sender<Option<Result<(), Trouble>>>)>;

fn sync(file: &File) -> io::Result<()> {
    file.sync_data()
}

fn mark(written: &Written) -> (UploadId, Mark) {
    let range = written.upload.layout.range(written.index);
    let cv = Some((written.index.get(), written.cv));
    (written.upload.id.clone(), Mark { range, cv, vouched: written.vouched })
}

fn give_up(group: Group, failure: &RemoteError) {
    tracing::warn!(chunks = group.len(), error = %failure, "chunks did not become durable");
    for (written, told) in group {
        written.upload.break_seal(written.index);
        told.send_replace(Some(Err(failure.trouble())));
    }
}
