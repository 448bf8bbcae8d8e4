//! Pointing a transfer at its file, which is at another place now. The page knows no paths: which file was pointed at
//! last is remembered here, should the person want it although it is another film.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use tauri::AppHandle;
use tauri_plugin_dialog::DialogExt;
use tokio::sync::oneshot;
use transfer::ids::TransferId;

/// In builds for tests alone: the file that the person chooses, for a script cannot use the system's dialog.
#[cfg(feature = "testing")]
const CHOICE: &str = "PAWL_CHOOSES";

/// The file that was pointed at last, and for which transfer.
#[derive(Debug, Default)]
pub(crate) struct PointedAt(Mutex<Option<(TransferId, PathBuf)>>);

impl PointedAt {
    pub(crate) fn keep(&self, id: TransferId, file: PathBuf) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((id, file));
    }

    /// The file, once, if it was pointed at for this transfer.
    pub(crate) fn take(&self, id: TransferId) -> Option<PathBuf> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.take_if(|(whose, _)| *whose == id).map(|(_, file)| file)
    }
}

/// Asks for one file; none when the person changed their mind.
pub(crate) async fn chosen(handle: &AppHandle) -> Option<PathBuf> {
    #[cfg(feature = "testing")]
    if let Some(file) = std::env::var_os(CHOICE) {
        return Some(file.into());
    }
    let (chosen, file) = oneshot::channel();
    // The receiver lives until the dialog ends, so that the send cannot fail in any way that matters.
    handle.dialog().file().set_title("Point at the film").pick_file(move |file| drop(chosen.send(file)));
    file.await.ok().flatten()?.into_path().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_pointed_at_is_taken_once_and_by_its_own_transfer() {
        let (pointed, id) = (PointedAt::default(), TransferId::random());
        pointed.keep(id, "/films/b.mov".into());
        assert_eq!(pointed.take(TransferId::random()), None, "it is another transfer's");
        assert_eq!(pointed.take(id), Some("/films/b.mov".into()), "this is the one");
        assert_eq!(pointed.take(id), None, "once");
    }
}
