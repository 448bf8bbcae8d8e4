//! The actor: one task that owns every transfer, every chunk map, the wishes, the gates and the places in flight.
//!
//! It waits for its mailboxes and its alarms and for nothing else: not for the journal, a file, or a remote. What
//! takes time is a task that reports back. After each message it settles: reactions that are due, new leases, writes
//! for the scribe, news.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use rand::rngs::StdRng;
use tokio::sync::{broadcast, mpsc};
use tokio::time::Instant;

use super::alarms::{Alarm, Alarms};
use super::calls::World;
use super::docket::Docket;
use super::ending::Ending;
use super::flying::Flying;
use super::gates::Gates;
use super::limiter::Limiter;
use super::line::{Line, Place};
use super::messages::{Report, Request};
use super::news::News;
#[cfg(feature = "testing")]
use super::sabotage::Sabotage;
use super::tasks::Tasks;
use super::time::Time;
use super::transfer::{Label, Transfer};
use super::words::{Happening, What};
use crate::ids::{DestinationId, TransferId};
use crate::state::Event;

/// Everything that the actor owns.
#[derive(Debug)]
pub(super) struct Actor {
    pub(super) transfers: BTreeMap<TransferId, Transfer>,
    /// The newest transfer of each file and destination.
    pub(super) files: HashMap<(Arc<PathBuf>, Arc<DestinationId>), TransferId>,
    pub(super) line: Line,
    pub(super) gates: Gates,
    pub(super) alarms: Alarms,
    pub(super) docket: Docket,
    pub(super) news: News,
    /// Events that followed from others, in order.
    pub(super) due: VecDeque<(TransferId, Event)>,
    /// Chunks in flight, over all transfers.
    pub(super) flying: Flying,
    pub(super) parallel: NonZeroUsize,
    pub(super) active: NonZeroUsize,
    /// Who had the last turn to send a chunk.
    pub(super) last_turn: Option<Place>,
    pub(super) next_position: i64,
    pub(super) ending: Option<Ending>,
    pub(super) world: World,
    pub(super) limiter: Arc<Limiter>,
    pub(super) time: Time,
    pub(super) chance: StdRng,
    pub(super) tasks: Tasks,
    pub(super) reports: mpsc::Sender<Report>,
    pub(super) happenings: broadcast::Sender<Happening>,
    pub(super) serials: u64,
    #[cfg(feature = "testing")]
    pub(super) sabotage: Option<Sabotage>,
}

impl Actor {
    /// Works until nobody holds the engine any more, or it is told to end.
    pub(super) async fn run(mut self, mut requests: mpsc::Receiver<Request>, mut reports: mpsc::Receiver<Report>) {
        let mut is_held = true;
        self.settle();
        while !self.has_ended() {
            let alarm = self.alarms.next();
            tokio::select! {
                // Fixed, so that the same seed gives the same history; reports come from few tasks and starve nobody.
                biased;
                Some(report) = reports.recv() => self.report(report),
                () = ring(alarm) => self.ring_alarms(),
                request = requests.recv(), if is_held => match request {
                    Some(request) => {
                        // Whoever asks knows what was answered before: it was reported by then.
                        while let Ok(report) = reports.try_recv() {
                            self.report(report);
                            self.settle();
                        }
                        self.request(request);
                    }
                    None => {
                        is_held = false;
                        self.end(Duration::ZERO, None);
                    }
                },
            }
            self.settle();
        }
        self.close();
    }

    /// What follows from a message, until nothing more does.
    fn settle(&mut self) {
        while let Some((id, event)) = self.due.pop_front() {
            self.take(id, &event);
        }
        self.dispatch();
        self.settle_end();
        self.docket.hand_over();
        self.news.tell();
    }

    fn ring_alarms(&mut self) {
        let now = Instant::now();
        while let Some(alarm) = self.alarms.pop(now) {
            match alarm {
                Alarm::Wake(id) => self.wake(id),
                Alarm::Cut(id) => self.cut(id),
                // Every message ends with a dispatch; this one was only waited for.
                Alarm::Dispatch => {}
                Alarm::Stalls => self.look_for_stalls(),
                Alarm::Gates => self.gates_changed(),
                Alarm::Flush => self.flush_all(),
                Alarm::Progress => self.tell_progress(),
                Alarm::Journal => self.docket.try_again(),
                Alarm::End => self.cut_all(),
            }
        }
    }

    fn report(&mut self, report: Report) {
        match report {
            Report::Enlist { order, reply } => self.enlist(order, reply),
            Report::Insert(records) => self.insert(records),
            Report::Scribed(scribed) => self.scribed(scribed),
            Report::Answered { id, serial, answer } => self.answered(id, serial, answer),
            Report::Landed { id, serial, result } => self.landed(id, serial, result),
            Report::Wished { id, watch, wishes } => self.wished(id, watch, wishes),
            Report::Compared(id) => self.progressed(id),
            Report::Announced(id) => self.announced(id),
        }
    }

    /// Unlike every serial before.
    pub(super) fn serial(&mut self) -> u64 {
        self.serials += 1;
        self.serials
    }

    /// A line in the log of events.
    pub(super) fn log(&self, id: TransferId, what: What) {
        // Nobody needs to listen.
        let _ = self.happenings.send(Happening { id, at: self.time.wall(), what });
    }

    pub(super) fn label(&self, id: TransferId) -> Option<Label> {
        self.transfers.get(&id).map(|transfer| transfer.label.clone())
    }
}

async fn ring(alarm: Option<Instant>) {
    match alarm {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}
