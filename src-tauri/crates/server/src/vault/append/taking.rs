//! Taking bytes: piece by piece as they come, made durable now and then on the way and at the end.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use tokio::time::{Instant, sleep_until};
use transfer::body::SourceStopped;
use transfer::error::RemoteError;

use super::digests::Digests;
use super::promise::{Promise, STRETCH};
use super::turn::Turn;
use super::{Append, AppendError};
use crate::vault::shared::Shared;

/// Bytes that are written by one call.
const BATCH: usize = 1 << 20;
/// Bytes after which what is written is made durable, while more come.
const FLUSH: u64 = 16 << 20;
/// The time after which it is, on a slow link: a crash must not cost minutes.
const FLUSH_AFTER: Duration = Duration::from_secs(2);

/// The bytes of a request.
#[async_trait]
pub trait AppendBody: Send + fmt::Debug {
    /// The next ones; none after the last.
    async fn next(&mut self) -> Result<Option<Bytes>, SourceStopped>;

    /// How many there are, where that is known before they come. Constant.
    fn expected(&self) -> Option<u64>;

    /// Whether a checksum came with them: then they are kept all, if it is theirs, or not at all. Constant.
    fn is_vouched_for(&self) -> bool;

    /// Whether the checksum is theirs; asked after the last one.
    fn is_right(&self) -> bool;
}

/// How many bytes an upload may come to.
#[derive(Debug)]
pub(super) struct Bound {
    /// So far it may go without asking again.
    most: u64,
    /// So far it may go at all; and what is said when more come.
    last: u64,
    beyond: AppendError,
    promise: Option<Promise>,
}

impl Bound {
    /// So far, and nobody is to be asked.
    pub(super) fn at(last: u64, beyond: AppendError) -> Self {
        Self { most: last, last, beyond, promise: None }
    }

    /// As far as is promised on the way.
    pub(super) fn promised(self, promise: Promise) -> Self {
        Self { most: 0, promise: Some(promise), ..self }
    }

    /// Asks to come to `end`, and for `more` behind it as far as there is that much.
    pub(super) async fn reach(&mut self, end: u64, more: u64) -> Result<(), AppendError> {
        if end > self.last {
            return Err(std::mem::replace(&mut self.beyond, AppendError::Broken));
        }
        if let Some(promise) = self.promise.as_ref().filter(|_| end > self.most) {
            self.most = promise.reach(end, end.saturating_add(more).min(self.last)).await?;
        }
        Ok(())
    }
}

/// Bytes on their way into an upload.
pub(super) struct Taking<'a> {
    pub(super) shared: &'a Shared,
    pub(super) append: &'a Append,
    pub(super) turn: &'a mut Turn,
    pub(super) body: Box<dyn AppendBody>,
    pub(super) bound: Bound,
}

impl Taking<'_> {
    /// Takes all of them. The upload's file and digests must be at hand.
    pub(super) async fn take(mut self) -> Result<(), AppendError> {
        if let Some(upload) = self.append.upload() {
            upload.hear();
        }
        let taken = if self.body.is_vouched_for() { self.all_or_nothing().await } else { self.as_they_come().await };
        if let Some(upload) = self.append.upload() {
            upload.fall_silent();
        }
        taken
    }

    async fn as_they_come(&mut self) -> Result<(), AppendError> {
        let ended = self.pour().await;
        self.flush(false).await?;
        ended
    }

    async fn all_or_nothing(&mut self) -> Result<(), AppendError> {
        let before = self.turn.writer.digests.as_ref().map(Digests::place);
        let ended = self.pour().await;
        match ended {
            Ok(()) if self.body.is_right() => Ok(self.flush(true).await?),
            ended => {
                self.turn.writer.forget(self.append, before).await;
                ended.and(Err(AppendError::Wrong))
            }
        }
    }

    async fn pour(&mut self) -> Result<(), AppendError> {
        let mut flush_at = Instant::now() + FLUSH_AFTER;
        loop {
            let (batch, ended) = self.batch(flush_at).await;
            if !batch.is_empty() {
                self.turn.writer.write(batch).await?;
            }
            if let Some(ended) = ended {
                return ended;
            }
            let waiting = self.turn.writer.written().saturating_sub(self.append.offset());
            if waiting >= FLUSH || Instant::now() >= flush_at {
                if !self.body.is_vouched_for() {
                    self.flush(false).await?;
                }
                flush_at = Instant::now() + FLUSH_AFTER;
            }
        }
    }

    /// The next pieces, about [`BATCH`] bytes, fewer where they come slowly; and how it ended, if it did.
    async fn batch(&mut self, until: Instant) -> (Vec<Bytes>, Option<Result<(), AppendError>>) {
        let (mut batch, mut len) = (Vec::new(), 0);
        let written = self.turn.writer.written();
        while len < BATCH {
            let piece = tokio::select! {
                biased;
                () = self.turn.over.cancelled() => return (batch, Some(Err(AppendError::Superseded))),
                () = self.shared.closed.cancelled() => return (batch, Some(Err(AppendError::Broken))),
                piece = self.body.next() => piece,
                () = sleep_until(until) => break,
            };
            match piece {
                Ok(Some(piece)) => {
                    len += piece.len();
                    if let Err(beyond) = self.bound.reach(written + len as u64, STRETCH).await {
                        return (batch, Some(Err(beyond)));
                    }
                    batch.push(piece);
                }
                Ok(None) => return (batch, Some(Ok(()))),
                Err(SourceStopped) => return (batch, Some(Err(AppendError::Broken))),
            }
        }
        (batch, None)
    }

    async fn flush(&mut self, vouched: bool) -> Result<(), RemoteError> {
        self.turn.writer.flush(self.shared, self.append, vouched).await
    }
}
