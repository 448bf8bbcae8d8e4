//! Drops on the window. The page knows where on it they fell, and so where they go: it is told, and says (`take_drop`). A
//! drop of which it says nothing goes to the default, so that no film is lost to a page that hangs.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tauri::{AppHandle, DragDropEvent, Manager, Window, WindowEvent};

use crate::adding::add_later;
use crate::post;
use crate::view::DroppedView;

/// The event that asks the page where files go.
const DROPPED: &str = "dropped";
/// How long the page may think.
const PATIENCE: Duration = Duration::from_secs(2);

/// The drops that nobody has said anything of yet.
#[derive(Debug, Default)]
pub(crate) struct Drops(Mutex<Waiting>);

#[derive(Debug, Default)]
struct Waiting {
    last: u64,
    files: HashMap<u64, Vec<PathBuf>>,
}

impl Drops {
    fn keep(&self, files: Vec<PathBuf>) -> u64 {
        let mut waiting = self.held();
        waiting.last += 1;
        let drop = waiting.last;
        waiting.files.insert(drop, files);
        drop
    }

    /// The files of a drop, for the first who asks.
    pub(crate) fn take(&self, drop: u64) -> Option<Vec<PathBuf>> {
        self.held().files.remove(&drop)
    }

    fn held(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes what is dropped anywhere on the window.
pub(crate) fn on_window_event(window: &Window, event: &WindowEvent) {
    if let WindowEvent::DragDrop(DragDropEvent::Drop { paths, position }) = event
        && !paths.is_empty()
    {
        let app = window.app_handle();
        let drop = app.state::<Drops>().keep(paths.clone());
        // WebKitGTK tells logical pixels, whatever the type says.
        post::tell(app, DROPPED, &DroppedView { drop, x: position.x, y: position.y });
        tauri::async_runtime::spawn(otherwise(app.clone(), drop));
    }
}

async fn otherwise(app: AppHandle, drop: u64) {
    tokio::time::sleep(PATIENCE).await;
    if let Some(files) = app.state::<Drops>().take(drop) {
        add_later(&app, files, None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drop_is_taken_once_by_whoever_is_first() {
        let drops = Drops::default();
        let (first, second) = (drops.keep(vec!["/a".into()]), drops.keep(vec!["/b".into()]));
        assert_eq!(drops.take(second), Some(vec!["/b".into()]), "each drop has its own files");
        assert_eq!(drops.take(second), None, "a page and a timer must not both add them");
        assert_eq!(drops.take(first), Some(vec!["/a".into()]), "the other one still waits");
    }
}
