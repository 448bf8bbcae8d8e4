//! From a journal to a running engine.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

use rand::SeedableRng;
use rand::rngs::StdRng;
use tokio::sync::{broadcast, mpsc, watch};
use tracing::debug_span;

use super::actor::Actor;
use super::alarms::Alarms;
use super::calls::World;
use super::docket::Docket;
use super::flying::Flying;
use super::gates::Gates;
use super::handle::Engine;
use super::intake::take_in;
use super::limiter::Limiter;
use super::line::Line;
use super::messages::Report;
use super::news::News;
use super::overview::Version;
use super::sabotage::Sabotage;
use super::scribe::scribe;
use super::session::Session;
use super::setup::Setup;
use super::tasks::Tasks;
use super::time::Time;
use super::transfer::Transfer;
use super::words::{EngineError, Happening};
use crate::journal::{Journal, JournalError, TransferRecord};
use crate::state::Event;

/// Messages that may wait for the actor.
const MAILBOX: usize = 256;
/// Events that a slow listener may be behind.
const MEMORY_OF_EVENTS: usize = 1024;

/// Starts every task of an engine.
pub(super) async fn start(setup: Setup) -> Result<Engine, EngineError> {
    let transfers = load(setup.journal.as_ref()).await.map_err(Arc::new)?;
    let tasks = Tasks::default();
    let (requests, asked) = mpsc::channel(MAILBOX);
    let (arrivals, arriving) = mpsc::channel(MAILBOX);
    let (reports, reported) = mpsc::channel(MAILBOX);
    let (happenings, _) = broadcast::channel(MEMORY_OF_EVENTS);
    let (stacks, stacked) = mpsc::channel(1);
    let (listeners, sources, journal) =
        (happenings.downgrade(), Arc::clone(&setup.sources), Arc::clone(&setup.journal));

    tasks.spawn_whole(debug_span!("scribe"), scribe(Arc::clone(&setup.journal), stacked, reports.clone()));
    tasks.spawn(debug_span!("intake"), &tasks.token(), take_in(arriving, reports.clone()));
    let mut actor = Actor::new(&setup, tasks.clone(), Docket::new(stacks), reports, happenings);
    actor.take_over(transfers);
    let versions = actor.versions();
    tasks.spawn_whole(debug_span!("engine"), actor.run(asked, reported));
    Ok(Engine { requests, arrivals, versions, happenings: listeners, sources, journal, tasks })
}

/// The chunks of finished transfers stay where they are: nobody needs them, and there may be 10,000.
async fn load(journal: &dyn Journal) -> Result<Vec<Transfer>, JournalError> {
    let records = journal.transfers().await?;
    let mut transfers = Vec::with_capacity(records.len());
    for record in records {
        let session = load_session(journal, &record).await?;
        transfers.push(Transfer::new(record, session));
    }
    Ok(transfers)
}

async fn load_session(journal: &dyn Journal, record: &TransferRecord) -> Result<Option<Session>, JournalError> {
    match record.layout {
        Some(layout) if !record.state.is_terminal() => {
            Ok(Some(Session::restored(layout, journal.chunks(record.id).await?)))
        }
        Some(_) | None => Ok(None),
    }
}

impl Actor {
    fn new(
        setup: &Setup,
        tasks: Tasks,
        docket: Docket,
        reports: mpsc::Sender<Report>,
        happenings: broadcast::Sender<Happening>,
    ) -> Self {
        Self {
            transfers: BTreeMap::new(),
            files: HashMap::new(),
            line: Line::default(),
            gates: Gates::new(setup.parallel.get(), setup.limits.clone()),
            alarms: Alarms::default(),
            docket,
            news: News::new(),
            due: VecDeque::new(),
            flying: Flying::default(),
            parallel: setup.parallel,
            active: setup.active,
            last_turn: None,
            next_position: 0,
            ending: None,
            world: World { sources: Arc::clone(&setup.sources), remotes: Arc::clone(&setup.remotes) },
            limiter: Arc::new(Limiter::new(setup.limit)),
            time: Time::new(Arc::clone(&setup.clock)),
            chance: StdRng::seed_from_u64(setup.seed),
            tasks,
            reports,
            happenings,
            serials: 0,
            #[cfg(feature = "testing")]
            sabotage: setup.sabotage,
        }
    }

    /// Takes the journal's transfers over: what ran goes on, what was paused stays so.
    fn take_over(&mut self, transfers: Vec<Transfer>) {
        for mut transfer in transfers {
            if self.sabotaged(Sabotage::ForgetAcks) {
                transfer.session = None;
            }
            let (id, max_chunk_len) = (transfer.record.id, transfer.record.max_chunk_len);
            let gate = self.gates.of(&transfer.label.destination);
            gate.max_chunk_len = gate.max_chunk_len.into_iter().chain(max_chunk_len).min();
            self.place(transfer);
            self.due.push_back((id, Event::Restarted));
        }
        self.news.tell();
    }

    fn versions(&self) -> watch::Receiver<Version> {
        self.news.subscribe()
    }
}
