//! Taking a film out of the library, and putting it back. Whoever calls moves the file; the order is kept here: at no
//! instant is a film neither listed nor where it was moved to.

use std::fmt;
use std::io;
use std::path::Path;

use transfer::ids::ObjectId;
use transfer::name::FileName;

use super::error::VaultError;
use super::shared::Shared;
use super::{disk, moving, renaming};
use crate::ports::{UploadId, Video};

/// Moves a film's file from a path, or to it. It may block.
type Moving = Box<dyn FnOnce(&Path) -> io::Result<()> + Send>;

/// What moves a film's file.
pub(super) struct Mover(Moving);

impl Mover {
    pub(super) fn new(mover: impl FnOnce(&Path) -> io::Result<()> + Send + 'static) -> Self {
        Self(Box::new(mover))
    }

    /// Has it moved, and makes the change of the folder durable: what follows must not survive without it.
    async fn run(self, shared: &Shared, name: &FileName) -> Result<(), VaultError> {
        let (folder, path) = (shared.folder.clone(), shared.folder.film(name));
        let moved = disk::blocking_io(move || (self.0)(&path).and_then(|()| folder.sync_root())).await;
        moved.map_err(|source| VaultError::NotMoved { name: name.clone(), source })
    }
}

impl fmt::Debug for Mover {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mover")
    }
}

/// The file goes first, then its row.
pub(super) async fn take_out(shared: &Shared, object: &ObjectId, away: Mover) -> Result<Video, VaultError> {
    let video = renaming::present(shared, object).await?;
    let path = shared.folder.film(&video.name);
    let there = disk::blocking_io(move || moving::exists(&path)).await;
    if there.map_err(|error| VaultError::folder(shared.folder.root(), error))? {
        away.run(shared, &video.name).await?;
    }
    shared.catalogue.take_out(object).await?;
    shared.films.changed(object);
    shared.library_changed();
    Ok(video)
}

/// The row comes first, then its file.
pub(super) async fn put_back(shared: &Shared, video: Video, back: Mover) -> Result<Video, VaultError> {
    let video =
        Video { name: free_name(shared, &video.name).await?, upload: free_upload(shared, &video).await?, ..video };
    shared.catalogue.put_back(&video).await?;
    if let Err(error) = back.run(shared, &video.name).await {
        shared.catalogue.take_out(&video.object).await?;
        return Err(error);
    }
    shared.library_changed();
    Ok(video)
}

async fn free_name(shared: &Shared, name: &FileName) -> Result<FileName, VaultError> {
    for number in 1..=u32::MAX {
        let candidate = if number == 1 { name.clone() } else { name.numbered(number) };
        if !renaming::is_taken(shared, &candidate).await? {
            return Ok(candidate);
        }
    }
    Err(VaultError::NameTaken(name.clone()))
}

/// Its sender may have sent it again meanwhile: then that film is the upload's, and this one keeps a name that no sender
/// asks for.
async fn free_upload(shared: &Shared, video: &Video) -> Result<UploadId, VaultError> {
    let taken = shared.catalogue.published(&video.upload).await?.is_some();
    Ok(if taken { UploadId(format!("restored-{}", video.object)) } else { video.upload.clone() })
}
