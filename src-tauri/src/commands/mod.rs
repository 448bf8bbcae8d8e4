//! What the page may ask: translate, call, translate.

mod destinations;
mod films;
mod media;
mod quitting;
mod settings;
mod transfers;
mod ways;

use tauri::ipc::Invoke;

/// Every command of the app.
pub(crate) fn handler() -> impl Fn(Invoke) -> bool + Send + Sync + 'static {
    tauri::generate_handler![
        transfers::subscribe,
        transfers::command,
        transfers::chunk_map,
        transfers::hasten,
        ways::point_at_file,
        ways::send_pointed_at,
        transfers::reorder,
        transfers::set_priority,
        transfers::retry_all,
        transfers::clear_ended,
        transfers::details,
        transfers::save_receipt,
        media::open_media,
        media::close_media,
        media::show_in_folder,
        media::rename_video,
        media::delete_video,
        media::restore_video,
        ways::choose_files,
        ways::choose_folder,
        ways::paste_files,
        ways::upload_opened,
        ways::take_drop,
        destinations::recognise,
        destinations::save_destination,
        destinations::test_destination,
        destinations::remove_destination,
        destinations::choose_default,
        destinations::orphans,
        destinations::abort_orphan,
        destinations::adopt_orphan,
        destinations::copy_link,
        quitting::ask_to_quit,
        quitting::quit,
        films::facts,
        films::captions,
        films::save_frame,
        films::remember_position,
        settings::set_limit,
        settings::change_setting,
        settings::choose_vault,
        settings::diagnostics,
        settings::clear_near,
        settings::check_vault,
        settings::stop_check,
        settings::dismiss,
    ]
}
