//! The receipt of a film that is done, as a file where the person wants it.

use std::path::Path;

use anyhow::Context;
use headless::receipts;
use tauri::AppHandle;
use transfer::ids::TransferId;

use crate::app::App;
use crate::error::Error;
use crate::rows::shown_path;
use crate::saving;

/// Asks where, and writes it; where that was, safe to show. None when the person changed their mind.
pub(crate) async fn save(handle: &AppHandle, app: &App, id: TransferId) -> Result<Option<String>, Error> {
    let snapshot = app.engine.snapshot(id).await?;
    let receipt = app.engine.receipt(id, app.destinations.described(&snapshot.destination)).await?;
    let name = receipts::name(&receipt.name);
    let Some(path) = saving::place(handle, "Save the receipt", &name).await else { return Ok(None) };
    let shown = shown_path(&path);
    let written = tokio::task::spawn_blocking(move || receipts::write(&path, &receipt)).await;
    let cannot = || format!("The receipt {} could not be written. The film is where it was sent.", name_of(&shown));
    written.map_err(anyhow::Error::new)?.with_context(cannot)?;
    Ok(Some(shown))
}

fn name_of(path: &str) -> String {
    Path::new(path).file_name().map_or_else(|| path.to_owned(), |name| name.to_string_lossy().into_owned())
}
