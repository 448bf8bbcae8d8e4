//! Transfers: the feed, commands, the chunk map, receipts.

use tauri::ipc::{Channel, Response};
use tauri::{AppHandle, State};
use transfer::ids::TransferId;

use crate::error::Error;
use crate::feed;
use crate::map::encoded;
use crate::post;
use crate::receipts;
use crate::starting::Starting;
use crate::view::{CommandView, DetailsView, FeedView, PriorityView};

#[tauri::command]
pub(crate) async fn subscribe(
    handle: AppHandle,
    starting: State<'_, Starting>,
    channel: Channel<FeedView>,
) -> Result<(), Error> {
    let app = starting.app().await?;
    app.replace_feed(Some(tokio::spawn(feed::run(app.clone(), channel))));
    post::deliver(&handle);
    Ok(())
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

#[tauri::command]
pub(crate) async fn hasten(starting: State<'_, Starting>, id: String, chunk: u32) -> Result<(), Error> {
    Ok(starting.app().await?.engine.hasten(transfer_id(&id)?, chunk).await?)
}

#[tauri::command]
pub(crate) async fn reorder(
    starting: State<'_, Starting>,
    ids: Vec<String>,
    before: Option<String>,
) -> Result<(), Error> {
    let ids = ids.iter().map(|id| transfer_id(id)).collect::<Result<_, _>>()?;
    let before = before.map(|before| transfer_id(&before)).transpose()?;
    Ok(starting.app().await?.engine.reorder(ids, before).await?)
}

#[tauri::command]
pub(crate) async fn set_priority(
    starting: State<'_, Starting>,
    ids: Vec<String>,
    priority: PriorityView,
) -> Result<(), Error> {
    let app = starting.app().await?;
    for id in ids {
        app.engine.set_priority(transfer_id(&id)?, priority.into()).await?;
    }
    Ok(())
}

#[tauri::command]
pub(crate) async fn retry_all(starting: State<'_, Starting>) -> Result<usize, Error> {
    Ok(starting.app().await?.engine.retry_failed().await?)
}

#[tauri::command]
pub(crate) async fn clear_ended(starting: State<'_, Starting>) -> Result<usize, Error> {
    Ok(starting.app().await?.engine.remove_ended().await?)
}

#[tauri::command]
pub(crate) async fn details(starting: State<'_, Starting>, id: String) -> Result<DetailsView, Error> {
    Ok(starting.app().await?.chronicle.of(transfer_id(&id)?))
}

#[tauri::command]
pub(crate) async fn save_receipt(
    handle: AppHandle,
    starting: State<'_, Starting>,
    id: String,
) -> Result<Option<String>, Error> {
    receipts::save(&handle, &*starting.app().await?, transfer_id(&id)?).await
}

pub(super) fn transfer_id(id: &str) -> Result<TransferId, Error> {
    id.parse().map_err(|_| Error::Other(anyhow::anyhow!("{id:?} names no transfer")))
}
