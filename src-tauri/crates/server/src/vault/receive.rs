//! One chunk on its way in: hashed and written in place, piece by piece as it comes; compared and not written where it
//! is there already. A body of this process that hashes its own bytes is not hashed a second time.

use std::fs::File;
use std::sync::Arc;

use bytes::Bytes;
use transfer::body::{ChunkBody, Witness};
use transfer::error::{Class, Operation, RemoteError};
use transfer::layout::ChunkIndex;
use transfer::remote::PutChunk;
use transfer::tree::{ChunkHasher, Cv};

use super::chunks::{Admission, Outcome};
use super::flush::{Flushes, Written, flushed, superseded};
use super::pen::{Pen, Stopped};
use super::shared::Shared;
use super::upload::{Standing, Upload};
use super::{disk, trouble};

/// Bytes that are written by one call: few enough for many chunks at once, enough to make a change of threads cheap.
const BATCH: usize = 1 << 20;

/// Takes a chunk of an unfinished upload; returns when it is durable.
pub(super) async fn receive(
    shared: &Shared,
    flushes: &Flushes,
    upload: Arc<Upload>,
    put: PutChunk,
) -> Result<(), RemoteError> {
    let PutChunk { layout, index, body, .. } = put;
    if layout != upload.layout {
        return Err(trouble::other_layout(Operation::Put));
    }
    if body.range() != layout.range(index) {
        return Err(RemoteError::new(Operation::Put, Class::Desync, "the body is not the whole chunk"));
    }
    upload.hear();
    let incoming = Incoming { body, left: layout.range(index).len(), ended: false };
    match upload.admit(index)? {
        Admission::Write(pen) => write(shared, flushes, upload, index, pen, incoming).await,
        Admission::Compare(cv, outcome) => compare(&upload, index, cv, outcome, incoming).await,
    }
}

async fn write(
    shared: &Shared,
    flushes: &Flushes,
    upload: Arc<Upload>,
    index: ChunkIndex,
    pen: Pen,
    mut incoming: Incoming,
) -> Result<(), RemoteError> {
    let file = match upload.file().await {
        Ok(file) => file,
        Err(error) => return Err(shared.not_stored(&upload, error).await),
    };
    let mut hasher = incoming.hasher(&upload, index);
    let mut offset = upload.layout.range(index).start();
    while let Some(batch) = incoming.batch().await? {
        let len: usize = batch.iter().map(Bytes::len).sum();
        let stored = store(file.clone(), pen.clone(), offset, batch, hasher).await;
        hasher = match stored {
            Ok(hasher) => hasher,
            Err(stopped) => return Err(explain(shared, &upload, stopped).await),
        };
        offset += len as u64;
    }
    let (cv, vouched) = incoming.digest(hasher.as_deref())?;
    flushes.flush(Written { upload, index, pen, cv, vouched }).await
}

async fn store(
    file: Arc<File>,
    pen: Pen,
    offset: u64,
    batch: Vec<Bytes>,
    mut hasher: Option<Box<ChunkHasher>>,
) -> Result<Option<Box<ChunkHasher>>, Stopped> {
    let stored = disk::blocking(move || {
        if let Some(hasher) = &mut hasher {
            batch.iter().for_each(|piece| hasher.update(piece));
        }
        pen.write(&file, offset, &batch)?;
        Ok(hasher)
    });
    stored.await.map_err(Stopped::Disk)?
}

async fn explain(shared: &Shared, upload: &Upload, stopped: Stopped) -> RemoteError {
    match (stopped, upload.standing()) {
        (Stopped::Superseded, Standing::Gone) => trouble::unknown(Operation::Put),
        (Stopped::Superseded, Standing::Unfinished(_) | Standing::Finished) => superseded(),
        (Stopped::Disk(error), _) => shared.not_stored(upload, error).await,
    }
}

/// Reads the duplicate to its end: whether it is one is known only then.
async fn compare(
    upload: &Upload,
    index: ChunkIndex,
    there: Cv,
    outcome: Option<Outcome>,
    mut incoming: Incoming,
) -> Result<(), RemoteError> {
    let mut hasher = incoming.hasher(upload, index);
    while let Some(batch) = incoming.batch().await? {
        let hashed = disk::blocking(move || {
            if let Some(hasher) = &mut hasher {
                batch.iter().for_each(|piece| hasher.update(piece));
            }
            hasher
        });
        hasher = hashed.await.map_err(|error| trouble::of_disk(Operation::Put, error))?;
    }
    let (cv, _) = incoming.digest(hasher.as_deref())?;
    if cv != there {
        return Err(RemoteError::new(Operation::Put, Class::Corrupt, "the chunk that is there has other bytes"));
    }
    match outcome {
        Some(outcome) => flushed(outcome).await,
        None => Ok(()),
    }
}

/// A body that is held to the length of its chunk.
struct Incoming {
    body: Box<dyn ChunkBody>,
    left: u64,
    ended: bool,
}

impl Incoming {
    /// The next pieces, about [`BATCH`] bytes; none after the last.
    async fn batch(&mut self) -> Result<Option<Vec<Bytes>>, RemoteError> {
        let (mut batch, mut len) = (Vec::new(), 0);
        while len < BATCH && !self.ended {
            match self.body.next().await.map_err(|stopped| ended_early().because(stopped))? {
                Some(piece) => {
                    self.count(piece.len())?;
                    len += piece.len();
                    batch.push(piece);
                }
                None => self.ended = true,
            }
        }
        if len == 0 && self.left > 0 {
            return Err(ended_early());
        }
        Ok((len > 0).then_some(batch))
    }

    fn count(&mut self, len: usize) -> Result<(), RemoteError> {
        let longer = || RemoteError::new(Operation::Put, Class::Corrupt, "the body is longer than its chunk");
        self.left = self.left.checked_sub(len as u64).ok_or_else(longer)?;
        Ok(())
    }

    /// What hashes the bytes here, where the body's own word does not suffice.
    fn hasher(&self, upload: &Upload, index: ChunkIndex) -> Option<Box<ChunkHasher>> {
        match self.body.witness() {
            Witness::Own => None,
            Witness::Claimed => Some(Box::new(ChunkHasher::new(&upload.layout, index))),
        }
    }

    /// The digest of the bytes, which must be the one that came with them, and whether one came.
    fn digest(&self, hasher: Option<&ChunkHasher>) -> Result<(Cv, bool), RemoteError> {
        let claimed = self.body.cv();
        let Some(hasher) = hasher else { return Ok((claimed.ok_or_else(ended_early)?, true)) };
        let cv = hasher.cv().ok_or_else(ended_early)?;
        if claimed.is_some_and(|claimed| claimed != cv) {
            return Err(RemoteError::new(Operation::Put, Class::Corrupt, "the chunk does not have its digest"));
        }
        Ok((cv, claimed.is_some()))
    }
}

fn ended_early() -> RemoteError {
    RemoteError::new(Operation::Put, Class::Transient, "the body ended early")
}
