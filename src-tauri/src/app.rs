//! The composition root: settings, journal, vaults, engine and loopback server of one running Pawl.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use headless::compose;
use headless::destinations::{Book, Place};
use server::http::Loopback;
use server::vault::Vault;
use store::{Opened, SqliteJournal};
use tokio::task::JoinHandle;
use transfer::engine::{Engine, Setup};
use transfer::ids::DestinationId;
use transfer::journal::Journal;
use transfer::source::FileSources;
use transfer::state::TransferState;
use transfer::units::Rate;

use crate::arguments::Arguments;
use crate::chronicle::{self, Chronicle};
use crate::destinations::{self, Destinations};
use crate::error::Error;
use crate::far::Far;
use crate::films::{ContentKey, Looking, Positions};
use crate::notices::Notices;
use crate::opened::OpenedFiles;
use crate::outside;
use crate::scrubbing::Scrubbing;
use crate::settings::{Parallel, Settings};
use crate::shelf::Discarded;
use crate::vaults::{Folder, Vaults, patrol};

/// The origin of the window's pages: only they may draw a film's frames.
const ORIGIN: &str = "tauri://localhost";

/// Everything that runs.
pub(crate) struct App {
    pub(crate) engine: Engine,
    pub(crate) vaults: Arc<Vaults>,
    pub(crate) destinations: Arc<Destinations>,
    pub(crate) loopback: Loopback,
    pub(crate) notices: Arc<Notices>,
    pub(crate) settings: Settings,
    pub(crate) opened: OpenedFiles,
    /// Films that can be taken back out of the trash.
    pub(crate) discarded: Discarded,
    pub(crate) chronicle: Arc<Chronicle>,
    pub(crate) scrubbing: Scrubbing,
    /// Where journal, settings and logs are.
    pub(crate) state: PathBuf,
    pub(crate) looking: Arc<Looking>,
    pub(crate) positions: Positions,
    /// What was played from far away.
    pub(crate) far: Far,
    journal: Arc<SqliteJournal>,
    feed: Mutex<Option<JoinHandle<()>>>,
    patrols: [JoinHandle<()>; 3],
    keeping: JoinHandle<()>,
    _logs: Box<dyn std::any::Any + Send + Sync>,
}

impl App {
    /// Opens all of it; what was running goes on. A vault that cannot be opened is told, and does not stop the rest.
    pub(crate) async fn open(arguments: &Arguments, settings: Settings) -> Result<Self> {
        let state = arguments.state_folder().context("there is no home folder: start pawl with --state DIR")?;
        let folder = vault_folder(arguments, &settings)?;
        std::fs::create_dir_all(&state).with_context(|| format!("cannot make {}", state.display()))?;
        let Opened { value: journal, set_aside, caution } = SqliteJournal::open(&state).await?;
        let logs = headless::logs::start(&state.join("logs"), "pawl")?;
        let (notices, journal) = (Arc::new(Notices::default()), Arc::new(journal));
        let (book, odd) = Book::read(&state);
        let wanted = unfinished(&journal).await?.into_iter().chain(kept(&book)).collect();
        let (vaults, told) = Vaults::open(&folder, wanted).await;
        let own = compose::notices(set_aside.as_ref(), caution);
        own.into_iter().chain(odd).chain(told).for_each(|notice| notices.warn(notice));
        let (vaults, chosen) = (Arc::new(vaults), settings.chosen());
        let destinations = Arc::new(Destinations::of(book, &state, vaults.clone()));
        let setup = Setup::new(journal.clone(), destinations.clone(), Arc::new(FileSources));
        let (limit, limits, parallel) = (chosen.limit, destinations.limits(), chosen.parallel.get());
        let engine = Engine::start(Setup { limit, limits, parallel, ..setup }).await?;
        let loopback = Loopback::start(ORIGIN.parse()?).await.context("cannot listen on this machine's loopback")?;
        let patrols = [
            tokio::spawn(patrol(vaults.clone(), engine.clone(), notices.clone())),
            tokio::spawn(destinations::patrol(destinations.clone(), engine.clone())),
            tokio::spawn(outside::keep_told(destinations.clone(), engine.clone())),
        ];
        let (discarded, chronicle) = (Discarded::default(), Arc::new(Chronicle::default()));
        let keeping = tokio::spawn(chronicle::keep(chronicle.clone(), engine.clone()));
        let (looking, positions) = (Looking::new(state.join("films")), Positions::saved(&journal).await);
        let far = Far::open(&state).context("cannot keep what is played from far away")?;
        let (opened, feed, _logs) = (OpenedFiles::default(), Mutex::default(), Box::new(logs));
        Ok(Self {
            engine,
            vaults,
            destinations,
            loopback,
            notices,
            settings,
            opened,
            discarded,
            chronicle,
            scrubbing: Scrubbing::default(),
            looking,
            positions,
            far,
            state,
            journal,
            feed,
            patrols,
            keeping,
            _logs,
        })
    }

    /// The vault that the library shows.
    pub(crate) fn vault(&self) -> Result<Vault, Error> {
        self.vaults.current_vault()
    }

    /// Sets the speed limit, now and for the next start.
    pub(crate) async fn set_limit(&self, limit: Option<Rate>) -> Result<()> {
        self.settings.change(move |chosen| chosen.limit = limit).await?;
        Ok(self.engine.set_limit(limit).await?)
    }

    /// Sets how many chunks travel at once, now and for the next start.
    pub(crate) async fn set_parallel(&self, parallel: Parallel) -> Result<()> {
        self.settings.change(move |chosen| chosen.parallel = parallel).await?;
        Ok(self.engine.set_parallel(parallel.get()).await?)
    }

    /// Makes another folder the vault of what is added from now on. What is under way to the old one goes on there.
    pub(crate) async fn change_vault(&self, folder: &Path) -> Result<()> {
        let keep = |folder| self.settings.change(move |chosen| chosen.vault = Some(folder));
        let changed = self.vaults.change(folder, keep).await;
        let refused = |error| anyhow!("{} cannot be the vault: {error:#}. Nothing was changed.", folder.display());
        changed.map_err(refused)?.into_iter().for_each(|notice| self.notices.warn(notice));
        Ok(())
    }

    /// Whether this is the first time that one asks for `key`, in this run or an earlier one. What cannot be remembered
    /// is not said again and again.
    pub(crate) async fn first_time(&self, key: &str) -> bool {
        let before = self.journal.setting(key).await;
        matches!(before, Ok(None)) && self.journal.set_setting(key, "yes").await.is_ok()
    }

    /// Keeps where the person is in a film, or forgets it.
    pub(crate) async fn remember_position(&self, film: &ContentKey, seconds: Option<f64>) -> Result<(), Error> {
        self.positions.remember(&self.journal, film, seconds).await
    }

    /// Makes `task` the window's one feed; an older one ends.
    pub(crate) fn replace_feed(&self, task: Option<JoinHandle<()>>) {
        let mut feed = self.feed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(old) = std::mem::replace(&mut *feed, task) {
            old.abort();
        }
    }

    /// Ends all of it in order; what is in flight may arrive for `grace`.
    pub(crate) async fn close(&self, grace: Duration) {
        self.replace_feed(None);
        self.patrols.iter().for_each(JoinHandle::abort);
        self.keeping.abort();
        self.looking.close();
        self.engine.shutdown(grace).await;
        self.vaults.close().await;
        self.journal.close().await;
    }
}

/// What the command line says goes before what was chosen, and that before the usual.
fn vault_folder(arguments: &Arguments, settings: &Settings) -> Result<Folder> {
    let chosen = settings.chosen().vault.filter(|_| arguments.vault.is_none()).map(Folder::Chosen);
    let usual = || arguments.vault_folder().map(Folder::Usual);
    chosen.or_else(usual).context("there is no home folder: start pawl with --vault DIR")
}

/// The vaults that are destinations of a person's own.
fn kept(book: &Book) -> Vec<DestinationId> {
    let vaults = book.contents().entries().iter().filter(|entry| matches!(entry.place, Place::Vault { .. }));
    vaults.map(|entry| entry.id.clone()).collect()
}

/// The destinations that something may still go to.
async fn unfinished(journal: &SqliteJournal) -> Result<Vec<DestinationId>> {
    let records = journal.transfers().await?;
    let ended = |state: &TransferState| {
        matches!(state, TransferState::Done(_) | TransferState::Cancelled | TransferState::Skipped(_))
    };
    let open = records.into_iter().filter(|record| !ended(&record.state)).map(|record| record.destination);
    Ok(open.collect::<std::collections::BTreeSet<_>>().into_iter().collect())
}
