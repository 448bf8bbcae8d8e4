//! The desktop shell: the only user of `tauri`. It puts the house together, hands commands through, and feeds the window.
//!
//! Nothing here decides about a transfer or reads a byte of a film; that is the core's, the vault's and the server's.

mod adding;
mod app;
mod arguments;
mod autostart;
#[cfg(test)]
mod bindings;
mod chronicle;
mod clipboard;
mod commands;
mod desktop;
mod destinations;
mod diagnostics;
mod dropping;
mod error;
mod far;
mod feed;
mod films;
mod library;
mod locating;
mod map;
mod notices;
mod opened;
mod opening;
mod playing;
mod post;
mod receipts;
mod rows;
mod saving;
mod scrubbing;
mod settings;
mod shelf;
#[cfg(test)]
mod snapshots;
mod speed;
mod starting;
mod theme;
mod trash;
mod vaults;
pub mod view;
mod walking;

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode};
use std::time::Duration;

use clap::Parser;
use tauri::webview::PageLoadEvent;
use tauri::{AppHandle, Manager, RunEvent};

use arguments::Arguments;
use dropping::Drops;
use locating::PointedAt;
use post::Post;
use settings::Settings;
use starting::Starting;

/// How long chunks in flight may take to arrive when the app ends.
const GRACE: Duration = Duration::from_secs(2);

/// Runs the app until it ends: see `desktop` for when that is.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    if std::env::var_os("DISPLAY").is_none() && std::env::var_os("WAYLAND_DISPLAY").is_none() {
        eprintln!("pawl: there is no display here. pawl-upload and pawl-server do the same without one.");
        return ExitCode::FAILURE;
    }
    if let Some(words) = arguments::as_text(std::env::args_os()).filter(|_| arguments.single()) {
        return again(&words);
    }
    match build(arguments) {
        Ok(app) => {
            app.run(on_event);
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("pawl: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The same program with other words. It comes back only when it cannot.
fn again(words: &[OsString]) -> ExitCode {
    let program = std::env::current_exe().map(Command::new);
    let error = program.map_or_else(|error| error, |mut program| program.args(&words[1..]).exec());
    eprintln!("pawl: {error}");
    ExitCode::FAILURE
}

fn build(arguments: Arguments) -> tauri::Result<tauri::App> {
    let mut builder = tauri::Builder::default();
    // It must come first: a second start ends in here.
    if arguments.single() {
        builder = builder.plugin(tauri_plugin_single_instance::init(|app, arguments, from| {
            adding::show_window(app);
            take_in(app, &arguments::handed_over(&arguments, from.as_ref()));
        }));
    }
    if let Some(window_state) = desktop::window_state(&arguments) {
        builder = builder.plugin(window_state);
    }
    builder
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_opener::init())
        .register_asynchronous_uri_scheme_protocol(films::SCHEME, films::serve)
        .invoke_handler(commands::handler())
        .on_window_event(dropping::on_window_event)
        .on_window_event(desktop::on_window_event)
        .on_page_load(|webview, page| {
            if page.event() == PageLoadEvent::Started {
                webview.state::<Post>().hold();
            }
        })
        .setup(move |app| {
            begin(app.handle(), &arguments);
            Ok(())
        })
        .build(tauri::generate_context!())
}

/// Opens what the command line names, with the settings that were chosen, and shows the window.
fn begin(app: &AppHandle, arguments: &Arguments) {
    let (settings, told) = match arguments.state_folder() {
        Some(state) => Settings::open(&state),
        // The app cannot open either, and says so.
        None => (Settings::usual(), Vec::new()),
    };
    theme::wear(app, settings.chosen().theme);
    app.manage(Post::default());
    app.manage(Drops::default());
    app.manage(PointedAt::default());
    app.manage(Starting::begin(arguments.clone(), settings, told));
    desktop::begin(app, arguments.single());
    take_in(app, arguments);
    if !arguments.hidden {
        adding::show_window(app);
    }
}

fn take_in(app: &AppHandle, arguments: &Arguments) {
    adding::add_later(app, arguments.files.clone(), None);
    opening::open_later(app, arguments.open.clone());
}

/// The last window went in a way that nobody was asked about: that ends the app too.
fn on_event(app: &AppHandle, event: RunEvent) {
    if let RunEvent::ExitRequested { api, code: None, .. } = event {
        api.prevent_exit();
        let app = app.clone();
        tauri::async_runtime::spawn(async move { desktop::end(&app).await });
    }
}
