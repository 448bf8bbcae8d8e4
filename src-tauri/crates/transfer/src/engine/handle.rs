//! What one holds of an engine.

use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{broadcast, mpsc, oneshot, watch};

use super::intake::Arrival;
use super::locating::{Accept, Found};
use super::messages::{Reply, Request};
use super::overview::{Changes, Snapshot, Version};
use super::picture::Picture;
use super::setup::Setup;
use super::startup::start;
use super::survey::{settled, survey};
use super::tasks::Tasks;
use super::words::{AddOrder, Added, Command, EngineError, Happening, Refusal};
use crate::ids::{DestinationId, TransferId};
use crate::journal::Journal;
use crate::receipt::Receipt;
use crate::source::{Fingerprint, Sources};
use crate::state::Priority;
use crate::units::Rate;

/// A running engine. Clones are the same engine; it ends with [`Engine::shutdown`], or when the last of them is gone.
#[derive(Debug, Clone)]
pub struct Engine {
    pub(super) requests: mpsc::Sender<Request>,
    pub(super) arrivals: mpsc::Sender<Arrival>,
    pub(super) versions: watch::Receiver<Version>,
    pub(super) happenings: broadcast::WeakSender<Happening>,
    pub(super) sources: Arc<dyn Sources>,
    pub(super) journal: Arc<dyn Journal>,
    pub(super) tasks: Tasks,
}

impl Engine {
    /// Reads the journal, and goes on with what ran when the program ended.
    ///
    /// # Errors
    /// [`EngineError::Journal`] when the journal cannot be read.
    pub async fn start(setup: Setup) -> Result<Self, EngineError> {
        start(setup).await
    }

    /// Adds files; they are journalled when this returns. There is one answer a file, in order.
    ///
    /// A file that is in the list for that destination already is not added twice, unless it was cancelled, or is done
    /// and differs now from what was sent.
    ///
    /// # Errors
    /// [`EngineError::Journal`]: none of the new ones was added.
    pub async fn add(&self, order: AddOrder) -> Result<Vec<Result<Added, Refusal>>, EngineError> {
        let order = survey(self.sources.as_ref(), order).await;
        let (reply, answers) = oneshot::channel();
        self.arrivals.send(Arrival { order, reply }).await.map_err(|_| EngineError::Stopped)?;
        answers.await.map_err(|_| EngineError::Stopped)?
    }

    /// Tells a transfer what the user wants; it is journalled when this returns.
    ///
    /// # Errors
    /// [`EngineError::NotNow`] when its state does not allow it, [`EngineError::Source`] when the file to start over
    /// with cannot be read, [`EngineError::AllOrNothing`] when what changed cannot be sent alone, [`EngineError::Journal`] when it was not written down.
    pub async fn command(&self, id: TransferId, command: Command) -> Result<(), EngineError> {
        let fingerprint = match command {
            Command::StartOver | Command::SendChanged => Some(self.fingerprint(id).await?),
            Command::Pause | Command::Resume | Command::Cancel | Command::Retry | Command::Remove => None,
        };
        let written = self.ask(|reply| Request::Command { id, command, fingerprint, reply }).await??;
        written.settled().await
    }

    /// Points a transfer at its file, which is at another place now: what arrived is compared with it, and nothing that is
    /// equal is sent again. It is journalled when this returns.
    ///
    /// # Errors
    /// [`EngineError::AnotherFilm`] when it is not as long or does not look like it (unless [`Accept::Any`]),
    /// [`EngineError::NotMissing`] when the transfer does not miss its file, [`EngineError::Source`] when the file cannot be
    /// read, [`EngineError::Journal`] when it was not written down.
    pub async fn locate(&self, id: TransferId, path: &Path, accept: Accept) -> Result<(), EngineError> {
        let path = settled(path).await;
        let source = self.sources.open(&path, None).await.map_err(|error| EngineError::Source(Arc::new(error)))?;
        let found = Found { path, fingerprint: source.fingerprint().clone(), accept };
        let written = self.ask(|reply| Request::Locate { id, found, reply }).await??;
        written.settled().await
    }

    /// Sends a chunk before all others, until it is acknowledged; its rest after a failure ends at once, and a transfer
    /// that failed or waits is tried again. In memory only, and where the remote wants an order, within that. A chunk
    /// that is acknowledged stays so.
    ///
    /// # Errors
    /// [`EngineError::NoChunk`] when the transfer has no such chunk, or was given up.
    pub async fn hasten(&self, id: TransferId, chunk: u32) -> Result<(), EngineError> {
        let written = self.ask(|reply| Request::Hasten { id, chunk, reply }).await??;
        written.settled().await
    }

    /// Retries every transfer that failed or waits, and says how many; it is journalled when this returns.
    ///
    /// # Errors
    /// [`EngineError::Journal`] when it was not written down.
    pub async fn retry_failed(&self) -> Result<usize, EngineError> {
        let (count, written) = self.ask(|reply| Request::RetryFailed { reply }).await?;
        written.settled().await.map(|()| count)
    }

    /// Takes every transfer off the list that is done or was given up, and says how many; in one write.
    ///
    /// # Errors
    /// [`EngineError::Journal`] when it was not written down.
    pub async fn remove_ended(&self) -> Result<usize, EngineError> {
        let (count, written) = self.ask(|reply| Request::RemoveEnded { reply }).await?;
        written.settled().await.map(|()| count)
    }

    /// Changes the speed limit over all transfers; it holds at once.
    ///
    /// # Errors
    /// [`EngineError::Stopped`].
    pub async fn set_limit(&self, limit: Option<Rate>) -> Result<(), EngineError> {
        self.ask(|reply| Request::SetLimit { limit, reply }).await
    }

    /// Changes how fast one destination may be sent to; it holds at once, beneath the limit over all transfers.
    ///
    /// # Errors
    /// [`EngineError::Stopped`].
    pub async fn set_destination_limit(
        &self,
        destination: DestinationId,
        limit: Option<Rate>,
    ) -> Result<(), EngineError> {
        self.ask(|reply| Request::SetDestinationLimit { destination, limit, reply }).await
    }

    /// The way to a destination was mended, or may be: another password, another driver. Who waits for it goes on, and what
    /// was believed of it is forgotten; only a break that it asked for is kept to its end.
    ///
    /// # Errors
    /// [`EngineError::Stopped`].
    pub async fn try_again(&self, destination: DestinationId) -> Result<(), EngineError> {
        self.ask(|reply| Request::TryAgain { destination, reply }).await
    }

    /// Changes whose turn comes first; it is journalled when this returns.
    ///
    /// # Errors
    /// [`EngineError::UnknownTransfer`], and [`EngineError::Journal`] when it was not written down.
    pub async fn set_priority(&self, id: TransferId, priority: Priority) -> Result<(), EngineError> {
        let written = self.ask(|reply| Request::SetPriority { id, priority, reply }).await??;
        written.settled().await
    }

    /// Moves transfers in line, in the order given, to just before another, or to the end; it is journalled when this
    /// returns. What is moved to the front is admitted beside those at work.
    ///
    /// # Errors
    /// [`EngineError::UnknownTransfer`]: nothing was moved. [`EngineError::Journal`] when it was not written down.
    pub async fn reorder(&self, ids: Vec<TransferId>, before: Option<TransferId>) -> Result<(), EngineError> {
        let written = self.ask(|reply| Request::Reorder { ids, before, reply }).await??;
        written.settled().await
    }

    /// Changes how many chunks may be in flight at once, over all transfers. More leave at once; of fewer, those in
    /// flight still land.
    ///
    /// # Errors
    /// [`EngineError::Stopped`].
    pub async fn set_parallel(&self, parallel: NonZeroUsize) -> Result<(), EngineError> {
        self.ask(|reply| Request::SetParallel { parallel, reply }).await
    }

    /// The machine's network is another now, or is back. What waits for a network, or out a backoff, goes on at once, and
    /// what failed on the old way no longer counts; a break that a remote asked for stays. What is in flight may still
    /// arrive and is left alone.
    ///
    /// # Errors
    /// [`EngineError::Stopped`].
    pub async fn network_changed(&self) -> Result<(), EngineError> {
        self.ask(|reply| Request::NetworkChanged { reply }).await
    }

    /// The machine slept for so long (zero where nobody knows) and is awake. As [`Engine::network_changed`]; and what is in
    /// flight is cut, charged to nobody, and sent again over new connections, for its old ones are half dead. A break that
    /// a remote asked for went on in the sleep.
    ///
    /// # Errors
    /// [`EngineError::Stopped`].
    pub async fn woke(&self, slept: Duration) -> Result<(), EngineError> {
        self.ask(|reply| Request::Woke { slept, reply }).await
    }

    /// Wakes on every change, after a while for progress: then ask [`Engine::since`].
    pub fn version(&self) -> watch::Receiver<Version> {
        self.versions.clone()
    }

    /// What changed since a version; since [`Version`] 0, everything. It costs what changed, not what is there.
    ///
    /// # Errors
    /// [`EngineError::Stopped`].
    pub async fn since(&self, version: Version) -> Result<Changes, EngineError> {
        self.ask(|reply| Request::Since { version, reply }).await
    }

    /// One transfer as it is now.
    ///
    /// # Errors
    /// [`EngineError::UnknownTransfer`].
    pub async fn snapshot(&self, id: TransferId) -> Result<Snapshot, EngineError> {
        self.ask(|reply| Request::Snapshot { id, reply }).await?
    }

    /// One transfer's chunks as they are now.
    ///
    /// # Errors
    /// [`EngineError::UnknownTransfer`].
    pub async fn picture(&self, id: TransferId) -> Result<Picture, EngineError> {
        self.ask(|reply| Request::Picture { id, reply }).await?
    }

    /// The receipt of a transfer that is done, to `destination` as a person calls it, without a secret. It comes from the
    /// journal, which keeps the digests of chunks; of a transfer whose digests it lacks the root stands alone.
    ///
    /// # Errors
    /// [`EngineError::NoReceipt`] before it is done, [`EngineError::Journal`] when the journal cannot be read.
    pub async fn receipt(&self, id: TransferId, destination: String) -> Result<Receipt, EngineError> {
        let (record, written) = self.ask(|reply| Request::Account { id, reply }).await??;
        written.settled().await?;
        let chunks = self.journal.chunks(id).await.map_err(Arc::new)?;
        Receipt::of(&record, &chunks, destination).ok_or(EngineError::NoReceipt(id))
    }

    /// The log of events from now on. A listener that is too slow misses the oldest; of an engine that has ended there
    /// is none.
    pub fn events(&self) -> broadcast::Receiver<Happening> {
        let ended = || broadcast::channel(1).1;
        self.happenings.upgrade().map_or_else(ended, |happenings| happenings.subscribe())
    }

    /// Ends the engine: nothing new begins, what is in flight is cut after at most `grace`, acknowledgements are
    /// journalled, and no task is left. Nobody's intent changes: what ran goes on at the next start.
    pub async fn shutdown(&self, grace: Duration) {
        // An engine that has ended already, however it did, has no more to say; nothing of it may stay all the same.
        let _ = self.ask(|reply| Request::Shutdown { grace, reply }).await;
        self.tasks.stop();
        self.tasks.ended().await;
    }

    /// The file of a transfer, as it is now.
    async fn fingerprint(&self, id: TransferId) -> Result<Fingerprint, EngineError> {
        let path = self.snapshot(id).await?.path;
        let source = self.sources.open(&path, None).await.map_err(|error| EngineError::Source(Arc::new(error)))?;
        Ok(source.fingerprint().clone())
    }

    async fn ask<T>(&self, request: impl FnOnce(Reply<T>) -> Request) -> Result<T, EngineError> {
        let (reply, answer) = oneshot::channel();
        self.requests.send(request(reply)).await.map_err(|_| EngineError::Stopped)?;
        answer.await.map_err(|_| EngineError::Stopped)
    }
}
