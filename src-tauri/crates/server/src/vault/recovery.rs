//! Opening a vault: what a crash, a power cut or a person left behind is brought in order before anyone may ask.

use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::fs::{self, OpenOptions};
use std::io;
use std::path::Path;
use std::sync::Arc;

use transfer::error::Class;
use transfer::layout::{ByteRange, ChunkLayout};

use super::error::VaultError;
use super::folder::Folder;
use super::setup::VaultSetup;
use super::shared::Shared;
use super::upload::Upload;
use super::{append, begin, disk, publish, renaming};
use crate::ports::{self, Stage, UploadId};

/// Prepares the folder and takes every upload of the ledger up where it was.
pub(super) async fn open(setup: VaultSetup) -> Result<Shared, VaultError> {
    let root = setup.folder.clone();
    let prepared = disk::blocking(move || Folder::prepare(&root)).await;
    let folder = prepared.map_err(|error| VaultError::folder(&setup.folder, error))??;
    let shared = Shared::new(setup, folder);
    renaming::take_up_all(&shared).await?;
    let rows = shared.ledger.uploads().await?;
    sweep(&shared, &rows).await?;
    let told = shared.ledger.appendings().await?;
    let mut told: HashMap<_, _> = told.into_iter().map(|told| (told.id.clone(), told)).collect();
    for row in rows {
        match told.remove(&row.id) {
            Some(told) => append::take_up(&shared, row, told).await?,
            None => take_up(&shared, row).await?,
        }
    }
    append::look_round(&shared).await;
    Ok(shared)
}

/// Removes the files of uploads that nobody knows: a crash between making a file and writing its row, or between
/// forgetting the row and removing the file.
async fn sweep(shared: &Shared, rows: &[ports::Upload]) -> Result<(), VaultError> {
    let owned = rows.iter().filter_map(|row| Some(shared.folder.part(&row.id).file_name()?.to_owned())).collect();
    let incoming = shared.folder.incoming().to_owned();
    let swept = disk::blocking_io(move || remove_unowned(&incoming, &owned)).await;
    swept.map_err(|error| VaultError::folder(shared.folder.root(), error))
}

fn remove_unowned(incoming: &Path, owned: &HashSet<OsString>) -> io::Result<()> {
    for entry in fs::read_dir(incoming)? {
        let entry = entry?;
        if !owned.contains(&entry.file_name()) {
            let removed = fs::remove_file(entry.path());
            tracing::info!(file = ?entry.file_name(), ?removed, "removing the file of an upload that nobody knows");
        }
    }
    Ok(())
}

async fn take_up(shared: &Shared, row: ports::Upload) -> Result<(), VaultError> {
    let layout = row.size.and_then(|size| ChunkLayout::new(size, row.chunk_len).ok());
    let Some(layout) = layout else {
        tracing::warn!(upload = %row.id, "an upload that this version cannot receive stays as it is");
        return Ok(());
    };
    let (id, stage) = (row.id.clone(), row.stage.clone());
    let arrived = shared.ledger.arrived(&id).await?;
    let reach = arrived.ranges.iter().map(|(range, _): &(ByteRange, bool)| range.end()).max().unwrap_or(0);
    let upload = Arc::new(Upload::new(row, layout, &arrived, shared.folder.part(&id)));
    match stage {
        Stage::Receiving if upload.is_abandoned(shared.clock.now(), shared.expiry) => expire(shared, &id).await,
        Stage::Receiving => receive_on(shared, upload, reach).await,
        Stage::Publishing { .. } => publish_on(shared, upload).await,
    }
}

async fn expire(shared: &Shared, id: &UploadId) -> Result<(), VaultError> {
    tracing::info!(upload = %id, "an abandoned upload has expired");
    shared.ledger.remove(id).await?;
    let part = shared.folder.part(id);
    match disk::blocking_io(move || fs::remove_file(part)).await {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(VaultError::folder(shared.folder.root(), error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// A part that is missing, or shorter than what arrived, was taken away by somebody: the sender begins again.
async fn receive_on(shared: &Shared, upload: Arc<Upload>, reach: u64) -> Result<(), VaultError> {
    let (part, size) = (shared.folder.part(&upload.id), upload.layout.size());
    match disk::blocking_io(move || reopen(&part, size, reach)).await {
        Ok(Some(preallocated)) => {
            if preallocated {
                upload.set_preallocated();
            }
            shared.register.enter(upload);
            Ok(())
        }
        Ok(None) => forget(shared, &upload.id).await,
        Err(error) => Err(VaultError::folder(shared.folder.root(), error)),
    }
}

/// Whether the part is reserved; none when its bytes are lost.
pub(super) fn reopen(part: &Path, size: u64, reach: u64) -> io::Result<Option<bool>> {
    let file = match OpenOptions::new().read(true).write(true).open(part) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    if file.metadata()?.len() < reach {
        return Ok(None);
    }
    match begin::preallocate(&file, size) {
        Ok(preallocated) => Ok(Some(preallocated)),
        // A full disk is the senders' trouble, not the opener's: films can be watched.
        Err(error) if error.kind() == io::ErrorKind::StorageFull => Ok(Some(false)),
        Err(error) => Err(error),
    }
}

/// An upload that cannot be published now stays claimed: its sender's next attempt, or the next opening, goes on.
pub(super) async fn publish_on(shared: &Shared, upload: Arc<Upload>) -> Result<(), VaultError> {
    shared.register.enter(upload.clone());
    match publish::publish(shared, &upload).await {
        Ok(_) => Ok(()),
        Err(error) if error.class == Class::Expired => {
            shared.register.strike(&upload);
            forget(shared, &upload.id).await
        }
        Err(error) => {
            tracing::warn!(upload = %upload.id, %error, "a complete upload could not be moved to its place yet");
            Ok(())
        }
    }
}

pub(super) async fn forget(shared: &Shared, id: &UploadId) -> Result<(), VaultError> {
    tracing::warn!(upload = %id, "the bytes of an upload are gone; it must begin again");
    Ok(shared.ledger.remove(id).await?)
}
