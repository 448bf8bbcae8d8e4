//! What the page may ask: translate, call, translate.

mod media;
mod settings;
mod transfers;

use tauri::ipc::Invoke;

/// Every command of the app.
pub(crate) fn handler() -> impl Fn(Invoke) -> bool + Send + Sync + 'static {
    tauri::generate_handler![
        transfers::subscribe,
        transfers::add_files,
        transfers::choose_files,
        transfers::command,
        transfers::chunk_map,
        media::open_media,
        media::close_media,
        media::show_in_folder,
        settings::set_limit,
        settings::dismiss,
    ]
}
