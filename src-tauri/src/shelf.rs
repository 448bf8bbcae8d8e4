//! What a person does to finished films: rename, throw away, take back, send again.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use server::ports::Video;
use server::vault::{Vault, VaultError};
use transfer::ids::{ObjectId, TransferId};
use transfer::name::FileName;
use transfer::state::TransferState;

use crate::app::App;
use crate::error::Error;
use crate::trash::{self, Identity};

/// Films that can be taken back: enough for everybody's change of mind.
const KEPT: usize = 1000;

/// The films that were thrown away in this run.
#[derive(Debug, Default)]
pub(crate) struct Discarded(Mutex<HashMap<ObjectId, Thrown>>);

#[derive(Debug)]
struct Thrown {
    vault: Vault,
    video: Video,
    identity: Identity,
}

/// Gives a film another name; blanks around it are nobody's wish.
pub(crate) async fn rename(app: &App, id: &str, name: &str) -> Result<(), Error> {
    let name = FileName::new(name.trim()).map_err(|error| Error::Other(error.into()))?;
    Ok(app.vault()?.rename(&ObjectId(id.to_owned()), name).await?)
}

/// Throws a film away: into the system's trash, or for good.
pub(crate) async fn delete(app: &App, id: &str, for_good: bool) -> Result<(), Error> {
    let (vault, object) = (app.vault()?, ObjectId(id.to_owned()));
    if for_good {
        vault.take_out(&object, |path| fs::remove_file(path)).await?;
        return Ok(());
    }
    let seen = Arc::new(OnceLock::new());
    let noted = seen.clone();
    let away = move |path: &std::path::Path| {
        let identity = Identity::of(path)?;
        trash::put(path)?;
        // Set once: a film is moved once.
        let _ = noted.set(identity);
        Ok(())
    };
    let video = vault.take_out(&object, away).await?;
    if let Some(identity) = seen.get().copied() {
        app.discarded.keep(object, Thrown { vault, video, identity });
    }
    Ok(())
}

/// Takes a film back out of the trash. One whose name is taken meanwhile gets a numbered one, and that is said.
pub(crate) async fn restore(app: &App, id: &str) -> Result<(), Error> {
    let object = ObjectId(id.to_owned());
    let gone = || Error::MediaGone("The film is no longer in the trash.".to_owned());
    let Thrown { vault, video, identity } = app.discarded.held().remove(&object).ok_or_else(gone)?;
    let name = video.name.clone();
    match vault.put_back(video.clone(), move |path| trash::take(identity, path)).await {
        Ok(back) if back.name == name => Ok(()),
        Ok(back) => {
            app.notices.warn(format!("{} is back as {}: its name was taken.", name.shown(), back.name.shown()));
            Ok(())
        }
        Err(VaultError::NotMoved { source, .. }) if source.kind() == io::ErrorKind::NotFound => Err(gone()),
        Err(error) => {
            app.discarded.keep(object, Thrown { vault, video, identity });
            Err(error.into())
        }
    }
}

/// Whether a transfer's film arrived and was thrown away since. Of a vault that is not open nobody knows.
pub(crate) async fn is_gone(app: &App, id: TransferId) -> bool {
    let Ok(snapshot) = app.engine.snapshot(id).await else { return false };
    let TransferState::Done(completed) = snapshot.state else { return false };
    let Some(vault) = app.vaults.of(&snapshot.destination) else { return false };
    matches!(vault.find(&completed.object).await, Ok(None))
}

impl Discarded {
    fn keep(&self, object: ObjectId, thrown: Thrown) {
        let mut held = self.held();
        if held.len() < KEPT {
            held.insert(object, thrown);
        }
    }

    fn held(&self) -> MutexGuard<'_, HashMap<ObjectId, Thrown>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
