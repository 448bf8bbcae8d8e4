//! The end of the program: wanted, and decided.

use tauri::AppHandle;

use crate::desktop;

/// The person wants to quit; the page may be asked (`quit_asked`).
#[tauri::command]
pub(crate) async fn ask_to_quit(handle: AppHandle) {
    desktop::quit(&handle).await;
}

/// The person has decided; or nobody needs to be asked.
#[tauri::command]
pub(crate) async fn quit(handle: AppHandle) {
    desktop::end(&handle).await;
}
