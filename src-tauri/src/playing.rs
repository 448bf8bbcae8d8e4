//! What to play: the source file itself while it is there and unchanged, else what is in the vault of it.

use std::path::PathBuf;
use std::sync::Arc;

use server::http::Offer;
use transfer::engine::Snapshot;
use transfer::ids::{ObjectId, TransferId};
use transfer::name::FileName;
use transfer::range::RangeReader;
use transfer::source::{FileSources, SourceReader, Sources};
use transfer::state::TransferState;

use crate::app::App;
use crate::error::Error;
use crate::view::{MediaRequest, MediaView};

/// Puts it on offer for the player.
pub(crate) async fn open(app: &App, request: &MediaRequest) -> Result<MediaView, Error> {
    let offer = match request {
        MediaRequest::Transfer { id } => of_transfer(app, &snapshot(app, id).await?).await?,
        MediaRequest::Video { id } => in_vault(app, &ObjectId(id.clone())).await?,
    };
    let (name, size) = (offer.name.shown(), offer.reader.len());
    let url = app.loopback.offer(offer).map_err(|error| Error::Other(error.into()))?;
    Ok(MediaView { url, name, size })
}

/// Where it is on this machine, to show it in its folder.
pub(crate) async fn place(app: &App, request: &MediaRequest) -> Result<PathBuf, Error> {
    let path = match request {
        MediaRequest::Transfer { id } => snapshot(app, id).await?.path.to_path_buf(),
        MediaRequest::Video { id } => {
            app.vault.folder().join(in_vault(app, &ObjectId(id.clone())).await?.name.as_os_str())
        }
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
        Ok(source) => {
            let reader: Arc<dyn RangeReader> = Arc::new(SourceReader::new(source));
            Ok(Offer { name: FileName::clone(&snapshot.name), reader })
        }
        Err(_) => in_vault(app, &object(app, snapshot)?).await,
    }
}

fn object(app: &App, snapshot: &Snapshot) -> Result<ObjectId, Error> {
    let done = if let TransferState::Done(completed) = &snapshot.state { Some(completed.object.clone()) } else { None };
    let arriving = || app.vault.object_of(snapshot.handle.as_ref()?);
    done.or_else(arriving)
        .ok_or_else(|| Error::MediaGone("The file is gone, and nothing of it has arrived yet.".to_owned()))
}

async fn in_vault(app: &App, object: &ObjectId) -> Result<Offer, Error> {
    let gone = || Error::MediaGone("The film is no longer in the vault.".to_owned());
    let found = app.vault.find(object).await.map_err(|error| Error::Other(error.into()))?.ok_or_else(gone)?;
    let reader = app.vault.reader(object).await.map_err(|error| Error::Other(error.into()))?;
    Ok(Offer { name: found.name, reader })
}
