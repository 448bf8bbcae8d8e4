//! Every way in: drops ([`crate::dropping`]), the command line, a second start, the clipboard, dialogs. Paths stay bytes
//! here; as text of the page, names that are no UTF-8 would be lost.
//!
//! Files that come together are one batch; a folder is a batch of its own, of all that is below it.

use std::path::{Path, PathBuf};

use tauri::{AppHandle, Manager};
use transfer::engine::{AddOrder, Added, Command, Refusal};
use transfer::ids::{BatchId, DestinationId};

use crate::app::App;
use crate::error::Error;
use crate::post;
use crate::rows::shown_path;
use crate::shelf;
use crate::starting::Starting;
use crate::view::AddedView;
use crate::walking::{self, WalkError};

/// The event that tells the page how files were taken.
pub(crate) const ADDED: &str = "added";

/// Brings the window to the front.
pub(crate) fn show_window(app: &AppHandle) {
    if let Some(window) = app.get_webview_window("main") {
        let shown = window.show().and_then(|()| window.unminimize()).and_then(|()| window.set_focus());
        shown.unwrap_or_else(|error| tracing::debug!(%error, "the window did not come to the front"));
    }
}

/// Adds files and folders as soon as the app is open, and tells the page. They go to the default, unless another
/// destination is named.
pub(crate) fn add_later(app: &AppHandle, paths: Vec<PathBuf>, to: Option<String>) {
    if paths.is_empty() {
        return;
    }
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let answers = async { add(&*app.state::<Starting>().app().await?, paths, to).await };
        match answers.await {
            Ok(answers) => post::tell(&app, ADDED, &answers),
            Err(error) => tracing::error!(?error, "files were not added"),
        }
    });
}

/// Adds files as one batch, and each folder as another; a refused one becomes a notice too. They go to the default,
/// unless another destination is named.
pub(crate) async fn add(app: &App, paths: Vec<PathBuf>, to: Option<String>) -> Result<Vec<AddedView>, Error> {
    let to = app.destinations.destination(to)?;
    let paths = paths.into_iter().map(|path| std::path::absolute(&path).unwrap_or(path)).collect();
    let looked = tokio::task::spawn_blocking(move || sorted(paths)).await.map_err(anyhow::Error::new)?;
    let mut answers = add_batch(app, looked.files, &to, None).await?;
    for (folder, found) in looked.folders {
        match found {
            Ok(files) => answers.extend(add_batch(app, files, &to, folder.parent()).await?),
            Err(error) => answers.push(refused(app, &folder, &error.to_string())),
        }
    }
    Ok(answers)
}

/// What was given, sorted into what is one batch and what are others.
#[derive(Debug, Default)]
struct Sorted {
    files: Vec<PathBuf>,
    folders: Vec<(PathBuf, Result<Vec<PathBuf>, WalkError>)>,
}

fn sorted(paths: Vec<PathBuf>) -> Sorted {
    let (folders, files) = paths.into_iter().partition(|path: &PathBuf| path.is_dir());
    let walked = |folder: PathBuf| {
        let found = walking::files_below(&folder, walking::MOST);
        (folder, found)
    };
    Sorted { files, folders: folders.into_iter().map(walked).collect() }
}

/// `base`: the folder in which the dropped one lies, whose structure may be kept.
async fn add_batch(
    app: &App,
    files: Vec<PathBuf>,
    to: &DestinationId,
    base: Option<&Path>,
) -> Result<Vec<AddedView>, Error> {
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let batch = BatchId::random();
    let placement = app.destinations.placement(to, base);
    let order = |files| AddOrder { batch, files, destination: to.clone(), placement: placement.clone() };
    let mut answers = app.engine.add(order(files.clone())).await?;
    for (file, answer) in files.iter().zip(&mut answers) {
        if let Ok(Added { id, already: true }) = *answer
            && shelf::is_gone(app, id).await
        {
            // Its row says *done* of a film that is no more: the new one takes its place.
            app.engine.command(id, Command::Remove).await?;
            *answer = app.engine.add(order(vec![file.clone()])).await?.pop().unwrap_or(Ok(Added { id, already: true }));
        }
    }
    Ok(files.iter().zip(answers).map(|(file, answer)| taken(app, file, answer)).collect())
}

fn taken(app: &App, file: &Path, answer: Result<Added, Refusal>) -> AddedView {
    match answer {
        Ok(Added { id, already: false }) => AddedView::Added { id: id.to_string() },
        Ok(Added { id, already: true }) => AddedView::Already { id: id.to_string() },
        Err(refusal) => refused(app, file, &refusal.to_string()),
    }
}

fn refused(app: &App, path: &Path, sentence: &str) -> AddedView {
    let name = shown_name(path);
    app.notices.warn(format!("{name} was not added: {sentence}."));
    AddedView::Refused { name, sentence: sentence.to_owned() }
}

/// The last part of a path, safe to show.
pub(crate) fn shown_name(path: &Path) -> String {
    path.file_name().map_or_else(|| shown_path(path), |name| shown_path(name.as_ref()))
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    #[test]
    fn folders_are_batches_of_their_own_beside_the_files() {
        let root = TempDir::new().expect("a folder");
        let (full, empty) = (root.path().join("full"), root.path().join("empty"));
        std::fs::create_dir(&full).and_then(|()| std::fs::create_dir(&empty)).expect("folders");
        std::fs::write(full.join("a.mp4"), b"film").expect("a file");
        let missing = root.path().join("missing.mp4");
        let looked = sorted(vec![empty.clone(), missing.clone(), full.clone()]);
        assert_eq!(looked.files, [missing], "what is missing is refused as a file, by the engine");
        assert_eq!(looked.folders[1].1.as_ref().expect("it has a film"), &[full.join("a.mp4")], "all below it");
        assert!(matches!(looked.folders[0], (ref folder, Err(WalkError::Empty)) if *folder == empty), "it says so");
    }
}
