//! Every way in that does not come from the page: drops, the command line, a second start. Paths stay bytes here; as
//! text of the page, names that are no UTF-8 would be lost.

use std::path::PathBuf;

use serde::Serialize;
use tauri::{AppHandle, DragDropEvent, Emitter, Manager, Window, WindowEvent};
use transfer::engine::{AddOrder, Added, Refusal};
use transfer::ids::BatchId;

use crate::app::App;
use crate::error::Error;
use crate::rows::shown_path;
use crate::starting::Starting;
use crate::view::AddedView;

/// The event that tells the page how files were taken.
const ADDED: &str = "added";

/// Adds what is dropped anywhere on the window.
pub(crate) fn on_window_event(window: &Window, event: &WindowEvent) {
    if let WindowEvent::DragDrop(DragDropEvent::Drop { paths, .. }) = event {
        add_later(window.app_handle(), paths.clone());
    }
}

/// Brings the window to the front.
pub(crate) fn show_window(app: &AppHandle) {
    if let Some(window) = app.get_webview_window("main") {
        let shown = window.show().and_then(|()| window.unminimize()).and_then(|()| window.set_focus());
        shown.unwrap_or_else(|error| tracing::debug!(%error, "the window did not come to the front"));
    }
}

/// Adds files as one batch as soon as the app is open, and tells the page.
pub(crate) fn add_later(app: &AppHandle, files: Vec<PathBuf>) {
    if files.is_empty() {
        return;
    }
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let answers = async { add(&*app.state::<Starting>().app().await?, files).await };
        match answers.await {
            Ok(answers) => tell(&app, &answers),
            Err(error) => tracing::error!(?error, "files were not added"),
        }
    });
}

fn tell(app: &AppHandle, answers: &(impl Serialize + Clone)) {
    app.emit(ADDED, answers).unwrap_or_else(|error| tracing::warn!(%error, "the page was not told"));
}

/// Adds files as one batch; a refused one becomes a notice too.
pub(crate) async fn add(app: &App, files: Vec<PathBuf>) -> Result<Vec<AddedView>, Error> {
    let files: Vec<PathBuf> = files.into_iter().map(|file| std::path::absolute(&file).unwrap_or(file)).collect();
    let order = AddOrder { batch: BatchId::random(), files: files.clone(), destination: app.destination.clone() };
    let answers = app.engine.add(order).await?;
    Ok(files.iter().zip(answers).map(|(file, answer)| taken(app, file, answer)).collect())
}

fn taken(app: &App, file: &std::path::Path, answer: Result<Added, Refusal>) -> AddedView {
    match answer {
        Ok(Added { id, already: false }) => AddedView::Added { id: id.to_string() },
        Ok(Added { id, already: true }) => AddedView::Already { id: id.to_string() },
        Err(refusal) => {
            let name = file.file_name().map_or_else(|| shown_path(file), |name| shown_path(name.as_ref()));
            app.notices.warn(format!("{name} was not added: {refusal}."));
            AddedView::Refused { name, sentence: refusal.to_string() }
        }
    }
}
