//! The real app in its real webview, driven from outside: WebDriver looks and clicks, X drags and closes.
//!
//! A [`Scene`] owns everything that one test starts (driver, app, webview, drag source): all of it carries the scene's
//! mark in its environment, and the scene fails when any of it outlives its end. Needs a display and a session bus, as
//! `.ci/display` gives. Nothing here sleeps until something "should have happened": all waiting is [`until`].

mod axe;
mod bus;
mod copied;
mod desktop;
pub mod destinations;
mod drag;
mod driver;
mod evidence;
mod film;
mod hands;
mod launch;
mod page;
mod player;
mod processes;
mod rows;
mod scene;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use fantoccini::Client;
use tokio::time::timeout_at;

pub use axe::Finding;
pub use bus::BusDouble;
pub use copied::Copied;
pub use drag::DragSource;
pub use evidence::folder as pictures;
pub use fantoccini::key::Key;
pub use film::{brightness, counted, pixels, timed};
pub use launch::Launch;
pub use player::{Playing, Served};
pub use rows::{Map, Row};
pub use scene::{Scene, scene};

use crate::programs::PATIENCE;
use desktop::Desktop;
use driver::Driver;
use processes::Pid;

/// Between two looks.
const BREATH: Duration = Duration::from_millis(50);

/// One running app and its page.
#[derive(Debug)]
pub struct Window {
    client: Client,
    driver: Driver,
    app: Pid,
    log: PathBuf,
}

impl Window {
    /// Starts the app and waits until its page is there. `folder` takes what this start writes.
    async fn open(launch: &Launch, mark: &str, folder: &Path) -> Result<Arc<Self>> {
        let app = launch.program()?;
        let log = folder.join("output.log");
        let command = launch.written(folder, &app, &log)?;
        let driver = Driver::start(mark, &folder.join("driver.log")).await?;
        let opened = driver.session(&command).await.with_context(|| evidence::tail(&log));
        let client = opened?;
        let app = until("the app's process", async || processes::child(driver.pid(), &app)).await?;
        Ok(Arc::new(Self { client, driver, app, log }))
    }

    /// What the app wrote to its terminal so far.
    pub fn output(&self) -> Result<String> {
        Ok(String::from_utf8_lossy(&std::fs::read(&self.log)?).into_owned())
    }

    /// Ends the app in order, whatever is unfinished, and waits until it has: the answer that a person gives to the
    /// question of quitting.
    pub async fn quit(&self) -> Result<()> {
        let answer = "window.__TAURI_INTERNALS__.invoke('quit')";
        // The page may be gone before it has said that it heard.
        let said = self.script(answer, &[]).await;
        self.until_gone().await.with_context(|| format!("the page was told to quit: {said:?}"))
    }

    /// Closes the window as its frame's button would.
    pub fn close(&self) -> Result<()> {
        Desktop::connect()?.close_window(self.app)
    }

    /// Gives the window the keyboard, as a person who looks at it does, or takes it away, and waits until its page knows.
    pub async fn focus(&self, looking: bool) -> Result<()> {
        let desktop = Desktop::connect()?;
        if looking {
            desktop.focus(self.app)?
        } else {
            desktop.focus_nothing()?
        }
        let is = async || Ok((self.script("return document.hasFocus()", &[]).await? == looking).then_some(()));
        until(if looking { "the focus" } else { "the focus to be elsewhere" }, is).await
    }

    /// Waits until the app has ended by itself.
    pub async fn until_gone(&self) -> Result<()> {
        until("the end of the app", async || Ok(processes::gone(self.app))).await?;
        self.driver.end();
        Ok(())
    }

    /// Waits until the app's window is on the screen, or is not.
    pub async fn until_shown(&self, shown: bool) -> Result<()> {
        let is = async || Ok((Desktop::connect()?.shows(self.app)? == shown).then_some(()));
        until(if shown { "the window to be shown" } else { "the window to be hidden" }, is).await
    }

    /// SIGTERM, as a session that ends sends it.
    pub fn terminate(&self) -> Result<()> {
        processes::terminate(self.app)
    }

    /// kill -9, in the middle of whatever it does.
    pub async fn kill(&self) -> Result<()> {
        processes::kill(self.app)?;
        until("the end of the app after kill -9", async || Ok(processes::gone(self.app))).await?;
        self.driver.end();
        Ok(())
    }

    /// When the app's process was started: seconds since the Unix epoch.
    pub fn started(&self) -> Result<f64> {
        processes::started(self.app)
    }

    /// What the app and its webview hold in memory, in bytes: what they share with others counts by its share.
    pub fn memory(&self) -> Result<u64> {
        processes::family(self.app)?.into_iter().map(processes::memory).sum()
    }

    /// How long the main threads of the app's pages have been on a processor since they began.
    pub fn page_worked(&self) -> Result<Duration> {
        let pages =
            processes::family(self.app)?.into_iter().filter(|pid| processes::called(*pid).contains("WebKitWebProcess"));
        pages.map(processes::worked).sum()
    }

    fn is_open(&self) -> bool {
        processes::gone(self.app).is_none()
    }
}

/// Looks again and again until there is something to see. An error counts as nothing yet: a page in the middle of a
/// change, a file that is not written. The last one is told when patience ends.
pub async fn until<T>(what: &str, look: impl AsyncFn() -> Result<Option<T>>) -> Result<T> {
    let end = Instant::now() + PATIENCE;
    let mut last = anyhow!("nothing was there");
    loop {
        match timeout_at(end.into(), look()).await {
            Ok(Ok(Some(seen))) => return Ok(seen),
            Ok(Ok(None)) => {}
            Ok(Err(error)) => last = error,
            Err(_) => return Err(last.context(format!("no answer while waiting for {what}"))),
        }
        if Instant::now() >= end {
            return Err(last.context(format!("waited in vain for {what}")));
        }
        tokio::time::sleep(BREATH).await;
    }
}
