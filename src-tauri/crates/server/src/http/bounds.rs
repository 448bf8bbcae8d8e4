//! How much of the machine connections may take, whoever they are of.
//!
//! One that is too many is accepted and told so at once: a caller that is left waiting in the system's queue learns
//! nothing, and neither does whoever watches the server. (Encrypted ones are closed without a word: a handshake costs
//! what the limit is there to save.)

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;
use wire::problems;

/// How long a refused caller may take to hear it.
const HEARING: Duration = Duration::from_secs(1);
/// So many are told at once; the others are closed.
const TOLD: usize = 64;
/// Bytes of its request that are read meanwhile: a connection that is closed on unread bytes loses the answer.
const UNREAD: u64 = 64 << 10;

/// What connections may take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounds {
    /// How many there may be at once.
    pub connections: usize,
    /// How long a request's head may take, and how long a connection may be idle.
    pub head_time: Duration,
    /// Bytes of a request's head; 431 beyond (RFC 6585, section 5).
    pub head_len: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { connections: 1000, head_time: Duration::from_secs(30), head_len: 32 << 10 }
    }
}

/// The places for connections, and for those who are told that there is none.
#[derive(Debug, Clone)]
pub(super) struct Places {
    served: Arc<Semaphore>,
    told: Arc<Semaphore>,
}

impl Places {
    pub(super) fn new(bounds: &Bounds) -> Self {
        let served = Semaphore::new(bounds.connections.min(Semaphore::MAX_PERMITS));
        Self { served: Arc::new(served), told: Arc::new(Semaphore::new(TOLD)) }
    }

    /// A place, held until it is dropped.
    pub(super) fn take(&self) -> Option<OwnedSemaphorePermit> {
        self.served.clone().try_acquire_owned().ok()
    }

    /// Tells a caller that there is no place for it.
    pub(super) async fn refuse(self, stream: TcpStream) {
        if let Ok(_place) = self.told.try_acquire() {
            // Whoever does not listen is closed all the same.
            let _ = timeout(HEARING, tell(stream)).await;
        }
    }
}

async fn tell(mut stream: TcpStream) -> std::io::Result<()> {
    let kind = problems::UNAVAILABLE;
    let body = format!(
        r#"{{"type":"{kind}","title":"It failed now and may work later","status":503,"detail":"as many connections are open as there may be"}}"#
    );
    let head = "HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/problem+json\r\nretry-after: 1\r\nconnection: close";
    stream.write_all(format!("{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len()).as_bytes()).await?;
    stream.shutdown().await?;
    tokio::io::copy(&mut stream.take(UNREAD), &mut tokio::io::sink()).await.map(drop)
}
