//! One request at a time has an upload, and the newest one gets it: the older one, whose sender may be long gone, is
//! told to stop, and stops after it has made durable what it has.

use std::fs::File;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex as TurnMutex, OwnedMutexGuard};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::digests::Digests;

/// How long an older request may take to stop: a disk may be slow to make durable what it has.
const PATIENCE: Duration = Duration::from_secs(30);

/// What whoever has the turn writes with. Both are made when they are missing.
#[derive(Debug, Default)]
pub(super) struct Writer {
    pub(super) file: Option<Arc<File>>,
    pub(super) digests: Option<Digests>,
}

/// The turns of one upload.
#[derive(Debug, Default)]
pub(super) struct Turns {
    newest: Mutex<CancellationToken>,
    writer: Arc<TurnMutex<Writer>>,
}

/// A turn. Nobody else has the upload until it is dropped.
#[derive(Debug)]
pub(super) struct Turn {
    /// Cancelled when a newer request wants the upload.
    pub(super) over: CancellationToken,
    pub(super) writer: OwnedMutexGuard<Writer>,
}

impl Turns {
    /// Ends the older request and waits for its turn; none where that one does not stop.
    pub(super) async fn take(&self) -> Option<Turn> {
        let over = CancellationToken::new();
        let older = {
            let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::replace(&mut *newest, over.clone())
        };
        older.cancel();
        let writer = timeout(PATIENCE, self.writer.clone().lock_owned()).await.ok()?;
        Some(Turn { over, writer })
    }

    /// A turn, if nobody has one; nobody is ended.
    pub(super) fn try_take(&self) -> Option<Turn> {
        let writer = self.writer.clone().try_lock_owned().ok()?;
        let over = self.newest.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Some(Turn { over, writer })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_newest_request_ends_the_older_and_comes_after_it() {
        let turns = Arc::new(Turns::default());
        let older = turns.take().await.expect("nobody has it");
        let newer = tokio::spawn({
            let turns = turns.clone();
            async move { turns.take().await }
        });
        older.over.cancelled().await;
        assert!(!newer.is_finished() && turns.try_take().is_none(), "the older one still has it");
        drop(older);
        let newer = newer.await.expect("no panic").expect("its turn came");
        assert!(!newer.over.is_cancelled(), "nobody is newer");
    }

    #[tokio::test]
    async fn whoever_was_overtaken_while_it_waited_is_told_so() {
        let turns = Turns::default();
        let first = turns.take().await.expect("nobody has it");
        let second = turns.take();
        let third = turns.take();
        tokio::pin!(second, third);
        assert!(futures::poll!(&mut second).is_pending(), "the first one has it");
        assert!(futures::poll!(&mut third).is_pending(), "the first one has it");
        drop(first);
        assert!(second.await.expect("its turn").over.is_cancelled(), "a newer one came meanwhile");
        assert!(!third.await.expect("its turn").over.is_cancelled(), "the newest goes on");
    }
}
