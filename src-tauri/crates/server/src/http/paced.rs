//! The body of a request, piece by piece: ended by silence, and when it comes more slowly than it may.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use bytes::Bytes;
use futures::StreamExt;
use tokio::time::{Instant, timeout};
use transfer::body::SourceStopped;

use super::pace::{Pace, Walk};

/// A body on its way in.
pub(super) struct PacedBody {
    stream: BodyDataStream,
    silence: Duration,
    walk: Walk,
    tally: Arc<Tally>,
}

/// What came of a body, also after it ended badly.
#[derive(Debug, Default)]
pub(super) struct Tally {
    bytes: AtomicU64,
    slow: AtomicBool,
}

impl Tally {
    /// Bytes of the request's body.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Whether it was cut because it came too slowly, or not at all.
    pub(super) fn was_slow(&self) -> bool {
        self.slow.load(Ordering::Relaxed)
    }
}

impl PacedBody {
    /// It ends when nothing comes for `silence`, or less than `pace` asks for.
    pub(super) fn new(body: Body, silence: Duration, pace: Pace) -> Self {
        Self { stream: body.into_data_stream(), silence, walk: Walk::new(pace), tally: Arc::default() }
    }

    /// The same, at another pace.
    pub(super) fn paced(self, pace: Pace) -> Self {
        Self { walk: Walk::new(pace), ..self }
    }

    /// What will have come of it.
    pub(super) fn tally(&self) -> Arc<Tally> {
        self.tally.clone()
    }

    /// The next piece of the body, as long as it is not too slow.
    pub(super) async fn piece(&mut self) -> Result<Option<Bytes>, SourceStopped> {
        let begun = Instant::now();
        loop {
            let (before, limit) = (Instant::now(), self.walk.left().min(self.silence.saturating_sub(begun.elapsed())));
            let waited = timeout(limit, self.stream.next()).await;
            let came =
                waited.as_ref().ok().and_then(|piece| piece.as_ref()?.as_ref().ok()).map_or(0, Bytes::len) as u64;
            self.tally.bytes.fetch_add(came, Ordering::Relaxed);
            let fast = self.walk.step(before.elapsed(), came);
            match waited {
                Ok(piece) if fast => return piece.transpose().map_err(|_| SourceStopped),
                Err(_) if fast && begun.elapsed() < self.silence => {}
                Ok(_) | Err(_) => {
                    self.tally.slow.store(true, Ordering::Relaxed);
                    return Err(SourceStopped);
                }
            }
        }
    }
}
