//! How many chunks may be in flight to one destination: additive increase, multiplicative decrease (AIMD; Chiu and Jain,
//! 1989), steered by goodput. Pure: the clock is a parameter.
//!
//! One more is tried while one more brings more; where it does not, the last step is taken back and left alone for a
//! while. A break that the destination asks for, or a loss, halves the window, once for all that was lost together.

use std::time::Duration;

use tokio::time::Instant;

use super::flying::Share;

/// Chunks in flight at the start: enough to keep most links full, few enough for the others.
const START: usize = 4;
/// The shortest that goodput is measured over, and the longest in which nothing was in flight that counts with it.
pub(super) const SHORTEST_EPOCH: Duration = Duration::from_millis(200);
/// So much more goodput, as a share, is worth one more in flight. Less than that is noise.
const WORTH: f64 = 0.03;
/// A loss leaves so many: a connection that breaks says little against a link, and while it is made again the others keep
/// it busy. Congestion is TCP's to see.
const AFTER_A_LOSS: usize = START;
/// Epochs in which a window that was enough is left alone.
const REST: u32 = 16;

/// The window of one destination.
#[derive(Debug)]
pub(super) struct Governor {
    window: usize,
    most: usize,
    epoch: Option<Epoch>,
    /// So many parts of places pass before anything is measured: what was sent under another window.
    settling: usize,
    /// Bytes a second when the window was last another.
    before: f64,
    /// Whether the last epoch tried one more.
    trying: bool,
    /// Epochs until one more is tried again.
    rest: u32,
    /// Losses until then are the same loss.
    halved_until: Option<Instant>,
    goodput: Option<f64>,
}

/// What is measured together.
#[derive(Debug, Clone, Copy)]
struct Epoch {
    began: Instant,
    bytes: u64,
    /// Of places, in what was acknowledged.
    parts: usize,
    /// Whether the window, and nothing else, held chunks back throughout.
    full: bool,
}

impl Governor {
    /// At most `most` in flight.
    pub(super) fn new(most: usize) -> Self {
        let window = START.min(most).max(1);
        Self {
            window,
            most,
            epoch: None,
            settling: 1,
            before: 0.0,
            trying: false,
            rest: 0,
            halved_until: None,
            goodput: None,
        }
    }

    /// How many may be in flight now.
    pub(super) fn window(&self) -> usize {
        self.window
    }

    /// Acknowledged bytes a second, of late; none before the first were measured.
    pub(super) fn goodput(&self) -> Option<f64> {
        self.goodput
    }

    /// Another link: nothing is known of it.
    pub(super) fn begin_anew(&mut self) {
        *self = Self::new(self.most);
    }

    /// Changes the bound. A destination that had enough keeps its lower window.
    pub(super) fn set_most(&mut self, most: usize) {
        self.most = most;
        self.window = self.window.min(most).max(1);
    }

    /// Nothing was in flight for a while: that says nothing about the link.
    pub(super) fn stood_idle(&mut self) {
        (self.epoch, self.settling) = (None, self.settling.max(1));
    }

    /// A chunk of so many bytes was acknowledged; `full`: no further one could have been in flight meanwhile.
    pub(super) fn acked(&mut self, bytes: u64, share: Share, full: bool, now: Instant) {
        let fresh = Epoch { began: now, bytes: 0, parts: 0, full: true };
        let Some(epoch) = &mut self.epoch else {
            self.settling = self.settling.saturating_sub(share.parts());
            self.epoch = (self.settling == 0).then_some(fresh);
            return;
        };
        epoch.bytes += bytes;
        epoch.parts += share.parts();
        epoch.full &= full;
        let lasted = now.duration_since(epoch.began);
        if epoch.parts >= Share::parts_of(self.window) && lasted >= SHORTEST_EPOCH {
            let (goodput, full) = (epoch.bytes as f64 / lasted.as_secs_f64(), epoch.full);
            self.epoch = Some(fresh);
            self.goodput = Some(goodput);
            if full {
                self.steer(goodput);
            }
        }
    }

    /// Something was lost on the way.
    pub(super) fn lost(&mut self, now: Instant) {
        self.halve(AFTER_A_LOSS, now);
    }

    /// The destination wants a break.
    pub(super) fn throttled(&mut self, now: Instant) {
        self.halve(1, now);
    }

    fn halve(&mut self, least: usize, now: Instant) {
        if self.halved_until.is_some_and(|until| now < until) {
            return;
        }
        // What was sent before the window was halved may still be lost: that says nothing about the new window.
        let flight = self.epoch.map_or(SHORTEST_EPOCH, |epoch| now.duration_since(epoch.began).max(SHORTEST_EPOCH));
        self.halved_until = Some(now + flight.min(Duration::from_secs(5)));
        self.window = (self.window / 2).max(least).min(self.window);
        (self.before, self.trying, self.rest) = (0.0, false, 0);
        self.settle();
    }

    /// The window is another: what comes now left under the old one.
    fn settle(&mut self) {
        (self.epoch, self.settling) = (None, Share::parts_of(self.window));
    }

    fn steer(&mut self, goodput: f64) {
        let better = goodput > self.before * (1.0 + WORTH);
        if self.trying && !better {
            self.window = (self.window - 1).max(1);
            (self.trying, self.rest) = (false, REST);
            self.settle();
            return;
        }
        self.rest = self.rest.saturating_sub(1);
        if self.rest > 0 {
            return;
        }
        self.before = goodput;
        self.trying = self.window < self.most;
        if self.trying {
            self.window += 1;
            self.settle();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHUNK: u64 = 4 << 20;

    /// A link on which so many chunks a second go through, and one alone takes so long.
    struct Link {
        chunks_a_second: f64,
        round_trip: f64,
    }

    impl Link {
        /// How long a window of chunks takes: the link's time, or the round trip's where that is longer.
        fn lasts(&self, window: usize) -> Duration {
            let busy = window as f64 / self.chunks_a_second;
            Duration::from_secs_f64(busy.max(self.round_trip))
        }
    }

    fn run(governor: &mut Governor, link: &Link, epochs: usize, now: &mut Instant) -> Vec<usize> {
        let mut windows = Vec::new();
        for _ in 0..epochs {
            let window = governor.window();
            let each = link.lasts(window) / u32::try_from(window).expect("small");
            for _ in 0..window {
                *now += each;
                governor.acked(CHUNK, Share::WHOLE, true, *now);
            }
            windows.push(governor.window());
        }
        windows
    }

    #[test]
    fn it_grows_while_goodput_grows_and_stays_where_more_brings_nothing() {
        let (mut governor, mut now) = (Governor::new(16), Instant::now());
        let long = Link { chunks_a_second: 9.0, round_trip: 1.0 };
        let windows = run(&mut governor, &long, 200, &mut now);
        let settled = &windows[100..];
        let sound = |window: &usize| (8..=11).contains(window);
        assert!(settled.iter().all(sound), "nine chunks fill this link: {settled:?}");
        let (mut governor, mut now) = (Governor::new(16), Instant::now());
        let short = Link { chunks_a_second: 100.0, round_trip: 0.0 };
        let windows = run(&mut governor, &short, 200, &mut now);
        assert!(windows[100..].iter().all(|window| *window <= 6), "a full link wants no more: {windows:?}");
    }

    #[test]
    fn a_loss_halves_it_once_and_it_comes_back_step_by_step() {
        let (mut governor, mut now) = (Governor::new(16), Instant::now());
        let link = Link { chunks_a_second: 16.0, round_trip: 1.0 };
        run(&mut governor, &link, 100, &mut now);
        let before = governor.window();
        (0..before).for_each(|_| governor.lost(now));
        assert_eq!(governor.window(), before / 2, "what was lost together is one loss");
        let windows = run(&mut governor, &link, 40, &mut now);
        let steps = windows.windows(2).all(|pair| pair[1] <= pair[0] + 1);
        assert!(steps && governor.window() + 2 >= before, "one by one it comes back: {windows:?}");
        (0..10).for_each(|_| {
            now += Duration::from_secs(60);
            governor.lost(now);
        });
        assert_eq!(governor.window(), START, "losses leave enough to keep a link busy");
        now += Duration::from_secs(60);
        (0..10).for_each(|_| {
            now += Duration::from_secs(60);
            governor.throttled(now);
        });
        assert_eq!(governor.window(), 1, "who asks for a break gets one at a time, and one always stays");
    }

    #[test]
    fn a_window_that_was_not_full_proves_nothing() {
        let (mut governor, mut now) = (Governor::new(16), Instant::now());
        for _ in 0..200 {
            now += Duration::from_millis(300);
            governor.acked(CHUNK, Share::WHOLE, false, now);
        }
        assert_eq!(governor.window(), START, "a slow card, or a limit, is no reason to send more at once");
    }

    #[test]
    fn a_time_in_which_nothing_was_sent_is_not_measured() {
        let (mut governor, mut now) = (Governor::new(16), Instant::now());
        let link = Link { chunks_a_second: 16.0, round_trip: 0.0 };
        run(&mut governor, &link, 40, &mut now);
        let before = governor.goodput().expect("it was measured");
        now += Duration::from_secs(3600);
        governor.stood_idle();
        run(&mut governor, &link, 2, &mut now);
        let after = governor.goodput().expect("it was measured");
        assert!(
            (after / before - 1.0).abs() < 0.3,
            "the link is as fast as it was: {before} and {after} bytes a second"
        );
    }

    #[test]
    fn another_bound_spares_a_destination_that_had_enough() {
        let mut tired = Governor::new(8);
        tired.throttled(Instant::now());
        tired.set_most(16);
        assert_eq!(tired.window(), START / 2, "what asked for less is not given more at once");
        tired.set_most(1);
        assert_eq!(tired.window(), 1, "fewer holds for all");
    }
}
