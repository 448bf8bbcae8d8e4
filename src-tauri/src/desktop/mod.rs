//! Desktop manners: the tray, notifications, progress in the taskbar, staying awake, and what closing and quitting mean.
//!
//! Everything here is secondary: a desktop that has none of it changes nothing but what closing the window means.

mod awake;
mod closing;
mod course;
mod notify;
mod signals;
mod taskbar;
mod tray;
mod watch;
mod words;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tauri::plugin::TauriPlugin;
use tauri::{AppHandle, Manager, Window, WindowEvent, Wry};
use tauri_plugin_window_state::StateFlags;
use transfer::units::Timestamp;

use crate::app::App;
use crate::arguments::Arguments;
pub(crate) use closing::{end, quit};
use notify::Notifier;

/// In which file of the state folder the window's size and place are.
const WINDOW: &str = "window.json";

/// What the desktop offers this run.
#[derive(Debug)]
pub(crate) struct Desktop {
    single: bool,
    tray: Arc<AtomicBool>,
    ending: AtomicBool,
}

impl Desktop {
    /// Whether a tray shows our icon.
    fn tray(&self) -> bool {
        self.tray.load(Ordering::Relaxed)
    }

    fn tray_shown(&self) -> Arc<AtomicBool> {
        self.tray.clone()
    }

    /// Whether a hidden window can be shown again: by the tray, or by a second start that ends in this one.
    fn way_back(&self) -> bool {
        self.single || self.tray()
    }

    /// True for the first who asks.
    fn ends_now(&self) -> bool {
        !self.ending.swap(true, Ordering::Relaxed)
    }
}

/// Begins to keep the desktop told; `single` says whether a second start ends in this one.
pub(crate) fn begin(handle: &AppHandle, single: bool) {
    handle.manage(Desktop { single, tray: Arc::default(), ending: AtomicBool::new(false) });
    handle.manage(Notifier::new(handle.clone()));
    tauri::async_runtime::spawn(signals::listen(handle.clone()));
    tauri::async_runtime::spawn(watch::watch(handle.clone(), Timestamp::now()));
}

/// The window does not close by itself: what that means is decided here.
pub(crate) fn on_window_event(window: &Window, event: &WindowEvent) {
    if let WindowEvent::CloseRequested { api, .. } = event {
        api.prevent_close();
        let handle = window.app_handle().clone();
        tauri::async_runtime::spawn(async move { closing::close(&handle).await });
    }
}

/// Remembers the window's size and place in the state folder. Whether it was hidden is no part of that: a start shows
/// it. None where the folder's path is no text, which the plugin cannot take.
pub(crate) fn window_state(arguments: &Arguments) -> Option<TauriPlugin<Wry>> {
    let file = arguments.state_folder()?.join(WINDOW).into_os_string().into_string().ok()?;
    let flags = StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED;
    Some(tauri_plugin_window_state::Builder::default().with_filename(file).with_state_flags(flags).build())
}

/// Whether the person wants the computer kept awake while something uploads.
fn keep_awake_wanted(app: &App) -> bool {
    app.settings.chosen().keep_awake
}
