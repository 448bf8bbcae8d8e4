//! One destination's circuit breaker (Nygard, "Release It!"): *closed*, everything flows; *open* until an instant,
//! nothing does; then *half-open*, one probe goes, and what comes of it closes the breaker or opens it for longer.
//!
//! All transfers to a destination share it, so that one that has had enough, or is away, is asked once and not by each.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use crate::error::Class;
use crate::retry::{Backoff, probe_after, retry_after};

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

/// What the breaker permits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Light {
    Closed,
    /// Until then; afterwards it is half-open.
    Open(Instant, Cause),
    /// Until a person mends the credentials.
    Denied,
}

/// What the breaker permits, where those who wait see it. They are woken in the order in which they came, so that the
/// same seed gives the same history (tokio's `watch` wakes in any order).
#[derive(Debug)]
struct Signal {
    light: Mutex<Light>,
    changed: Notify,
}

impl Signal {
    fn light(&self) -> Light {
        *self.light.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes it, where `to` gives another.
    fn change(&self, to: impl FnOnce(Light) -> Light) {
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

/// The breaker of one destination.
#[derive(Debug)]
pub(super) struct Breaker {
    signal: Arc<Signal>,
    /// Until when the destination asked for a break at the latest.
    asked_until: Option<Instant>,
    /// Held by the one that is under way while it is half-open.
    probe: Arc<Semaphore>,
    /// Failures in a row.
    failures: u32,
    /// How often it opened for them since something last went well.
    opened: u32,
}

/// A probe under way; its end frees the way for the next.
pub(super) type Probe = OwnedSemaphorePermit;

impl Default for Breaker {
    fn default() -> Self {
        let signal = Arc::new(Signal { light: Mutex::new(Light::Closed), changed: Notify::new() });
        Self { signal, asked_until: None, probe: Arc::new(Semaphore::new(1)), failures: 0, opened: 0 }
    }
}

impl Breaker {
    /// Until when it is open, and why.
    pub(super) fn open_until(&self, now: Instant) -> Option<(Instant, Cause)> {
        match self.signal.light() {
            Light::Open(until, cause) if until > now => Some((until, cause)),
            Light::Open(..) | Light::Closed | Light::Denied => None,
        }
    }

    /// Whether one probe decides now.
    pub(super) fn is_half_open(&self, now: Instant) -> bool {
        matches!(self.signal.light(), Light::Open(until, _) if until <= now)
    }

    /// Whether it waits for somebody to mend the credentials.
    pub(super) fn is_denied(&self) -> bool {
        self.signal.light() == Light::Denied
    }

    /// Why nothing leaves now, and until when; without an end where a person must act.
    pub(super) fn hold(&self, now: Instant) -> Option<(Option<Instant>, Cause)> {
        let open = self.open_until(now).map(|(until, cause)| (Some(until), cause));
        open.or_else(|| self.is_denied().then_some((None, Cause::Credentials)))
    }

    /// Opens it until then for a break that was asked for. One that was longer stays as long.
    pub(super) fn throttled(&mut self, until: Instant) {
        self.asked_until = self.asked_until.max(Some(until));
        self.open(until, Cause::Throttled);
    }

    /// Something came of it: an acknowledgement, or any answer that shows the destination at work. What was under way
    /// when the breaker opened proves nothing: a break that was asked for is kept to its end.
    pub(super) fn succeeded(&mut self, now: Instant) {
        if self.open_until(now).is_none() && !self.is_denied() {
            self.close();
        }
    }

    /// A request failed so. Says whether the breaker opened for it. The credentials that were refused once are not tried
    /// again before somebody mends them.
    pub(super) fn failed(&mut self, class: &Class, now: Instant, jitter: f64) -> bool {
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
            Class::Denied => {
                self.signal.change(|_| Light::Denied);
                true
            }
            // Whoever answers so is there.
            Class::Desync
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
            Light::Open(..) | Light::Closed | Light::Denied => light,
        });
    }

    /// There is another way to it: what failed on the old one counts no more. Credentials do not get better by that.
    pub(super) fn another_way(&mut self, now: Instant) {
        if !self.is_denied() {
            self.forget(now);
        }
    }

    /// The machine slept for so long, and every break went on meanwhile.
    pub(super) fn slept(&mut self, slept: Duration) {
        let earlier = |until: Instant| until.checked_sub(slept).unwrap_or(until);
        self.asked_until = self.asked_until.map(earlier);
        self.signal.change(|light| match light {
            Light::Open(until, cause) => Light::Open(earlier(until), cause),
            Light::Closed | Light::Denied => light,
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
        Passage { signal: Arc::clone(&self.signal), probe: Arc::clone(&self.probe) }
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
            Light::Open(..) | Light::Closed | Light::Denied => Light::Open(until, cause),
        });
    }
}

/// The way through a breaker.
#[derive(Debug)]
pub(super) struct Passage {
    signal: Arc<Signal>,
    probe: Arc<Semaphore>,
}

impl Passage {
    /// Returns when the way is free. What it gives is kept until what came of it is known here: while the breaker is
    /// half-open it is the one probe.
    pub(super) async fn open(&self) -> Option<Probe> {
        loop {
            // Created before the look, so that no change between the two is missed.
            let changed = self.signal.changed.notified();
            let light = self.signal.light();
            let until = match light {
                // Who was let go before the credentials were refused hears it for itself.
                Light::Closed | Light::Denied => return None,
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
    pub(super) fn succeeded(&self) {
        let now = Instant::now();
        self.signal.change(|light| match light {
            Light::Open(until, _) if until <= now => Light::Closed,
            Light::Open(..) | Light::Closed | Light::Denied => light,
        });
    }
}

async fn half_opened(probe: Arc<Semaphore>, until: Instant) -> Option<Probe> {
    tokio::time::sleep_until(until).await;
    probe.acquire_owned().await.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[tokio::test(start_paused = true)]
    async fn a_break_is_as_long_as_the_longest_that_was_asked_for() {
        let (mut breaker, now) = (Breaker::default(), Instant::now());
        breaker.throttled(now + 9 * SECOND);
        breaker.throttled(now + 3 * SECOND);
        let until = breaker.open_until(now);
        assert_eq!(until, Some((now + 9 * SECOND, Cause::Throttled)), "a shorter break does not end a longer");
        breaker.succeeded(now);
        assert!(breaker.open_until(now).is_some(), "nor does an answer to what left before");
        breaker.passage().open().await;
        assert!(breaker.open_until(Instant::now()).is_none(), "who waited passes when it is over, and not before");
    }

    #[tokio::test(start_paused = true)]
    async fn one_probe_goes_while_it_is_half_open_and_its_success_lets_everybody_go() {
        let (mut breaker, now) = (Breaker::default(), Instant::now());
        breaker.throttled(now + SECOND);
        let probe = breaker.passage().open().await;
        assert!(probe.is_some() && breaker.is_half_open(Instant::now()), "the first one is the probe");
        let passage = breaker.passage();
        let second = tokio::spawn(async move { passage.open().await });
        tokio::time::sleep(9 * SECOND).await;
        assert!(!second.is_finished() && breaker.try_probe().is_none(), "nobody else goes beside it");
        breaker.succeeded(Instant::now());
        assert!(
            second.await.is_ok_and(|probe| probe.is_none()),
            "its success lets everybody go, without a probe's leave"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn who_waits_behind_a_probe_that_is_told_to_wait_waits_too() {
        let (mut breaker, now) = (Breaker::default(), Instant::now());
        breaker.throttled(now + SECOND);
        let probe = breaker.passage().open().await;
        let passage = breaker.passage();
        let second = tokio::spawn(async move { passage.open().await });
        tokio::time::sleep(SECOND).await;
        breaker.failed(&Class::Throttled { after: Some(9 * SECOND) }, Instant::now(), 0.0);
        drop(probe);
        tokio::time::sleep(8 * SECOND).await;
        assert!(!second.is_finished(), "the break is for everybody");
        assert!(second.await.is_ok_and(|probe| probe.is_some()), "and then it is the probe");
    }

    #[tokio::test(start_paused = true)]
    async fn failures_in_a_row_open_it_and_probes_in_vain_for_longer() {
        let (mut breaker, now) = (Breaker::default(), Instant::now());
        let opened: Vec<bool> = (0..TRIP).map(|_| breaker.failed(&Class::Transient, now, 1.0)).collect();
        assert_eq!(opened.iter().filter(|opened| **opened).count(), 1, "the fifth opens it: {opened:?}");
        let mut breaks = Vec::new();
        for _ in 0..8 {
            let (until, cause) = breaker.open_until(Instant::now()).expect("it is open");
            assert_eq!(cause, Cause::Failing, "and says why");
            breaks.push(until.duration_since(Instant::now()).as_secs());
            tokio::time::sleep_until(until).await;
            assert!(breaker.failed(&Class::Transient, Instant::now(), 1.0), "one probe in vain is enough");
        }
        assert_eq!(breaks, [1, 2, 4, 8, 16, 32, 60, 60], "ever more rarely, and never less than once a minute");
    }

    #[tokio::test(start_paused = true)]
    async fn any_answer_is_a_sign_of_life() {
        let mut breaker = Breaker::default();
        for _ in 0..10 {
            (1..TRIP).for_each(|_| _ = breaker.failed(&Class::Transient, Instant::now(), 0.0));
            breaker.failed(&Class::Expired, Instant::now(), 0.0);
        }
        assert!(breaker.open_until(Instant::now()).is_none(), "a destination that answers is not away");
    }

    #[tokio::test(start_paused = true)]
    async fn a_person_who_insists_sends_one_probe_into_a_break() {
        let (mut breaker, now) = (Breaker::default(), Instant::now());
        breaker.throttled(now + 60 * SECOND);
        breaker.insist(now);
        assert!(breaker.hold(now).is_none() && breaker.is_half_open(now), "the break is over, and nothing is proven");
        assert!(breaker.passage().open().await.is_some(), "so one goes");
        breaker.throttled(now + 60 * SECOND);
        assert!(breaker.open_until(now).is_some(), "and when it asks for a break again it gets one");
    }

    #[tokio::test(start_paused = true)]
    async fn another_network_ends_every_break_but_the_one_that_was_asked_for() {
        let (mut away, mut tired) = (Breaker::default(), Breaker::default());
        away.failed(&Class::Offline, Instant::now(), 0.0);
        tired.throttled(Instant::now() + SECOND);
        let mut both = Breaker::default();
        both.failed(&Class::Offline, Instant::now(), 0.0);
        both.throttled(Instant::now() + SECOND);
        let changed = [&mut away, &mut tired, &mut both].map(|breaker| breaker.forget(Instant::now()));
        assert_eq!(changed, [true, false, true], "it says whether anything is another thing now");
        let open = [&away, &tired, &both].map(|breaker| breaker.open_until(Instant::now()).is_some());
        assert_eq!(open, [false, true, true], "the destination's own wish has nothing to do with our network");
    }
}
