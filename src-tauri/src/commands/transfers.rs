//! Transfers: the feed, adding, commands, the chunk map.

use std::path::PathBuf;

use tauri::ipc::{Channel, Response};
use tauri::{AppHandle, State};
use tauri_plugin_dialog::DialogExt;
use transfer::ids::TransferId;

use crate::adding::add;
use crate::error::Error;
use crate::feed;
use crate::map::encoded;
use crate::starting::Starting;
use crate::view::{AddedView, CommandView, FeedView};

#[tauri::command]
pub(crate) async fn subscribe(starting: State<'_, Starting>, channel: Channel<FeedView>) -> Result<(), Error> {
    let app = starting.app().await?;
    app.replace_feed(Some(tokio::spawn(feed::run(app.clone(), channel))));
    Ok(())
}

#[tauri::command]
pub(crate) async fn add_files(starting: State<'_, Starting>, paths: Vec<PathBuf>) -> Result<Vec<AddedView>, Error> {
    add(&*starting.app().await?, paths).await
}

#[tauri::command]
pub(crate) async fn choose_files(handle: AppHandle, starting: State<'_, Starting>) -> Result<Vec<AddedView>, Error> {
    let (chosen, files) = tokio::sync::oneshot::channel();
    // The receiver lives until the dialog ends, so that the send cannot fail in any way that matters.
    handle.dialog().file().set_title("Add films").pick_files(move |files| drop(chosen.send(files)));
    let files = files.await.ok().flatten().unwrap_or_default();
    let paths = files.into_iter().filter_map(|file| file.into_path().ok()).collect();
    add(&*starting.app().await?, paths).await
}

#[tauri::command]
pub(crate) async fn command(starting: State<'_, Starting>, id: String, command: CommandView) -> Result<(), Error> {
    Ok(starting.app().await?.engine.command(transfer_id(&id)?, command.into()).await?)
}

#[tauri::command]
pub(crate) async fn chunk_map(starting: State<'_, Starting>, id: String) -> Result<Response, Error> {
    let picture = starting.app().await?.engine.picture(transfer_id(&id)?).await?;
    Ok(Response::new(encoded(id, &picture)?))
}

fn transfer_id(id: &str) -> Result<TransferId, Error> {
    id.parse().map_err(|_| Error::Other(anyhow::anyhow!("{id:?} names no transfer")))
}
