//! A destination that was set up in the app, as the destination of one run. Book and secrets of the app's state folder are
//! read and nothing there is written or locked: the app may run.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::destinations::{Book, Contents, Driver, Entry, open};
use crate::secrets::{Secret, Secrets};

/// The one that a person calls so.
pub(super) fn found(name: &str) -> Result<Entry> {
    let contents = Book::glance(&state_folder()?)?;
    match contents.named(name) {
        Some(entry) => Ok(entry.clone()),
        None => bail!("there is no destination called {name:?}; {}", known(&contents)),
    }
}

/// Its driver. One that cannot be reached now ends the run: a script starts again.
pub(super) async fn opened(entry: &Entry) -> Result<Driver> {
    let cannot = || format!("{} cannot be used", entry.name);
    let secret = secret(entry).await.with_context(cannot)?;
    open(entry, secret.as_ref()).await.map_err(anyhow::Error::msg).with_context(cannot)
}

async fn secret(entry: &Entry) -> Result<Option<Secret>> {
    match entry.secret {
        Some(place) => Secrets::of(&state_folder()?).read(&entry.id, place).await,
        None => Ok(None),
    }
}

fn known(contents: &Contents) -> String {
    let names: Vec<&str> = contents.entries().iter().map(|entry| entry.name.as_str()).collect();
    match names.as_slice() {
        [] => "none was set up in the app".to_owned(),
        names => format!("those that were set up in the app are {}", names.join(", ")),
    }
}

/// Where the app keeps what is its own.
fn state_folder() -> Result<PathBuf> {
    Ok(dirs::data_dir().context("there is no home directory, and so no destination was set up")?.join("pawl"))
}
