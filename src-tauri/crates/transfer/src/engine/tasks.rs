//! Spawning. Every task of the engine begins here: named by its span, cut by its token, awaited at shutdown.

use std::future::Future;
use std::panic::AssertUnwindSafe;

use futures::FutureExt;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{Instrument, Span};

use super::messages::Report;

/// The tasks of one engine. Invariant: after [`Tasks::ended`] none of them is left.
#[derive(Debug, Clone, Default)]
pub(super) struct Tasks {
    tracker: TaskTracker,
    stop: CancellationToken,
}

impl Tasks {
    /// A token that ends with the engine, or earlier by itself.
    pub(super) fn token(&self) -> CancellationToken {
        self.stop.child_token()
    }

    /// Runs `work` to its end: for what must not be cut, and ends by itself when the engine does.
    pub(super) fn spawn_whole(&self, span: Span, work: impl Future<Output = ()> + Send + 'static) {
        self.tracker.spawn(work.instrument(span));
    }

    /// Runs `work` until it ends or `token` is cancelled.
    pub(super) fn spawn(&self, span: Span, token: &CancellationToken, work: impl Future<Output = ()> + Send + 'static) {
        let token = token.clone();
        self.spawn_whole(span, async move {
            token.run_until_cancelled(work).await;
        });
    }

    /// Runs `work` and sends what it gives to the actor. A driver that panics must not leave the actor waiting for
    /// ever: then `broken` is sent.
    pub(super) fn spawn_reporting(
        &self,
        span: Span,
        token: &CancellationToken,
        reports: mpsc::Sender<Report>,
        broken: Report,
        work: impl Future<Output = Report> + Send + 'static,
    ) {
        self.spawn(span, token, async move {
            let report = AssertUnwindSafe(work).catch_unwind().await.unwrap_or(broken);
            // The actor is gone only when the engine ends: then nobody wants to know.
            let _ = reports.send(report).await;
        });
    }

    /// Cuts what can be cut, and lets no task begin after the present ones.
    pub(super) fn stop(&self) {
        self.stop.cancel();
        self.tracker.close();
    }

    /// Waits for the last one.
    pub(super) async fn ended(&self) {
        self.tracker.wait().await;
    }
}
