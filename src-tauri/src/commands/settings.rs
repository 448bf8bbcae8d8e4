//! The speed limit, and notices that were read.

use tauri::State;
use transfer::units::Rate;

use crate::error::Error;
use crate::starting::Starting;

#[tauri::command]
pub(crate) async fn set_limit(starting: State<'_, Starting>, limit: Option<u64>) -> Result<(), Error> {
    Ok(starting.app().await?.set_limit(limit.and_then(Rate::bytes_per_second)).await?)
}

#[tauri::command]
pub(crate) async fn dismiss(starting: State<'_, Starting>, id: u64) -> Result<(), Error> {
    starting.app().await?.notices.dismiss(id);
    Ok(())
}
