//! What to play: the source file itself while it is there and unchanged, else what is of it in the vault, or where it was
//! sent.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use server::http::Offer;
use server::vault::Vault;
use transfer::engine::Snapshot;
use transfer::ids::{ObjectId, TransferId};
use transfer::name::FileName;
use transfer::range::RangeReader;
use transfer::source::{FileSources, Source, SourceReader, Sources};
use transfer::state::TransferState;

use crate::app::App;
use crate::destinations::is_vault;
use crate::error::Error;
use crate::far;
use crate::films::ContentKey;
use crate::opening;
use crate::view::{MediaRequest, MediaView};

/// Puts it on offer for the player.
pub(crate) async fn open(app: &App, request: &MediaRequest) -> Result<MediaView, Error> {
    let offer = match request {
        MediaRequest::Transfer { id } => of_transfer(app, &snapshot(app, id).await?).await?,
        MediaRequest::Video { id } => in_vault(&app.vault()?, &ObjectId(id.clone())).await?,
        MediaRequest::Opened { id } => of_file(&opening::place(app, id)?).await?,
    };
    let (name, size) = (offer.name.shown(), offer.reader.len());
    let url = app.loopback.offer(offer).map_err(|error| Error::Other(error.into()))?;
    Ok(MediaView { url, name, size, position: position(app, request).await })
}

/// Where the person was. A film whose bytes are not on this machine as a file has no position.
async fn position(app: &App, request: &MediaRequest) -> Option<f64> {
    let key = ContentKey::of(&place_of(app, request).await.ok()?).await.ok()?;
    app.positions.of(&key)
}

/// Where its bytes are on this machine, all of them in one file: the source, else the finished film in the vault.
pub(crate) async fn place_of(app: &App, request: &MediaRequest) -> Result<PathBuf, Error> {
    match (place(app, request).await, request) {
        (Err(Error::MediaGone(why)), MediaRequest::Transfer { id }) => match snapshot(app, id).await?.state {
            TransferState::Done(completed) => place(app, &MediaRequest::Video { id: completed.object.0 }).await,
            _ => Err(Error::MediaGone(why)),
        },
        (found, _) => found,
    }
}

/// Where it is on this machine, to show it in its folder.
pub(crate) async fn place(app: &App, request: &MediaRequest) -> Result<PathBuf, Error> {
    let path = match request {
        MediaRequest::Transfer { id } => snapshot(app, id).await?.path.to_path_buf(),
        MediaRequest::Video { id } => {
            let vault = app.vault()?;
            vault.folder().join(in_vault(&vault, &ObjectId(id.clone())).await?.name.as_os_str())
        }
        MediaRequest::Opened { id } => opening::place(app, id)?,
    };
    let there = path.exists();
    there.then_some(path).ok_or_else(|| Error::MediaGone("The film is not where it was.".to_owned()))
}

async fn snapshot(app: &App, id: &str) -> Result<Snapshot, Error> {
    let id: TransferId = id.parse().map_err(|_| Error::MediaGone("There is no such transfer.".to_owned()))?;
    Ok(app.engine.snapshot(id).await?)
}

async fn of_transfer(app: &App, snapshot: &Snapshot) -> Result<Offer, Error> {
    // Opened without the old fingerprint: a file that was edited since still plays, as what it is now.
    match FileSources.open(&snapshot.path, None).await {
        Ok(source) => Ok(from_source(FileName::clone(&snapshot.name), source)),
        Err(_) => {
            let closed = || Error::MediaGone("The file is gone, and the vault that has it is not open.".to_owned());
            match app.vaults.of(&snapshot.destination) {
                Some(vault) => in_vault(&vault, &object(&vault, snapshot)?).await,
                None if is_vault(&snapshot.destination) => Err(closed()),
                None => far::offer(app, snapshot).await,
            }
        }
    }
}

async fn of_file(path: &Path) -> Result<Offer, Error> {
    let gone = |error: &dyn std::fmt::Display| Error::MediaGone(format!("The file cannot be played: {error}."));
    let name = FileName::of(path).map_err(|error| gone(&error))?;
    let source = FileSources.open(path, None).await.map_err(|error| gone(&error))?;
    Ok(from_source(name, source))
}

fn from_source(name: FileName, source: Arc<dyn Source>) -> Offer {
    let reader: Arc<dyn RangeReader> = Arc::new(SourceReader::new(source));
    Offer { name, reader }
}

fn object(vault: &Vault, snapshot: &Snapshot) -> Result<ObjectId, Error> {
    let done = if let TransferState::Done(completed) = &snapshot.state { Some(completed.object.clone()) } else { None };
    let arriving = || vault.object_of(snapshot.handle.as_ref()?);
    done.or_else(arriving)
        .ok_or_else(|| Error::MediaGone("The file is gone, and nothing of it has arrived yet.".to_owned()))
}

async fn in_vault(vault: &Vault, object: &ObjectId) -> Result<Offer, Error> {
    let gone = || Error::MediaGone("The film is no longer in the vault.".to_owned());
    let found = vault.find(object).await.map_err(|error| Error::Other(error.into()))?.ok_or_else(gone)?;
    let reader = vault.reader(object).await.map_err(|error| Error::Other(error.into()))?;
    Ok(Offer { name: found.name, reader })
}
