//! Settings, the speed limit, the vault's folder and its check, notices that were read, and what helps to find a fault.

use anyhow::Context;
use tauri::ipc::Channel;
use tauri::{AppHandle, State};
use tauri_plugin_dialog::DialogExt;
use tokio::sync::oneshot;
use transfer::units::Rate;

use crate::autostart::Autostart;
use crate::diagnostics;
use crate::error::Error;
use crate::settings::Parallel;
use crate::starting::Starting;
use crate::theme;
use crate::view::{ScrubStepView, ScrubView, SettingChange};

#[tauri::command]
pub(crate) async fn set_limit(starting: State<'_, Starting>, limit: Option<u64>) -> Result<(), Error> {
    Ok(starting.app().await?.set_limit(limit.and_then(Rate::bytes_per_second)).await?)
}

#[tauri::command]
pub(crate) async fn change_setting(
    handle: AppHandle,
    starting: State<'_, Starting>,
    change: SettingChange,
) -> Result<(), Error> {
    let app = starting.app().await?;
    match change {
        SettingChange::Parallel { count } => app.set_parallel(Parallel::nearest(count.into())).await?,
        SettingChange::Theme { theme } => {
            app.settings.change(move |chosen| chosen.theme = theme).await?;
            theme::wear(&handle, theme);
        }
        SettingChange::Autostart { on } => autostart(on)?,
        SettingChange::KeepAwake { on } => app.settings.change(move |chosen| chosen.keep_awake = on).await?,
    }
    Ok(())
}

fn autostart(on: bool) -> anyhow::Result<()> {
    let autostart = Autostart::of_person().context("there is no home folder to keep that in")?;
    autostart.turn(on, &std::env::current_exe().context("Pawl does not know where its own program is")?)
}

#[tauri::command]
pub(crate) async fn choose_vault(handle: AppHandle, starting: State<'_, Starting>) -> Result<bool, Error> {
    let (chosen, folder) = oneshot::channel();
    let dialog = handle.dialog().file().set_title("Choose the vault's folder").set_can_create_directories(true);
    // The receiver lives until the dialog ends, so that the send cannot fail in any way that matters.
    dialog.pick_folder(move |folder| drop(chosen.send(folder)));
    let folder = folder.await.ok().flatten().and_then(|folder| folder.into_path().ok());
    let Some(folder) = folder else { return Ok(false) };
    starting.app().await?.change_vault(&folder).await?;
    Ok(true)
}

#[tauri::command]
pub(crate) async fn diagnostics(starting: State<'_, Starting>) -> Result<String, Error> {
    Ok(diagnostics::text(&*starting.app().await?).await?)
}

#[tauri::command]
pub(crate) async fn clear_near(starting: State<'_, Starting>) -> Result<(), Error> {
    Ok(starting.app().await?.far.clear().await.context("not all of it could be thrown away")?)
}

#[tauri::command]
pub(crate) async fn check_vault(
    starting: State<'_, Starting>,
    channel: Channel<ScrubStepView>,
) -> Result<ScrubView, Error> {
    let app = starting.app().await?;
    // A page that is gone wants to hear nothing.
    app.scrubbing.check(&app.vault()?, |step| drop(channel.send(step))).await
}

#[tauri::command]
pub(crate) async fn stop_check(starting: State<'_, Starting>) -> Result<(), Error> {
    starting.app().await?.scrubbing.stop();
    Ok(())
}

#[tauri::command]
pub(crate) async fn dismiss(starting: State<'_, Starting>, id: u64) -> Result<(), Error> {
    starting.app().await?.notices.dismiss(id);
    Ok(())
}
