//! What the connections of a link share.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::answers::Armed;
use super::bucket::Bucket;
use super::chance::Flipper;
use super::conditions::{Conditions, Direction};

/// The link itself, for whoever carries.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) server: SocketAddr,
    pub(super) seed: u64,
    pub(super) conditions: Mutex<Conditions>,
    pub(super) armed: Mutex<Armed>,
    pub(super) flipper: Mutex<Flipper>,
    pub(super) marks: watch::Sender<Marks>,
    pub(super) counts: Counts,
    up: Bucket,
    down: Bucket,
}

/// Up to which connection, counted from one, all are frozen, and all are cut.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Marks {
    pub(super) frozen: u64,
    pub(super) cut: u64,
}

/// What happened so far.
#[derive(Debug, Default)]
pub(super) struct Counts {
    pub(super) connections: AtomicU64,
    pub(super) ended: AtomicU32,
    pub(super) answered: AtomicU32,
    pub(super) flipped: AtomicU32,
    pub(super) up: AtomicU64,
    pub(super) down: AtomicU64,
}

impl Link {
    pub(super) fn to(server: SocketAddr, seed: u64, conditions: Conditions) -> Self {
        Self {
            server,
            seed,
            conditions: Mutex::new(conditions),
            armed: Mutex::default(),
            flipper: Mutex::new(Flipper::seeded(seed)),
            marks: watch::Sender::new(Marks::default()),
            counts: Counts::default(),
            up: Bucket::default(),
            down: Bucket::default(),
        }
    }

    pub(super) fn conditions(&self) -> Conditions {
        *locked(&self.conditions)
    }

    pub(super) fn bucket(&self, direction: Direction) -> &Bucket {
        match direction {
            Direction::Up => &self.up,
            Direction::Down => &self.down,
        }
    }

    pub(super) fn carried(&self, direction: Direction, bytes: usize) {
        let count = match direction {
            Direction::Up => &self.counts.up,
            Direction::Down => &self.counts.down,
        };
        count.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    /// Returns when that connection is to be frozen or cut.
    pub(super) async fn marked(&self, is: impl Fn(&Marks) -> bool) {
        let mut marks = self.marks.subscribe();
        // The link itself holds the other end.
        let _ = marks.wait_for(|marks| is(marks)).await;
    }
}

/// Nothing that holds these locks can leave them half done.
pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
