//! What is on its way in one direction of one connection: pieces with the instant at which they come out, bounded in
//! bytes. Owned by the connection's one task, which puts at one end and takes at the other.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use tokio::sync::Notify;
use tokio::time::Instant;

/// A piece, and when it comes out.
type Due = (Instant, Bytes);

#[derive(Debug, Default)]
pub(super) struct Pipe {
    inside: Mutex<Inside>,
    was_put: Notify,
    was_taken: Notify,
}

#[derive(Debug, Default)]
struct Inside {
    pieces: VecDeque<Due>,
    bytes: u64,
    closed: bool,
}

impl Pipe {
    /// Puts a piece in once no more than `most` bytes are inside with it. What comes after the end is dropped.
    pub(super) async fn put(&self, due: Instant, piece: Bytes, most: u64) {
        loop {
            let was_taken = self.was_taken.notified();
            {
                let mut inside = self.inside();
                let len = piece.len() as u64;
                if inside.closed {
                    return;
                }
                if inside.bytes == 0 || inside.bytes + len <= most {
                    inside.bytes += len;
                    inside.pieces.push_back((due, piece));
                    break;
                }
            }
            was_taken.await;
        }
        self.was_put.notify_one();
    }

    /// The next piece; none after the last.
    pub(super) async fn take(&self) -> Option<Due> {
        loop {
            let was_put = self.was_put.notified();
            {
                let mut inside = self.inside();
                if let Some(due) = inside.pieces.pop_front() {
                    inside.bytes -= due.1.len() as u64;
                    self.was_taken.notify_one();
                    return Some(due);
                }
                if inside.closed {
                    return None;
                }
            }
            was_put.await;
        }
    }

    /// Nothing is put any more.
    pub(super) fn close(&self) {
        self.inside().closed = true;
        self.was_put.notify_one();
        self.was_taken.notify_one();
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
