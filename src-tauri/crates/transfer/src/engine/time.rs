//! Two clocks: the wall's, for what is stored and shown, and a steady one, by which the engine waits.
//!
//! A clock that is set back, or a test that pauses time, must neither shorten nor lengthen a rest.

use std::sync::Arc;

use tokio::time::Instant;

use super::setup::Clock;
use crate::units::Timestamp;

/// The engine's time. The steady clock begins with the wall's instant and then only runs.
#[derive(Debug, Clone)]
pub(super) struct Time {
    clock: Arc<dyn Clock>,
    began: Timestamp,
    began_at: Instant,
}

impl Time {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        let began = clock.now();
        Self { clock, began, began_at: Instant::now() }
    }

    /// The wall's instant.
    pub(super) fn wall(&self) -> Timestamp {
        self.clock.now()
    }

    /// The steady instant, as the chunk map counts.
    pub(super) fn steady(&self) -> Timestamp {
        self.began.after(self.began_at.elapsed())
    }

    /// When the steady clock will show `steady`.
    pub(super) fn instant(&self, steady: Timestamp) -> Instant {
        self.began_at + steady.since(self.began)
    }

    /// What the wall's clock will show at `instant`.
    pub(super) fn shown(&self, instant: Instant) -> Timestamp {
        self.wall().after(instant.duration_since(Instant::now()))
    }
}
