//! One destination's circuit breaker (Nygard, "Release It!"): *closed*, everything flows; *open* until an instant,
//! nothing does; then *half-open*, one probe goes, and what comes of it closes the breaker or opens it for longer.
//!
//! All transfers to a destination share it, so that one that has had enough, or is away, is asked once and not by each.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::Instant;

use crate::error::Class;
use crate::retry::{Backoff, probe_after, retry_after};

mod passage;
#[cfg(test)]
mod tests;

use passage::{Light, Signal};
pub(super) use passage::{Passage, Probe};

/// So many failures in a row, with nothing between that went well, are the destination's and no single chunk's.
const TRIP: u32 = 5;
/// How long the breaker opens for failures: longer with each probe in vain.
const FIRST_BREAK: Duration = Duration::from_secs(1);
const LONGEST_BREAK: Duration = Duration::from_secs(60);

/// Why nothing leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The destination asked for a break.
    Throttled,
    /// It failed again and again.
    Failing,
    /// There is no way to it.
    Network,
    /// It refused the credentials; somebody has to mend them.
    Credentials,
}

/// The breaker of one destination.
#[derive(Debug)]
pub(super) struct Breaker {
    signal: Arc<Signal>,
    /// Until when the destination asked for a break at the latest.
    asked_until: Option<Instant>,
    /// Held by the one that is under way while it is half-open.
    probe: Arc<Semaphore>,
    /// Whether the credentials were refused. That is no matter of time: it stands beside the light.
    denied: bool,
    /// Failures in a row.
    failures: u32,
    /// How often it opened for them since something last went well.
    opened: u32,
}

impl Default for Breaker {
    fn default() -> Self {
        let signal = Arc::default();
        Self { signal, asked_until: None, probe: Arc::new(Semaphore::new(1)), denied: false, failures: 0, opened: 0 }
    }
}

impl Breaker {
    /// Until when it is open, and why.
    pub(super) fn open_until(&self, now: Instant) -> Option<(Instant, Cause)> {
        match self.signal.light() {
            Light::Open(until, cause) if until > now => Some((until, cause)),
            Light::Open(..) | Light::Closed => None,
        }
    }

    /// Whether one probe decides now.
    pub(super) fn is_half_open(&self, now: Instant) -> bool {
        matches!(self.signal.light(), Light::Open(until, _) if until <= now)
    }

    /// Whether it waits for somebody to mend the credentials.
    pub(super) fn is_denied(&self) -> bool {
        self.denied
    }

    /// Why nothing leaves now, and until when; without an end where a person must act.
    pub(super) fn hold(&self, now: Instant) -> Option<(Option<Instant>, Cause)> {
        let denied = self.denied.then_some((None, Cause::Credentials));
        denied.or_else(|| self.open_until(now).map(|(until, cause)| (Some(until), cause)))
    }

    /// Opens it until then for a break that was asked for. One that was longer stays as long.
    pub(super) fn throttled(&mut self, until: Instant) {
        self.asked_until = self.asked_until.max(Some(until));
        self.open(until, Cause::Throttled);
    }

    /// Something came of it: an acknowledgement, or any answer that shows the destination at work. What was under way
    /// when the breaker opened proves nothing: a break that was asked for is kept to its end.
    pub(super) fn succeeded(&mut self, now: Instant) {
        if self.open_until(now).is_none() {
            self.close();
        }
    }

    /// A request failed so. Says whether the breaker opened for it. The credentials that were refused once are not tried
    /// again before somebody mends them.
    pub(super) fn failed(&mut self, class: &Class, now: Instant, jitter: f64) -> bool {
        if *class == Class::Denied {
            return !std::mem::replace(&mut self.denied, true);
        }
        if self.open_until(now).is_some() {
            return false;
        }
        match class {
            Class::Transient => self.stumbled(now, jitter),
            Class::Offline | Class::Portal => {
                self.opened += 1;
                self.open(now + probe_after(self.opened, jitter), Cause::Network);
                true
            }
            // At once: the next probe goes as soon as this one is put away.
            Class::Throttled { after } => {
                self.throttled(now + retry_after(*after, jitter));
                true
            }
            // Whoever answers so is there.
            Class::Denied
            | Class::Desync
            | Class::Expired
            | Class::Corrupt
            | Class::TooLarge
            | Class::NoSpace { .. }
            | Class::Taken
            | Class::Fatal => {
                self.succeeded(now);
                false
            }
        }
    }

    /// Nothing of what was believed of the way there holds any longer: another network, credentials that were mended. A
    /// break that the destination asked for stays. Says whether anything is another thing now.
    pub(super) fn forget(&mut self, now: Instant) -> bool {
        let before = self.hold(now);
        self.denied = false;
        self.close();
        if let Some(until) = self.asked_until.filter(|until| *until > now) {
            self.open(until, Cause::Throttled);
        }
        self.hold(now) != before
    }

    /// A person wants it asked now, whatever it said: one probe goes, and what comes of that decides.
    pub(super) fn insist(&mut self, now: Instant) {
        self.asked_until = None;
        self.signal.change(|light| match light {
            Light::Open(until, cause) if until > now => Light::Open(now, cause),
            Light::Open(..) | Light::Closed => light,
        });
    }

    /// There is another way to it: what failed on the old one counts no more. Credentials do not get better by that.
    pub(super) fn another_way(&mut self, now: Instant) {
        let denied = self.denied;
        self.forget(now);
        self.denied = denied;
    }

    /// The machine slept for so long, and every break went on meanwhile.
    pub(super) fn slept(&mut self, slept: Duration) {
        let earlier = |until: Instant| until.checked_sub(slept).unwrap_or(until);
        self.asked_until = self.asked_until.map(earlier);
        self.signal.change(|light| match light {
            Light::Open(until, cause) => Light::Open(earlier(until), cause),
            Light::Closed => light,
        });
    }

    /// The probe of a half-open breaker, unless one is under way.
    pub(super) fn try_probe(&self) -> Option<Probe> {
        Arc::clone(&self.probe).try_acquire_owned().ok()
    }

    /// How many probes may begin while it is half-open: one, or none while it is under way.
    pub(super) fn probes(&self) -> usize {
        self.probe.available_permits()
    }

    /// For a call that must wait until it may go.
    pub(super) fn passage(&self) -> Passage {
        Passage::new(Arc::clone(&self.signal), Arc::clone(&self.probe))
    }

    fn close(&mut self) {
        (self.failures, self.opened) = (0, 0);
        self.signal.change(|_| Light::Closed);
    }

    fn stumbled(&mut self, now: Instant, jitter: f64) -> bool {
        self.failures += 1;
        let probed = self.is_half_open(now);
        if !probed && self.failures < TRIP {
            return false;
        }
        self.opened += 1;
        let rest = Backoff::new(FIRST_BREAK, LONGEST_BREAK).delay(self.opened, 0.5 + jitter / 2.0);
        self.open(now + rest, Cause::Failing);
        true
    }

    /// A break that was longer stays as long.
    fn open(&mut self, until: Instant, cause: Cause) {
        self.signal.change(|light| match light {
            Light::Open(before, _) if before >= until => light,
            Light::Open(..) | Light::Closed => Light::Open(until, cause),
        });
    }
}
