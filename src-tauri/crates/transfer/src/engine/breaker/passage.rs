//! The way through a breaker, for calls that wait until it is free.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use super::Cause;

/// What the breaker permits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Light {
    #[default]
    Closed,
    /// Until then; afterwards it is half-open.
    Open(Instant, Cause),
}

/// What the breaker permits, where those who wait see it. They are woken in the order in which they came, so that the
/// same seed gives the same history (tokio's `watch` wakes in any order).
#[derive(Debug, Default)]
pub(super) struct Signal {
    light: Mutex<Light>,
    changed: Notify,
}

impl Signal {
    pub(super) fn light(&self) -> Light {
        *self.light.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes it, where `to` gives another.
    pub(super) fn change(&self, to: impl FnOnce(Light) -> Light) {
        let mut light = self.light.lock().unwrap_or_else(PoisonError::into_inner);
        let before = *light;
        *light = to(before);
        let changed = *light != before;
        drop(light);
        if changed {
            self.changed.notify_waiters();
        }
    }
}

/// A probe under way; its end frees the way for the next.
pub(in super::super) type Probe = OwnedSemaphorePermit;

/// The way through a breaker.
#[derive(Debug)]
pub(in super::super) struct Passage {
    signal: Arc<Signal>,
    probe: Arc<Semaphore>,
}

impl Passage {
    pub(super) fn new(signal: Arc<Signal>, probe: Arc<Semaphore>) -> Self {
        Self { signal, probe }
    }

    /// Returns when the way is free. What it gives is kept until what came of it is known here: while the breaker is
    /// half-open it is the one probe.
    pub(in super::super) async fn open(&self) -> Option<Probe> {
        loop {
            // Created before the look, so that no change between the two is missed.
            let changed = self.signal.changed.notified();
            let light = self.signal.light();
            let until = match light {
                // Who was let go before the credentials were refused hears it for itself.
                Light::Closed => return None,
                Light::Open(until, _) => until,
            };
            tokio::select! {
                // The probe before may have been told to wait, just before it made way.
                biased;
                () = changed => {}
                probe = half_opened(Arc::clone(&self.probe), until) => {
                    if self.signal.light() == light {
                        return probe;
                    }
                }
            }
        }
    }

    /// The destination answered well, as the actor will hear later: who waits need not wait for that.
    pub(in super::super) fn succeeded(&self) {
        let now = Instant::now();
        self.signal.change(|light| match light {
            Light::Open(until, _) if until <= now => Light::Closed,
            Light::Open(..) | Light::Closed => light,
        });
    }
}

async fn half_opened(probe: Arc<Semaphore>, until: Instant) -> Option<Probe> {
    tokio::time::sleep_until(until).await;
    probe.acquire_owned().await.ok()
}
