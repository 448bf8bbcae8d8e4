//! The desktop shell: the only user of `tauri`. It puts the house together, hands commands through, and feeds the window.
//!
//! Nothing here decides about a transfer or reads a byte of a film; that is the core's, the vault's and the server's.

mod adding;
mod app;
mod arguments;
#[cfg(test)]
mod bindings;
mod commands;
mod error;
mod feed;
mod map;
mod notices;
mod playing;
mod rows;
mod speed;
mod starting;
pub mod view;

use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use tauri::{Manager, RunEvent};

use arguments::Arguments;
use starting::Starting;

/// How long chunks in flight may take to arrive when the app quits.
const GRACE: Duration = Duration::from_secs(2);

/// Runs the app until its window closes.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    if std::env::var_os("DISPLAY").is_none() && std::env::var_os("WAYLAND_DISPLAY").is_none() {
        eprintln!("pawl: there is no display here. pawl-upload and pawl-server do the same without one.");
        return ExitCode::FAILURE;
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

fn build(arguments: Arguments) -> tauri::Result<tauri::App> {
    let mut builder = tauri::Builder::default();
    // It must come first: a second start ends in here.
    if arguments.single() {
        builder = builder.plugin(tauri_plugin_single_instance::init(|app, arguments, from| {
            adding::show_window(app);
            adding::add_later(app, arguments::handed_over(&arguments, from.as_ref()));
        }));
    }
    builder
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_opener::init())
        .invoke_handler(commands::handler())
        .on_window_event(adding::on_window_event)
        .setup(move |app| {
            app.manage(Starting::begin(arguments.clone()));
            adding::add_later(app.handle(), arguments.files.clone());
            Ok(())
        })
        .build(tauri::generate_context!())
}

/// Quitting lets what is in flight arrive, writes down what did, and only then ends.
fn on_event(app: &tauri::AppHandle, event: RunEvent) {
    if let RunEvent::ExitRequested { api, code: None, .. } = event {
        api.prevent_exit();
        let app = app.clone();
        tauri::async_runtime::spawn(async move {
            if let Ok(opened) = app.state::<Starting>().app().await {
                opened.close(GRACE).await;
            }
            app.exit(0);
        });
    }
}
