//! Where a person wants a file saved: the system's own dialog asks.

use std::path::PathBuf;

use tauri::AppHandle;
use tauri_plugin_dialog::DialogExt;
use tokio::sync::oneshot;

/// The place that was chosen; none when the person changed their mind.
pub(crate) async fn place(handle: &AppHandle, title: &str, name: &str) -> Option<PathBuf> {
    #[cfg(feature = "testing")]
    if let Some(told) = told(name) {
        return Some(told);
    }
    let (chosen, place) = oneshot::channel();
    let dialog = handle.dialog().file().set_title(title).set_file_name(name).set_can_create_directories(true);
    // The receiver lives until the dialog ends, so that the send cannot fail in any way that matters.
    dialog.save_file(move |place| drop(chosen.send(place)));
    place.await.ok().flatten().and_then(|place| place.into_path().ok())
}

/// With `PAWL_SAVES_IN` the answer is that folder, and the name that was offered: no test can use a dialog of the system's.
#[cfg(feature = "testing")]
fn told(name: &str) -> Option<PathBuf> {
    std::env::var_os("PAWL_SAVES_IN").map(|folder| PathBuf::from(folder).join(name))
}
