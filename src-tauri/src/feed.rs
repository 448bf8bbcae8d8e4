//! The one subscription that the window has: first a whole, then what changed, coalesced to at most ten a second.
//!
//! Speeds live here, for they are how a row is drawn and no truth of the core.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use tauri::ipc::Channel;
use transfer::engine::{Changes, Engine, Snapshot, Version};
use transfer::ids::{DestinationId, TransferId};
use transfer::state::TransferState;
use transfer::units::{Rate, Timestamp};

use crate::app::App;
use crate::autostart::Autostart;
use crate::destinations::Names;
use crate::library::Library;
use crate::rows;
use crate::settings::Chosen;
use crate::speed::Speeds;
use crate::view::{DestinationView, FeedView, NoticeView, SettingsView, StatusView, TransferView, VideoView};

/// The shortest time between two messages: with what sending takes, fewer than ten a second.
const PAUSE: Duration = Duration::from_millis(120);
/// How often speeds are looked at when nothing else happens.
const BREATH: Duration = Duration::from_millis(500);

/// What was told so far.
struct Told {
    version: Version,
    limit: Option<Rate>,
    status: Option<StatusView>,
    notice: u64,
    library: Library,
    speeds: Speeds,
    names: Names,
    /// Where the transfers go that have not ended.
    unfinished: HashMap<TransferId, DestinationId>,
    destinations: Vec<DestinationView>,
}

/// Feeds the window until it goes away or another feed takes its place.
pub(crate) async fn run(app: Arc<App>, channel: Channel<FeedView>) {
    if let Err(error) = feed(&app, &channel).await {
        tracing::info!("the window's feed ended: {error:#}");
    }
}

async fn feed(app: &App, channel: &Channel<FeedView>) -> Result<()> {
    let (mut versions, mut notices) = (app.engine.version(), app.notices.newest());
    let (mut vault, mut settings) = (app.vaults.watch(), app.settings.watch());
    let mut destinations = app.destinations.watch();
    let mut told = Told::new(Library::of(app));
    let mut videos = Library::of(app);
    channel.send(told.whole(app).await?)?;
    loop {
        tokio::time::sleep(PAUSE).await;
        tokio::select! {
            changed = versions.changed() => changed?,
            () = videos.changed() => {}
            changed = vault.changed() => {
                changed?;
                videos = Library::of(app);
            }
            changed = settings.changed() => changed?,
            changed = destinations.changed() => changed?,
            changed = notices.changed() => changed?,
            () = tokio::time::sleep(BREATH) => {}
        }
        if let Some(delta) = told.delta(app).await? {
            channel.send(delta)?;
        }
    }
}

impl Told {
    fn new(library: Library) -> Self {
        let (version, limit, status, speeds) = (Version::default(), None, None, Speeds::default());
        let (names, unfinished, destinations) = (Names::default(), HashMap::new(), Vec::new());
        Self { version, limit, status, notice: 0, library, speeds, names, unfinished, destinations }
    }

    async fn whole(&mut self, app: &App) -> Result<FeedView> {
        let videos = self.fresh_library(app).await?;
        self.names = app.destinations.names();
        let changes = self.changes(&app.engine).await?;
        let transfers = self.rows(&app.engine, changes.changed).await?;
        let status = self.status(app);
        self.status = Some(status.clone());
        self.destinations = app.destinations.list(&self.counted());
        let destinations = self.destinations.clone();
        Ok(FeedView::Whole { transfers, videos, destinations, status, notices: self.notices(app) })
    }

    /// What changed; none when nothing did.
    async fn delta(&mut self, app: &App) -> Result<Option<FeedView>> {
        self.hear_names(app);
        let changes = self.changes(&app.engine).await?;
        let changed = self.rows(&app.engine, changes.changed).await?;
        let videos = if self.library.has_changed(app) { Some(self.fresh_library(app).await?) } else { None };
        let now = self.status(app);
        let status = (self.status.as_ref() != Some(&now)).then(|| now.clone());
        self.status = Some(now);
        let (removed, notices) =
            (changes.removed.iter().map(ToString::to_string).collect::<Vec<_>>(), self.notices(app));
        let destinations = self.fresh_destinations(app);
        let silent = destinations.is_none()
            && changed.is_empty()
            && removed.is_empty()
            && videos.is_none()
            && status.is_none()
            && notices.is_empty();
        Ok((!silent).then_some(FeedView::Delta { changed, removed, videos, destinations, status, notices }))
    }

    /// What the engine changed, and the rows whose speed may have.
    async fn changes(&mut self, engine: &Engine) -> Result<Changes> {
        let mut changes = engine.since(self.version).await?;
        (self.version, self.limit) = (changes.version, changes.limit);
        for id in self.speeds.moving().collect::<Vec<_>>() {
            let told = changes.changed.iter().any(|row| row.id == id) || changes.removed.contains(&id);
            if !told {
                changes.changed.push(engine.snapshot(id).await?);
            }
        }
        changes.removed.iter().for_each(|id| self.forget(*id));
        changes.changed.iter().for_each(|snapshot| self.count(snapshot));
        Ok(changes)
    }

    async fn rows(&mut self, engine: &Engine, snapshots: Vec<Snapshot>) -> Result<Vec<TransferView>> {
        let mut rows = Vec::with_capacity(snapshots.len());
        for snapshot in snapshots {
            let speed = self.speed(&snapshot);
            let strip = match rows::plain_strip(&snapshot) {
                Some(strip) => strip,
                None => rows::strip(&engine.picture(snapshot.id).await?),
            };
            rows.push(rows::row(&snapshot, self.names.of(&snapshot.destination), speed, strip));
        }
        Ok(rows)
    }

    fn speed(&mut self, snapshot: &Snapshot) -> u64 {
        if matches!(snapshot.state, TransferState::Active) {
            return self.speeds.sample(snapshot.id, snapshot.bytes_sent, Timestamp::now());
        }
        self.speeds.forget(snapshot.id);
        0
    }

    /// Rows tell a destination's name: with another one, all of them are told again.
    fn hear_names(&mut self, app: &App) {
        let names = app.destinations.names();
        if names != self.names {
            (self.names, self.version) = (names, Version::default());
        }
    }

    fn count(&mut self, snapshot: &Snapshot) {
        if snapshot.state.is_terminal() {
            self.unfinished.remove(&snapshot.id);
        } else {
            self.unfinished.insert(snapshot.id, DestinationId::clone(&snapshot.destination));
        }
    }

    fn forget(&mut self, id: TransferId) {
        self.speeds.forget(id);
        self.unfinished.remove(&id);
    }

    /// How many go to each.
    fn counted(&self) -> BTreeMap<DestinationId, u32> {
        let mut counted = BTreeMap::new();
        self.unfinished.values().for_each(|id| *counted.entry(id.clone()).or_default() += 1);
        counted
    }

    /// The list, if it is another than the one that was told.
    fn fresh_destinations(&mut self, app: &App) -> Option<Vec<DestinationView>> {
        let fresh = app.destinations.list(&self.counted());
        (fresh != self.destinations).then(|| {
            self.destinations.clone_from(&fresh);
            fresh
        })
    }

    async fn fresh_library(&mut self, app: &App) -> Result<Vec<VideoView>> {
        self.library = Library::of(app);
        self.library.videos().await
    }

    fn notices(&mut self, app: &App) -> Vec<NoticeView> {
        let fresh = app.notices.after(self.notice);
        self.notice = fresh.last().map_or(self.notice, |notice| notice.id);
        fresh
    }

    fn status(&self, app: &App) -> StatusView {
        let current = app.vaults.current();
        StatusView {
            limit: self.limit.map(Rate::get),
            vault: rows::shown_path(&current.folder),
            free: current.vault.ok().and_then(|vault| vault.free_bytes().ok()).map(whole_megabytes),
            settings: settings(&app.settings.chosen()),
            near: app.far.view(),
        }
    }
}

/// Free space changes with every chunk; drawn it only needs to be about right.
fn whole_megabytes(bytes: u64) -> u64 {
    bytes / 1_000_000 * 1_000_000
}

fn settings(chosen: &Chosen) -> SettingsView {
    SettingsView {
        parallel: chosen.parallel.count(),
        theme: chosen.theme,
        autostart: Autostart::of_person().is_some_and(|autostart| autostart.is_on()),
        keep_awake: chosen.keep_awake,
    }
}
