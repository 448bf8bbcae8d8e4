//! The composition root: journal, vault, engine and loopback server of one running Pawl.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result};
use headless::compose::{self, Destinations, OpenVault, vault_id};
use server::http::Loopback;
use server::vault::Vault;
use store::{Opened, SqliteJournal};
use tokio::task::JoinHandle;
use transfer::engine::{Engine, Setup};
use transfer::ids::DestinationId;
use transfer::source::FileSources;
use transfer::units::Rate;

use crate::arguments::Arguments;
use crate::notices::Notices;

/// Under which key the journal keeps the speed limit, in bytes a second.
const LIMIT: &str = "limit";
/// The origin of the window's pages: only they may draw a film's frames.
const ORIGIN: &str = "tauri://localhost";

/// Everything that runs.
pub(crate) struct App {
    pub(crate) engine: Engine,
    pub(crate) vault: Vault,
    pub(crate) destination: DestinationId,
    pub(crate) loopback: Loopback,
    pub(crate) notices: Notices,
    journal: Arc<SqliteJournal>,
    opened: Mutex<Option<OpenVault>>,
    feed: Mutex<Option<JoinHandle<()>>>,
    _logs: Box<dyn std::any::Any + Send + Sync>,
}

impl App {
    /// Opens all of it; what was running goes on.
    pub(crate) async fn open(arguments: &Arguments) -> Result<Self> {
        let state = arguments.state_folder().context("there is no home folder: start pawl with --state DIR")?;
        let folder = arguments.vault_folder().context("there is no home folder: start pawl with --vault DIR")?;
        std::fs::create_dir_all(&state).with_context(|| format!("cannot make {}", state.display()))?;
        let Opened { value: journal, set_aside, caution } = SqliteJournal::open(&state).await?;
        let logs = headless::logs::start(&state.join("logs"), "pawl")?;
        let opened = OpenVault::open(&folder).await?;
        let notices = Notices::default();
        let own = compose::notices(set_aside.as_ref(), caution);
        own.iter().chain(&opened.notices).for_each(|notice| notices.warn(notice.clone()));
        let (vault, journal) = (opened.vault.clone(), Arc::new(journal));
        let destination = vault_id(&vault)?;
        let engine = Engine::start(Setup {
            limit: saved_limit(&journal).await,
            ..Setup::new(journal.clone(), remotes(&destination, &vault), Arc::new(FileSources))
        })
        .await?;
        let loopback = Loopback::start(ORIGIN.parse()?).await.context("cannot listen on this machine's loopback")?;
        let (opened, feed) = (Mutex::new(Some(opened)), Mutex::default());
        Ok(Self { engine, vault, destination, loopback, notices, journal, opened, feed, _logs: Box::new(logs) })
    }

    /// Sets the speed limit, now and for the next start.
    pub(crate) async fn set_limit(&self, limit: Option<Rate>) -> Result<()> {
        self.engine.set_limit(limit).await?;
        let text = limit.map_or_else(String::new, |rate| rate.get().to_string());
        self.journal.set_setting(LIMIT, &text).await?;
        Ok(())
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
        self.engine.shutdown(grace).await;
        let opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(opened) = opened {
            opened.close().await;
        }
        self.journal.close().await;
    }
}

fn remotes(destination: &DestinationId, vault: &Vault) -> Arc<Destinations> {
    Arc::new(Destinations::one(destination.clone(), Arc::new(vault.clone())))
}

async fn saved_limit(journal: &SqliteJournal) -> Option<Rate> {
    let text = journal.setting(LIMIT).await.inspect_err(|error| tracing::warn!(%error, "no saved limit")).ok()??;
    text.parse().ok().and_then(Rate::bytes_per_second)
}
