//! Closing the window, quitting, ending: three things.
//!
//! **Closing** hides the window while uploads run, if there is a way back to it (a tray, or starting Pawl again), and
//! says so the first time. Where there is none a hidden window could never be seen again, so closing is quitting.
//! With nothing running closing ends Pawl: what is paused or failed needs nobody in the background.
//! **Quitting** asks the page, which says what goes on next time; a page that shows no question cannot be asked.
//! **Ending** lets what is in flight arrive, writes it down, and happens once.

use std::sync::mpsc;
use std::time::{Duration, Instant};

use tauri::{AppHandle, Emitter, Manager, WebviewWindow};
use transfer::engine::Version;

use super::notify::Notifier;
use super::{Desktop, words};
use crate::GRACE;
use crate::adding::show_window;
use crate::app::App;
use crate::starting::Starting;
use crate::view::QuitView;

/// The event that makes the page ask.
const QUIT_ASKED: &str = "quit_asked";
/// Whether the page shows its question: without one nobody could answer.
const IS_ASKED: &str = "document.querySelector('[data-testid=quit-now]') !== null";
/// How long the page may take to show it.
const PATIENCE: Duration = Duration::from_secs(3);
/// Between two looks at the page.
const BREATH: Duration = Duration::from_millis(200);
/// Under which key the journal remembers that the person was told.
const TOLD: &str = "told-hidden";

/// What closing the window means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Closing {
    /// Pawl ends.
    End,
    /// The window goes, the uploads stay.
    Hide,
    /// As quitting.
    Quit,
}

fn closing(running: usize, way_back: bool) -> Closing {
    match (running, way_back) {
        (0, _) => Closing::End,
        (_, true) => Closing::Hide,
        (_, false) => Closing::Quit,
    }
}

/// The person closed the window.
pub(crate) async fn close(handle: &AppHandle) {
    let (tray, way_back) = (handle.state::<Desktop>().tray(), handle.state::<Desktop>().way_back());
    match closing(running(handle).await, way_back) {
        Closing::End => end(handle).await,
        Closing::Hide => hide(handle, tray).await,
        Closing::Quit => quit(handle).await,
    }
}

/// The person wants Pawl to end: the page asks, if there is something to ask about and a page that asks.
pub(crate) async fn quit(handle: &AppHandle) {
    let unfinished = running(handle).await;
    if unfinished == 0 || !asked(handle, unfinished).await {
        end(handle).await;
    }
}

/// Ends Pawl in order; a second call leaves that to the first.
pub(crate) async fn end(handle: &AppHandle) {
    if !handle.state::<Desktop>().ends_now() {
        return;
    }
    if let Ok(opened) = handle.state::<Starting>().app().await {
        opened.close(GRACE).await;
    }
    handle.exit(0);
}

async fn hide(handle: &AppHandle, tray: bool) {
    if let Some(window) = handle.get_webview_window("main") {
        window.hide().unwrap_or_else(|error| tracing::warn!(%error, "the window was not hidden"));
    }
    let Ok(app) = handle.state::<Starting>().app().await else { return };
    if app.first_time(TOLD).await {
        handle.state::<Notifier>().say(words::hidden(tray));
    }
}

async fn asked(handle: &AppHandle, unfinished: usize) -> bool {
    show_window(handle);
    let view = QuitView { unfinished: u32::try_from(unfinished).unwrap_or(u32::MAX) };
    let Some(window) = handle.get_webview_window("main") else { return false };
    if let Err(error) = handle.emit(QUIT_ASKED, view) {
        tracing::warn!(%error, "the page was not asked");
        return false;
    }
    let end = Instant::now() + PATIENCE;
    while Instant::now() < end {
        if shows_question(&window).await {
            return true;
        }
        tokio::time::sleep(BREATH).await;
    }
    false
}

async fn shows_question(window: &WebviewWindow) -> bool {
    // The page's answer comes on the window's own thread, which must not wait; a page that hangs never answers.
    let (said, answer) = mpsc::channel();
    if window.eval_with_callback(IS_ASKED, move |text| drop(said.send(text))).is_err() {
        return false;
    }
    tokio::time::sleep(BREATH).await;
    answer.try_recv().is_ok_and(|text| text == "true")
}

/// How many films go on by themselves, now and at the next start. Of an app that could not open: none.
async fn running(handle: &AppHandle) -> usize {
    let Ok(app) = handle.state::<Starting>().app().await else { return 0 };
    of(&app).await.unwrap_or_else(|error| {
        tracing::warn!(%error, "the engine does not say what runs");
        0
    })
}

async fn of(app: &App) -> Result<usize, transfer::engine::EngineError> {
    let all = app.engine.since(Version::default()).await?.changed;
    Ok(all.iter().filter(|transfer| transfer.state.is_running()).count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_never_leaves_an_upload_that_nobody_can_come_back_to() {
        assert_eq!(closing(2, true), Closing::Hide, "uploads go on behind a closed window");
        assert_eq!(closing(2, false), Closing::Quit, "a window that cannot come back is not hidden");
        assert_eq!(closing(0, true), Closing::End, "with nothing to do Pawl does not stay in the background");
        assert_eq!(closing(0, false), Closing::End, "there is nothing to ask about");
    }
}
