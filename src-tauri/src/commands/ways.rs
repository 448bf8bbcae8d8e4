//! What comes in: by a dialog, from the clipboard, from what was opened, by a drop. It goes to the default, unless another
//! destination is named.

use std::path::PathBuf;

use tauri::{AppHandle, Manager, State};
use tauri_plugin_dialog::{DialogExt, FilePath};
use tokio::sync::oneshot;
use transfer::engine::Accept;

use super::transfers::transfer_id;
use crate::adding::{ADDED, add};
use crate::clipboard;
use crate::dropping::Drops;
use crate::error::Error;
use crate::locating::{self, PointedAt};
use crate::opening;
use crate::post;
use crate::starting::Starting;
use crate::view::AddedView;

#[tauri::command]
pub(crate) async fn choose_files(
    handle: AppHandle,
    starting: State<'_, Starting>,
    destination: Option<String>,
) -> Result<Vec<AddedView>, Error> {
    let (chosen, files) = oneshot::channel();
    // The receiver lives until the dialog ends, so that the send cannot fail in any way that matters.
    handle.dialog().file().set_title("Add films").pick_files(move |files| drop(chosen.send(files)));
    add(&*starting.app().await?, paths(files.await), destination).await
}

#[tauri::command]
pub(crate) async fn choose_folder(
    handle: AppHandle,
    starting: State<'_, Starting>,
    destination: Option<String>,
) -> Result<Vec<AddedView>, Error> {
    let (chosen, folders) = oneshot::channel();
    // As above.
    handle.dialog().file().set_title("Add folders of films").pick_folders(move |folders| drop(chosen.send(folders)));
    add(&*starting.app().await?, paths(folders.await), destination).await
}

#[tauri::command]
pub(crate) async fn paste_files(
    handle: AppHandle,
    starting: State<'_, Starting>,
    destination: Option<String>,
) -> Result<Vec<AddedView>, Error> {
    let files = clipboard::files(&handle).await.map_err(anyhow::Error::new)?;
    add(&*starting.app().await?, files, destination).await
}

#[tauri::command]
pub(crate) async fn upload_opened(
    starting: State<'_, Starting>,
    id: String,
    destination: Option<String>,
) -> Result<Vec<AddedView>, Error> {
    opening::upload(&*starting.app().await?, &id, destination).await
}

/// The page says where a drop goes. How its files were taken comes as the event `added`, as of every drop.
#[tauri::command]
pub(crate) async fn take_drop(
    handle: AppHandle,
    starting: State<'_, Starting>,
    drop: u64,
    destination: Option<String>,
) -> Result<(), Error> {
    let Some(files) = handle.state::<Drops>().take(drop) else { return Ok(()) };
    let app = starting.app().await?;
    let answers = add(&app, files, destination).await?;
    post::tell(&handle, ADDED, &answers);
    Ok(())
}

/// Answers whether a file was pointed at: the person may have changed their mind.
#[tauri::command]
pub(crate) async fn point_at_file(handle: AppHandle, starting: State<'_, Starting>, id: String) -> Result<bool, Error> {
    let id = transfer_id(&id)?;
    let Some(file) = locating::chosen(&handle).await else { return Ok(false) };
    handle.state::<PointedAt>().keep(id, file.clone());
    starting.app().await?.engine.locate(id, &file, Accept::Same).await?;
    Ok(true)
}

/// The file that was pointed at last is another film, and is to be sent instead.
#[tauri::command]
pub(crate) async fn send_pointed_at(handle: AppHandle, starting: State<'_, Starting>, id: String) -> Result<(), Error> {
    let id = transfer_id(&id)?;
    let Some(file) = handle.state::<PointedAt>().take(id) else { return Ok(()) };
    Ok(starting.app().await?.engine.locate(id, &file, Accept::Any).await?)
}

/// None when the person changed their mind.
fn paths(chosen: Result<Option<Vec<FilePath>>, oneshot::error::RecvError>) -> Vec<PathBuf> {
    let chosen = chosen.ok().flatten().unwrap_or_default();
    chosen.into_iter().filter_map(|path| path.into_path().ok()).collect()
}
