//! How an upload gets on, for whoever watches it from outside.

use std::sync::Arc;

use tokio::sync::watch;

use super::upload::Upload;

/// What of an upload is there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// Bytes.
    pub received: u64,
    /// Chunks.
    pub chunks: u32,
}

/// A look at one upload, which tells when to look again.
#[derive(Debug)]
pub struct Progress {
    upload: Arc<Upload>,
    changes: watch::Receiver<()>,
}

impl Progress {
    pub(super) fn new(upload: Arc<Upload>) -> Self {
        Self { changes: upload.changes(), upload }
    }

    /// What is there now; none once the upload is finished or gone.
    pub fn now(&mut self) -> Option<Count> {
        // Marked as seen before looking: what changes after the look wakes.
        self.changes.mark_unchanged();
        self.upload.count()
    }

    /// Returns when there may be something else to see.
    pub async fn changed(&mut self) {
        if self.changes.changed().await.is_err() {
            // The upload is held, and its sender with it: this never comes.
            std::future::pending().await
        }
    }
}
