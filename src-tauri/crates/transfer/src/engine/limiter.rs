//! The speed limit: a token bucket for bytes, in which bodies that a viewer waits for stand first in line.
//!
//! It starts empty and holds a tenth of a second's bytes at most, so that no second gets more than its share. A
//! piece longer than the bucket passes when the bucket is full and leaves a debt.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use crate::source::PIECE_LEN;
use crate::units::Rate;

/// The shortest that it is worth to read.
const SHORTEST_PIECE: u64 = 4 << 10;
const SMALLEST_BUCKET: f64 = 65_536.0;
/// A bucket holds so many seconds' bytes.
const BUCKET_SECONDS: f64 = 0.1;
/// Half a bucket each, so that a late riser finds the bucket not yet running over.
const PIECES_A_SECOND: u64 = 20;

/// The limits of one body: its destination's, and the one over all transfers.
#[derive(Debug, Clone)]
pub(super) struct Limits {
    pub(super) destination: Arc<Limiter>,
    pub(super) whole: Arc<Limiter>,
}

impl Limits {
    /// How many bytes to take at once so that the flow is even, however slow.
    pub(super) fn piece_len(&self) -> u64 {
        self.destination.piece_len().min(self.whole.piece_len())
    }

    /// Waits until `bytes` may leave: first for the destination, so that none waits there with leave of the whole in hand.
    pub(super) async fn take(&self, bytes: u64, precedence: Precedence) {
        self.destination.take(bytes, precedence).await;
        self.whole.take(bytes, precedence).await;
    }
}

/// Who goes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Precedence {
    /// Somebody waits to see these bytes.
    Wanted,
    /// In the order of arrival.
    Ordinary,
}

/// The bucket. Shared by all bodies; its lock is held for arithmetic only.
#[derive(Debug)]
pub(super) struct Limiter {
    bucket: Mutex<Bucket>,
    changed: Notify,
}

#[derive(Debug)]
struct Bucket {
    rate: Option<Rate>,
    tokens: f64,
    filled_at: Instant,
    line: BTreeSet<Place>,
    arrivals: u64,
}

/// A place in line: precedence, then arrival.
type Place = (Precedence, u64);

enum Turn {
    Passed,
    At(Instant),
    Behind,
}

impl Limiter {
    pub(super) fn new(rate: Option<Rate>) -> Self {
        let bucket = Bucket { rate, tokens: 0.0, filled_at: Instant::now(), line: BTreeSet::new(), arrivals: 0 };
        Self { bucket: Mutex::new(bucket), changed: Notify::new() }
    }

    /// Changes the limit at once, also for those who wait.
    pub(super) fn set(&self, rate: Option<Rate>) {
        let mut bucket = self.bucket();
        bucket.refill(Instant::now());
        bucket.rate = rate;
        bucket.tokens = bucket.tokens.min(0.0);
        drop(bucket);
        self.changed.notify_waiters();
    }

    pub(super) fn rate(&self) -> Option<Rate> {
        self.bucket().rate
    }

    /// How many bytes to take at once so that the flow is even, however slow.
    pub(super) fn piece_len(&self) -> u64 {
        self.rate().map_or(PIECE_LEN, |rate| (rate.get() / PIECES_A_SECOND).clamp(SHORTEST_PIECE, PIECE_LEN))
    }

    /// Waits until `bytes` may leave.
    pub(super) async fn take(&self, bytes: u64, precedence: Precedence) {
        if self.rate().is_none() {
            return;
        }
        let place = InLine::new(self, precedence);
        loop {
            // Created before the look at the bucket, so that no change between the two is missed.
            let changed = self.changed.notified();
            let turn = self.bucket().turn(place.place, bytes, Instant::now());
            match turn {
                Turn::Passed => return,
                Turn::Behind => changed.await,
                Turn::At(instant) => {
                    tokio::select! {
                        () = changed => {}
                        () = tokio::time::sleep_until(instant) => {}
                    }
                }
            }
        }
    }

    fn bucket(&self) -> MutexGuard<'_, Bucket> {
        self.bucket.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Bucket {
    fn capacity(&self) -> f64 {
        self.per_second().map_or(0.0, |rate| (rate * BUCKET_SECONDS).max(SMALLEST_BUCKET))
    }

    fn per_second(&self) -> Option<f64> {
        self.rate.map(|rate| rate.get() as f64)
    }

    fn refill(&mut self, now: Instant) {
        let seconds = now.duration_since(self.filled_at).as_secs_f64();
        self.filled_at = now;
        let filled = self.tokens + self.per_second().unwrap_or_default() * seconds;
        self.tokens = filled.min(self.capacity());
    }

    fn turn(&mut self, place: Place, bytes: u64, now: Instant) -> Turn {
        let Some(rate) = self.per_second() else { return Turn::Passed };
        if self.line.first() != Some(&place) {
            return Turn::Behind;
        }
        self.refill(now);
        let missing = (bytes as f64).min(self.capacity()) - self.tokens;
        if missing > 0.0 {
            // Rounded up, or the bucket could lack a hair and be asked again in the same instant for ever.
            return Turn::At(now + Duration::from_secs_f64(missing / rate) + Duration::from_millis(1));
        }
        self.tokens -= bytes as f64;
        Turn::Passed
    }
}

/// A place in line that is given up when its owner leaves, however it leaves.
struct InLine<'a> {
    limiter: &'a Limiter,
    place: Place,
}

impl<'a> InLine<'a> {
    fn new(limiter: &'a Limiter, precedence: Precedence) -> Self {
        let mut bucket = limiter.bucket();
        bucket.arrivals += 1;
        let place = (precedence, bucket.arrivals);
        bucket.line.insert(place);
        Self { limiter, place }
    }
}

impl Drop for InLine<'_> {
    fn drop(&mut self) {
        self.limiter.bucket().line.remove(&self.place);
        self.limiter.changed.notify_waiters();
    }
}
