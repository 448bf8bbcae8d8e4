//! The watch: looks at the engine about once a second while something happens, and keeps the desktop told.
//!
//! Owner: the shell; it ends with the engine. Invariant: it never disturbs a transfer. It asks the engine for what
//! changed and nothing else, and waits for no desktop on the engine's time.

use std::time::Duration;

use ksni::Handle;
use tauri::{AppHandle, Manager};
use transfer::engine::Version;
use transfer::units::Timestamp;
use zbus::Connection;

use super::awake::Awake;
use super::course::{Course, News, Totals};
use super::notify::Notifier;
use super::tray::Tray;
use super::{Desktop, keep_awake_wanted, taskbar};
use crate::app::App;
use crate::starting::Starting;

/// The shortest time between two looks: what ends within it is told as one.
const PAUSE: Duration = Duration::from_secs(1);

/// What is told to.
struct Signs {
    handle: AppHandle,
    tray: Option<Handle<Tray>>,
    session: Option<Connection>,
    awake: Awake,
    shown: Totals,
}

/// Watches until the engine ends.
pub(crate) async fn watch(handle: AppHandle, began: Timestamp) {
    let mut signs = Signs::over(handle.clone()).await;
    let Ok(app) = handle.state::<Starting>().app().await else { return };
    let (mut versions, mut version, mut course) = (app.engine.version(), Version::default(), Course::new(began));
    while let Ok(changes) = app.engine.since(version).await {
        version = changes.version;
        let news = course.take(changes);
        signs.show(&app, course.totals(), &news).await;
        tokio::time::sleep(PAUSE).await;
        if versions.changed().await.is_err() {
            break;
        }
    }
    signs.awake.set_awake(false).await;
}

impl Signs {
    async fn over(handle: AppHandle) -> Self {
        let bus = |bus: zbus::Result<Connection>| bus.inspect_err(|error| tracing::info!(%error, "no bus")).ok();
        let (system, session) = (bus(Connection::system().await), bus(Connection::session().await));
        let tray = Tray::offer(handle.clone(), handle.state::<Desktop>().tray_shown()).await;
        let awake = Awake::over(system, session.clone());
        Self { handle, tray, session, awake, shown: Totals::default() }
    }

    async fn show(&mut self, app: &App, totals: Totals, news: &[News]) {
        if totals != self.shown {
            self.totals(totals).await;
        }
        self.shown = totals;
        self.awake.set_awake(totals.moving && keep_awake_wanted(app)).await;
        // Who looks at the window has seen it.
        if !news.is_empty() && !self.is_looked_at() {
            self.handle.state::<Notifier>().tell(news);
        }
    }

    async fn totals(&self, totals: Totals) {
        if let Some(tray) = &self.tray {
            // A tray that is gone shows nothing; there is nobody to tell.
            let _ = tray.update(|tray| tray.set(totals)).await;
        }
        if let Some(session) = &self.session
            && let Err(error) = taskbar::show(session, &totals).await
        {
            tracing::debug!(%error, "no progress in the taskbar");
        }
    }

    fn is_looked_at(&self) -> bool {
        let Some(window) = self.handle.get_webview_window("main") else { return false };
        window.is_focused().unwrap_or(false) && window.is_visible().unwrap_or(false)
    }
}
