//! SIGTERM, SIGINT and SIGHUP end Pawl in order, without asking: a session that ends, a terminal that is closed.

use tauri::AppHandle;
use tokio::signal::unix::{SignalKind, signal};

use super::closing::end;

/// Waits for one of them.
pub(crate) async fn listen(handle: AppHandle) {
    let kinds = [SignalKind::terminate(), SignalKind::interrupt(), SignalKind::hangup()];
    let waiting = kinds.map(|kind| Box::pin(arrived(kind)));
    futures::future::select_all(waiting).await;
    end(&handle).await;
}

/// One that cannot be listened to keeps its old meaning.
async fn arrived(kind: SignalKind) {
    match signal(kind) {
        Ok(mut signal) => drop(signal.recv().await),
        Err(error) => {
            tracing::warn!(%error, "a signal keeps its old meaning");
            futures::future::pending().await
        }
    }
}
