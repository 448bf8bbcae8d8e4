//! *Open with Pawl*: a file plays at once, and nothing of it is sent unless a person asks for that.

use std::path::{Path, PathBuf};

use tauri::{AppHandle, Manager};

use crate::adding::{add, shown_name};
use crate::app::App;
use crate::error::Error;
use crate::post;
use crate::starting::Starting;
use crate::view::{AddedView, OpenedView};

/// The event that gives the page a file to play.
const OPENED: &str = "opened";

/// Opens files as soon as the app is open, and tells the page.
pub(crate) fn open_later(app: &AppHandle, files: Vec<PathBuf>) {
    if files.is_empty() {
        return;
    }
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        match app.state::<Starting>().app().await {
            Ok(opened) => files.iter().filter_map(|file| open(&opened, file)).for_each(|view| tell(&app, &view)),
            Err(error) => tracing::error!(?error, "files were not opened"),
        }
    });
}

fn tell(app: &AppHandle, view: &OpenedView) {
    post::tell(app, OPENED, view);
}

fn open(app: &App, file: &Path) -> Option<OpenedView> {
    let file = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
    if !file.is_file() {
        app.notices.warn(format!("{} was not opened: there is no such file.", shown_name(&file)));
        return None;
    }
    Some(app.opened.register(&file))
}

/// Sends an opened file.
pub(crate) async fn upload(app: &App, id: &str, to: Option<String>) -> Result<Vec<AddedView>, Error> {
    add(app, vec![place(app, id)?], to).await
}

/// Where an opened file is.
pub(crate) fn place(app: &App, id: &str) -> Result<PathBuf, Error> {
    app.opened.path(id).ok_or_else(|| Error::MediaGone("The file is not open any more; open it again.".to_owned()))
}
