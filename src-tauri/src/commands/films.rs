//! What is inside a film and beside it: facts, captions, kept frames, positions.

use tauri::State;
use tauri::ipc::{InvokeBody, Request};
use transfer::name::FileName;

use crate::error::Error;
use crate::films::frames::{self, Frame};
use crate::films::{ContentKey, captions as sidecars};
use crate::playing::place_of;
use crate::rows::shown_path;
use crate::starting::Starting;
use crate::view::{CaptionsView, FactsView, MediaRequest};

#[tauri::command]
pub(crate) async fn facts(starting: State<'_, Starting>, request: MediaRequest) -> Result<FactsView, Error> {
    let app = starting.app().await?;
    app.looking.facts(&place_of(&app, &request).await?).await
}

#[tauri::command]
pub(crate) async fn captions(starting: State<'_, Starting>, request: MediaRequest) -> Result<Vec<CaptionsView>, Error> {
    let path = place_of(&*starting.app().await?, &request).await?;
    off_the_threads(move || Ok(sidecars::beside(&path)?)).await
}

#[tauri::command]
pub(crate) async fn save_frame(starting: State<'_, Starting>, request: Request<'_>) -> Result<String, Error> {
    let header = request.headers().get(frames::HEADER).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (frame, InvokeBody::Raw(png)) = (Frame::parse(header)?, request.body().clone()) else {
        return Err(Error::Other(anyhow::anyhow!("the frame came without its picture")));
    };
    let path = place_of(&*starting.app().await?, &frame.request).await?;
    let name = FileName::of(&path).map_err(|error| Error::Other(error.into()))?;
    let kept = off_the_threads(move || frames::keep(&frames::folder()?, &name, frame.seconds, &png)).await?;
    Ok(shown_path(&kept))
}

#[tauri::command]
pub(crate) async fn remember_position(
    starting: State<'_, Starting>,
    request: MediaRequest,
    seconds: Option<f64>,
) -> Result<(), Error> {
    let app = starting.app().await?;
    let key = ContentKey::of(&place_of(&app, &request).await?).await?;
    app.remember_position(&key, seconds).await
}

/// Runs what waits for the disk where it holds nobody up.
async fn off_the_threads<T: Send + 'static>(
    work: impl FnOnce() -> anyhow::Result<T> + Send + 'static,
) -> Result<T, Error> {
    let done = tokio::task::spawn_blocking(work).await.map_err(|error| Error::Other(error.into()))?;
    Ok(done?)
}
