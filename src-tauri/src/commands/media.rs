//! Films: playing them, showing them in their folder.

use tauri::{AppHandle, State};
use tauri_plugin_opener::OpenerExt;

use crate::error::Error;
use crate::playing;
use crate::shelf;
use crate::starting::Starting;
use crate::view::{MediaRequest, MediaView};

#[tauri::command]
pub(crate) async fn open_media(starting: State<'_, Starting>, request: MediaRequest) -> Result<MediaView, Error> {
    playing::open(&*starting.app().await?, &request).await
}

#[tauri::command]
pub(crate) async fn close_media(starting: State<'_, Starting>, url: String) -> Result<(), Error> {
    starting.app().await?.loopback.withdraw(&url);
    Ok(())
}

#[tauri::command]
pub(crate) async fn rename_video(starting: State<'_, Starting>, id: String, name: String) -> Result<(), Error> {
    shelf::rename(&*starting.app().await?, &id, &name).await
}

#[tauri::command]
pub(crate) async fn delete_video(starting: State<'_, Starting>, id: String, for_good: bool) -> Result<(), Error> {
    shelf::delete(&*starting.app().await?, &id, for_good).await
}

#[tauri::command]
pub(crate) async fn restore_video(starting: State<'_, Starting>, id: String) -> Result<(), Error> {
    shelf::restore(&*starting.app().await?, &id).await
}

#[tauri::command]
pub(crate) async fn show_in_folder(
    handle: AppHandle,
    starting: State<'_, Starting>,
    request: MediaRequest,
) -> Result<(), Error> {
    let path = playing::place(&*starting.app().await?, &request).await?;
    handle.opener().reveal_item_in_dir(path).map_err(|error| Error::Other(error.into()))
}
