//! Another name for a film: written down, moved, said so. Each step may be taken twice, so that a crash at any of them is
//! taken up where it was.

use rustix::io::Errno;
use transfer::ids::ObjectId;
use transfer::name::FileName;
use transfer::range::ReadError;

use super::disk;
use super::error::VaultError;
use super::moving::{self, Moved};
use super::shared::Shared;
use crate::ports::{Owner, Rename, Video};

/// Renames a film.
pub(super) async fn rename(shared: &Shared, rename: Rename) -> Result<(), VaultError> {
    let Rename { object, name } = &rename;
    let video = present(shared, object).await?;
    if video.name == *name {
        return Ok(());
    }
    accept(shared, &video, name).await?;
    // Held open over the move, for readers that have not read yet.
    let held = shared.films.hold(object).await;
    if matches!(held, Err(ReadError::Gone)) {
        return Err(VaultError::Gone(video.name));
    }
    shared.catalogue.begin_rename(&rename).await?;
    match carry_out(shared, &video, name).await? {
        Moved::There => Ok(()),
        Moved::Taken => Err(VaultError::NameTaken(rename.name)),
        Moved::Lost => Err(VaultError::Gone(video.name)),
    }
}

/// A film as it is now, after what was left of an older rename was ended: one that the disk interrupted.
pub(super) async fn present(shared: &Shared, object: &ObjectId) -> Result<Video, VaultError> {
    let begun = shared.catalogue.renames().await?.into_iter().find(|rename| rename.object == *object);
    if let Some(rename) = begun {
        take_up(shared, &rename).await?;
    }
    let video = shared.catalogue.video(object).await?;
    video.ok_or_else(|| VaultError::Unknown(object.clone()))
}

/// Brings every rename to its end that a crash interrupted. One that the disk does not let end now stays for later: its
/// film is no reason not to open the others.
pub(super) async fn take_up_all(shared: &Shared) -> Result<(), VaultError> {
    for rename in shared.catalogue.renames().await? {
        let ended = take_up(shared, &rename).await;
        tracing::info!(object = %rename.object, ?ended, "ending a rename that was interrupted");
    }
    Ok(())
}

/// Whether anything stands under a name, in the folder or in the library. (A listed film whose file is gone keeps its
/// name: the file may come back.)
pub(super) async fn is_taken(shared: &Shared, name: &FileName) -> Result<bool, VaultError> {
    Ok(stands(shared, name).await? || shared.catalogue.named(name).await?.is_some())
}

/// Whether an owner has something under a name: a film of its own; of another's it must not learn. A file that is nobody's
/// film is of whoever sits here.
pub(super) async fn has(shared: &Shared, owner: &Owner, name: &FileName) -> Result<bool, VaultError> {
    match shared.catalogue.named(name).await? {
        Some(video) => Ok(video.owner == *owner),
        None => Ok(*owner == Owner::default() && stands(shared, name).await?),
    }
}

async fn stands(shared: &Shared, name: &FileName) -> Result<bool, VaultError> {
    let path = shared.folder.film(name);
    let stands = disk::blocking_io(move || moving::exists(&path)).await;
    stands.map_err(|error| VaultError::folder(shared.folder.root(), error))
}

async fn take_up(shared: &Shared, rename: &Rename) -> Result<(), VaultError> {
    match shared.catalogue.video(&rename.object).await? {
        Some(video) => carry_out(shared, &video, &rename.name).await.map(drop),
        None => Ok(shared.catalogue.end_rename(&rename.object, false).await?),
    }
}

async fn accept(shared: &Shared, video: &Video, name: &FileName) -> Result<(), VaultError> {
    let (folder, film, wanted) = (shared.folder.clone(), video.name.clone(), name.clone());
    let looked = disk::blocking_io(move || {
        folder.try_name(&wanted)?;
        let (film, wanted) = (folder.film(&film), folder.film(&wanted));
        Ok((moving::exists(&film)?, !moving::exists(&film)? || moving::is_free(&film, &wanted)?))
    });
    let (there, free) = looked.await.map_err(|error| refused(shared, name, error))?;
    if !there {
        return Err(VaultError::Gone(video.name.clone()));
    }
    if !free || shared.catalogue.named(name).await?.is_some() {
        return Err(VaultError::NameTaken(name.clone()));
    }
    Ok(())
}

fn refused(shared: &Shared, name: &FileName, error: std::io::Error) -> VaultError {
    match Errno::from_io_error(&error) {
        Some(Errno::INVAL | Errno::ILSEQ | Errno::NAMETOOLONG) => VaultError::NoName(name.clone()),
        Some(_) | None => VaultError::folder(shared.folder.root(), error),
    }
}

/// Moves the file and says so. Where the disk fails, what was written down stays: the file may have moved.
async fn carry_out(shared: &Shared, video: &Video, name: &FileName) -> Result<Moved, VaultError> {
    let (folder, film, wanted, size) = (shared.folder.clone(), video.name.clone(), name.clone(), video.size);
    let moved = disk::blocking_io(move || folder.rename(&film, &wanted, size)).await;
    let moved = moved.map_err(|error| VaultError::folder(shared.folder.root(), error))?;
    shared.catalogue.end_rename(&video.object, moved == Moved::There).await?;
    shared.films.changed(&video.object);
    shared.library_changed();
    Ok(moved)
}
