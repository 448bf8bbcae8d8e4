//! Destinations: what a pasted text is, forms, tests, the default, what lies unfinished there, links.

use tauri::{AppHandle, State};
use transfer::ids::DestinationId;

use crate::clipboard;
use crate::destinations::{links, recognise as recognised, wake};
use crate::error::Error;
use crate::starting::Starting;
use crate::view::{DestinationForm, LinkView, MediaRequest, OrphansView, RecognisedView, ReportView, SecretForm};

#[tauri::command]
pub(crate) async fn recognise(text: String) -> RecognisedView {
    recognised(&text)
}

#[tauri::command]
pub(crate) async fn save_destination(
    starting: State<'_, Starting>,
    id: Option<String>,
    form: DestinationForm,
    secret: SecretForm,
) -> Result<String, Error> {
    let app = starting.app().await?;
    let (id, told) = app.destinations.save(id, form, secret).await?;
    told.into_iter().for_each(|sentence| app.notices.warn(sentence));
    app.engine.set_destination_limit(id.clone(), app.destinations.limits().remove(&id)).await?;
    wake(&app.engine, &id).await;
    Ok(id.0)
}

#[tauri::command]
pub(crate) async fn test_destination(
    starting: State<'_, Starting>,
    id: Option<String>,
    form: DestinationForm,
    secret: SecretForm,
) -> Result<ReportView, Error> {
    starting.app().await?.destinations.test(id, form, secret).await
}

#[tauri::command]
pub(crate) async fn remove_destination(starting: State<'_, Starting>, id: String) -> Result<(), Error> {
    let app = starting.app().await?;
    app.destinations.remove(&DestinationId(id), &app.engine).await
}

#[tauri::command]
pub(crate) async fn choose_default(starting: State<'_, Starting>, id: String) -> Result<(), Error> {
    starting.app().await?.destinations.choose_default(&DestinationId(id)).await
}

#[tauri::command]
pub(crate) async fn orphans(starting: State<'_, Starting>, id: String) -> Result<OrphansView, Error> {
    let app = starting.app().await?;
    app.destinations.orphans(&DestinationId(id), &app.engine).await
}

#[tauri::command]
pub(crate) async fn abort_orphan(starting: State<'_, Starting>, id: String, orphan: String) -> Result<(), Error> {
    let app = starting.app().await?;
    app.destinations.abort_orphan(&DestinationId(id), &orphan, &app.engine).await
}

#[tauri::command]
pub(crate) async fn adopt_orphan(starting: State<'_, Starting>, id: String, orphan: String) -> Result<(), Error> {
    let app = starting.app().await?;
    app.destinations.adopt_orphan(&DestinationId(id), &orphan, &app.engine).await
}

#[tauri::command]
pub(crate) async fn copy_link(
    handle: AppHandle,
    starting: State<'_, Starting>,
    request: MediaRequest,
    days: u32,
) -> Result<LinkView, Error> {
    let link = links::link(&*starting.app().await?, &request, days).await?;
    clipboard::put(&handle, link.url.clone()).map_err(anyhow::Error::new)?;
    Ok(link)
}
