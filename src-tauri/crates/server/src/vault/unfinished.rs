//! Reading what still arrives: bytes that are acknowledged at once, the others when they come.
//!
//! A read that meets a missing byte holds a wish for the chunk of that byte and the next one, no more: an open-ended
//! range (`bytes=N-`, as players ask) must not wish for the whole rest of a film. The wish is gone with the read.

use std::fs::File;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures::{StreamExt, stream};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use transfer::layout::ByteRange;
use transfer::range::{ByteStream, RangeReader, ReadError};

use super::film::{failed, piece, within};
use super::shared::Shared;
use super::upload::{Sight, Standing, Upload};
use super::wishes::Wish;

/// Reads an unfinished object; and goes on reading when it is finished meanwhile.
#[derive(Debug)]
pub(super) struct UnfinishedReader {
    upload: Arc<Upload>,
    patience: Duration,
    closed: CancellationToken,
}

impl UnfinishedReader {
    pub(super) fn new(upload: Arc<Upload>, shared: &Shared) -> Self {
        Self { upload, patience: shared.patience, closed: shared.closed.clone() }
    }
}

#[async_trait]
impl RangeReader for UnfinishedReader {
    fn len(&self) -> u64 {
        self.upload.layout.size()
    }

    fn validator(&self) -> String {
        self.upload.object.0.clone()
    }

    async fn read(&self, range: ByteRange) -> Result<ByteStream, ReadError> {
        within(range, self.len())?;
        let file = self.upload.file().await.map_err(failed)?;
        let reading = Reading {
            wish: self.upload.wishes.join(),
            changes: self.upload.changes(),
            upload: self.upload.clone(),
            patience: self.patience,
            closed: self.closed.clone(),
            file,
            rest: range,
            there: range.start(),
        };
        Ok(stream::try_unfold(reading, Reading::next).boxed())
    }
}

/// One read under way.
#[derive(Debug)]
struct Reading {
    upload: Arc<Upload>,
    file: Arc<File>,
    rest: ByteRange,
    /// Up to here everything is there; what was acknowledged once need not be looked up again.
    there: u64,
    wish: Wish,
    changes: watch::Receiver<()>,
    patience: Duration,
    closed: CancellationToken,
}

impl Reading {
    async fn next(mut self) -> Result<Option<(Bytes, Self)>, ReadError> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        if self.there <= self.rest.start() {
            self.arrival().await?;
        }
        let len = self.there.min(self.rest.end()) - self.rest.start();
        let piece = piece(&self.file, ByteRange::at(self.rest.start(), len)).await;
        // Looked at after the bytes were taken: those of an upload that ended before may be another film's.
        if self.upload.standing() == Standing::Gone {
            return Err(ReadError::Gone);
        }
        let piece = piece?;
        self.rest = self.rest.without_first(piece.len() as u64);
        Ok(Some((piece, self)))
    }

    /// Waits until the byte at the read's position is there.
    async fn arrival(&mut self) -> Result<(), ReadError> {
        loop {
            // Marked as seen before looking: what changes after the look wakes.
            self.changes.mark_unchanged();
            match self.upload.sight(self.rest.start()) {
                Sight::There { until } => {
                    self.wish.withdraw();
                    self.there = until;
                    return Ok(());
                }
                Sight::Coming { heard } => self.woken(heard).await?,
                Sight::Stopped(why) => return Err(ReadError::NotArriving(why.to_owned())),
                Sight::Gone => return Err(ReadError::Gone),
            }
        }
    }

    async fn woken(&mut self, heard: bool) -> Result<(), ReadError> {
        self.wish.hold(self.wanted());
        let limit = if heard { Duration::MAX } else { self.patience };
        tokio::select! {
            _ = self.changes.changed() => Ok(()),
            () = self.closed.cancelled() => Err(ReadError::NotArriving("the vault was closed".to_owned())),
            () = tokio::time::sleep(limit) => {
                Err(ReadError::NotArriving("nobody is sending the rest of it now".to_owned()))
            }
        }
    }

    /// The missing chunk and the one after it, as far as they are asked for.
    fn wanted(&self) -> ByteRange {
        let layout = &self.upload.layout;
        let ahead = ByteRange::at(self.rest.start(), layout.chunk_len() + 1);
        let end = layout.touching(ahead).last().map_or(self.rest.end(), |chunk| layout.range(chunk).end());
        ByteRange::at(self.rest.start(), end.min(self.rest.end()) - self.rest.start())
    }
}
