//! What happened to each transfer in this run, and how fast it went: for the opened row.
//!
//! Owner of both: one task that hears the engine's log of events and looks at what left once a second, while anything
//! moves. It is a convenience: what it misses under load is missing in the log and nowhere else.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::broadcast::error::RecvError;
use tokio::time::Instant;
use transfer::engine::{Engine, Happening, Snapshot, Version, Voucher, What};
use transfer::ids::TransferId;
use transfer::state::TransferState;

use crate::rows;
use crate::view::{DetailsView, LogLineView, LogView, StateView, VoucherView};

/// Lines that are kept of one transfer.
const LINES: usize = 200;
/// Seconds whose throughput is kept of one transfer.
const SECONDS: usize = 300;
/// Transfers that are told of; of more, the first ones are forgotten.
const STORIES: usize = 500;

/// What is remembered of every transfer.
#[derive(Debug, Default)]
pub(crate) struct Chronicle(Mutex<Stories>);

#[derive(Debug, Default)]
struct Stories {
    of: HashMap<TransferId, Story>,
    /// Whose story began when.
    order: VecDeque<TransferId>,
    /// When the seconds were last counted.
    counted: Option<Instant>,
}

#[derive(Debug, Default)]
struct Story {
    log: VecDeque<LogLineView>,
    /// What left in each second; none in one in which it waited, or was held.
    throughput: VecDeque<Option<u64>>,
    /// What had left when it was last looked at; none before anybody looked.
    sent: Option<u64>,
    moves: bool,
    /// Whether its destination is left alone.
    held: bool,
    /// Whether its seconds are counted: from the first look on at which it moves.
    counted: bool,
}

impl Chronicle {
    /// What there is to tell of a transfer; the last second of the throughput is the one that just ended.
    pub(crate) fn of(&self, id: TransferId) -> DetailsView {
        let stories = self.held();
        let Some(story) = stories.of.get(&id) else { return DetailsView { log: Vec::new(), throughput: Vec::new() } };
        let idle = stories.counted.map_or(0, |counted| counted.elapsed().as_secs() as usize);
        // Nobody counts while nothing moves.
        let still = std::iter::repeat_n(None, if story.throughput.is_empty() { 0 } else { idle.min(SECONDS) });
        let throughput: Vec<Option<u64>> = story.throughput.iter().copied().chain(still).collect();
        let log = story.log.iter().cloned().collect();
        DetailsView { log, throughput: throughput[throughput.len().saturating_sub(SECONDS)..].to_vec() }
    }

    fn note(&self, happening: Happening) {
        let Happening { id, at, what } = happening;
        let mut stories = self.held();
        let added = what == What::Added;
        match line(what) {
            Some(what) => stories.story(id).write(LogLineView { at: at.0, what }),
            None => return stories.forget(id),
        }
        if added {
            // Of what has just been added nothing has left.
            stories.story(id).sent.get_or_insert(0);
        }
    }

    /// A second is over, and these are the transfers that changed in it. Whether anything still moves.
    fn count(&self, changed: &[Snapshot]) -> bool {
        let mut stories = self.held();
        stories.counted = Some(Instant::now());
        let active = changed.iter().filter(|snapshot| snapshot.state == TransferState::Active);
        active.for_each(|snapshot| _ = stories.story(snapshot.id));
        let news: HashMap<_, _> = changed.iter().map(|snapshot| (snapshot.id, snapshot)).collect();
        stories.of.iter_mut().for_each(|(id, story)| story.pass(news.get(id).copied()));
        stories.of.values().any(|story| story.moves)
    }

    fn held(&self) -> MutexGuard<'_, Stories> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Stories {
    fn story(&mut self, id: TransferId) -> &mut Story {
        if !self.of.contains_key(&id) {
            self.order.push_back(id);
            let forgotten = if self.order.len() > STORIES { self.order.pop_front() } else { None };
            forgotten.map(|id| self.of.remove(&id));
        }
        self.of.entry(id).or_default()
    }

    fn forget(&mut self, id: TransferId) {
        self.of.remove(&id);
        self.order.retain(|other| *other != id);
    }
}

impl Story {
    /// The same again, one after the other, is one line; so is a break that is made longer.
    fn write(&mut self, line: LogLineView) {
        if let Some(until) = break_of(&line) {
            let goes_on = |old: &&mut LogLineView| break_of(old).is_some_and(|end| end > line.at);
            if let Some(old) = self.log.iter_mut().rev().find(goes_on) {
                old.what = LogView::Held { state: StateView::Throttled { until } };
                return;
            }
        }
        if self.log.back().is_some_and(|last| last.what == line.what) {
            return;
        }
        self.log.push_back(line);
        if self.log.len() > LINES {
            self.log.pop_front();
        }
    }

    /// A second passed, after which the transfer stands so; none where it stands as before.
    fn pass(&mut self, news: Option<&Snapshot>) {
        let (before, counted) = (self.sent, self.counted);
        if let Some(snapshot) = news {
            (self.sent, self.moves) = (Some(snapshot.bytes_sent), snapshot.state == TransferState::Active);
            self.held = snapshot.hold.is_some();
        }
        self.counted |= self.moves;
        match (counted, left(before, self.sent)) {
            // It began within this second: one in which nothing has left yet is none of its own.
            (true, bytes) | (false, bytes @ 1..) => {
                let waits = bytes == 0 && (self.held || !self.moves);
                self.second((!waits).then_some(bytes));
            }
            (false, 0) => {}
        }
    }

    fn second(&mut self, bytes: Option<u64>) {
        self.throughput.push_back(bytes);
        if self.throughput.len() > SECONDS {
            self.throughput.pop_front();
        }
    }
}

/// Until when a line says that the destination wants a break.
fn break_of(line: &LogLineView) -> Option<i64> {
    match line.what {
        LogView::Held { state: StateView::Throttled { until } } => Some(until),
        LogView::Held { .. }
        | LogView::Added
        | LogView::State { .. }
        | LogView::ChunkFailed { .. }
        | LogView::LostGround { .. }
        | LogView::Proven { .. }
        | LogView::Compared { .. }
        | LogView::Told { .. } => None,
    }
}

/// What left between two looks. What left before the first belongs to no second.
fn left(before: Option<u64>, after: Option<u64>) -> u64 {
    before.zip(after).map_or(0, |(before, after)| after.saturating_sub(before))
}

/// What a line says; none when the transfer left the list.
fn line(what: What) -> Option<LogView> {
    Some(match what {
        What::Added => LogView::Added,
        What::State(state) => LogView::State { state: rows::bare(&state) },
        What::ChunkFailed { chunk, trouble, attempts, next_try } => {
            let next_try = next_try.map(|at| at.0);
            LogView::ChunkFailed { chunk, sentence: trouble.sentence, attempts, next_try }
        }
        What::Proven { chunks, by } => LogView::Proven { chunks, by: voucher(by) },
        What::Compared { same, changed } => LogView::Compared { same, changed },
        What::LostGround { chunks } => LogView::LostGround { chunks: chunks.len() as u32 },
        What::Held(hold) => LogView::Held { state: rows::held(hold) },
        What::Told(trouble) => LogView::Told { sentence: trouble.sentence },
        What::Removed => return None,
    })
}

fn voucher(by: Voucher) -> VoucherView {
    match by {
        Voucher::Remote => VoucherView::Remote,
        Voucher::Journal => VoucherView::Journal,
    }
}

/// Keeps the chronicle until the engine ends.
pub(crate) async fn keep(chronicle: Arc<Chronicle>, engine: Engine) {
    let (mut events, mut versions) = (engine.events(), engine.version());
    let (mut seen, mut moves) = (Version::default(), true);
    let mut next = Instant::now();
    loop {
        tokio::select! {
            event = events.recv() => match event {
                Ok(happening) => chronicle.note(happening),
                Err(RecvError::Lagged(lines)) => tracing::debug!(lines, "lines of the log were missed"),
                Err(RecvError::Closed) => return,
            },
            () = tokio::time::sleep_until(next), if moves => {
                let Ok(changes) = engine.since(seen).await else { return };
                seen = changes.version;
                moves = chronicle.count(&changes.changed);
                next = Instant::now() + Duration::from_secs(1);
            }
            changed = versions.changed(), if !moves => match changed {
                Ok(()) => moves = true,
                Err(_) => return,
            },
        }
    }
}

#[cfg(test)]
mod tests;
