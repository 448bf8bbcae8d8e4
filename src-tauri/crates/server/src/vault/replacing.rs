//! A film takes the place of its namesake, where its sender chose that. The new one is published first, under a name of
//! its own; then the old one goes; then the new one gets its name. So no instant is without a whole film, and a crash
//! or a disk that fails leaves both, or the new one under a numbered name. Only a film of the same owner is replaced.

use std::fs;

use transfer::ids::ObjectId;
use transfer::name::FileName;

use super::error::VaultError;
use super::removal::{self, Mover};
use super::renaming;
use super::shared::Shared;
use super::upload::Upload;
use crate::ports::{Owner, Rename, Video};

/// Gives a finished film the name that its sender wanted, and takes its namesake away.
pub(super) async fn take_place(shared: &Shared, upload: &Upload, object: &ObjectId) {
    if let Err(error) = replace(shared, &upload.owner, &upload.name, object).await {
        tracing::warn!(%object, %error, "a film could not take the place of its namesake: both are kept");
    }
}

async fn replace(shared: &Shared, owner: &Owner, name: &FileName, object: &ObjectId) -> Result<(), VaultError> {
    let Some(namesake) = namesake(shared, owner, name, object).await? else { return Ok(()) };
    removal::take_out(shared, &namesake.object, Mover::new(|path| fs::remove_file(path))).await?;
    renaming::rename(shared, Rename { object: object.clone(), name: name.clone() }).await
}

/// The owner's other film of that name.
async fn namesake(
    shared: &Shared,
    owner: &Owner,
    name: &FileName,
    object: &ObjectId,
) -> Result<Option<Video>, VaultError> {
    let named = shared.catalogue.named(name).await?;
    Ok(named.filter(|video| video.owner == *owner && video.object != *object))
}
