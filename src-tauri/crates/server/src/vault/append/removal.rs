//! Uploads whose bytes come in order and that go: given up, expired, or put together into another.

use std::fs;
use std::sync::Arc;

use transfer::error::{Class, Operation, RemoteError};
use transfer::units::Timestamp;

use super::turn::Turn;
use super::{Append, conclusion};
use crate::ports::{Role, Stage, UploadId};
use crate::vault::lifecycle::ROUND;
use crate::vault::shared::Shared;
use crate::vault::upload::Standing;
use crate::vault::{disk, publish as publishing, trouble};

/// Takes an upload away, in the lifecycle's turn; whoever calls has the upload's own. Out of the database before its
/// file goes.
pub(in crate::vault) async fn discard(shared: &Shared, append: &Append) -> Result<(), RemoteError> {
    if is_film(append).await {
        let upload = append.upload().ok_or_else(|| trouble::unknown(Operation::Abort))?;
        publishing::publish(shared, &upload).await?;
    } else {
        let removed = shared.ledger.remove(&append.id).await;
        removed.map_err(|error| trouble::of_ledger(Operation::Abort, error))?;
        let part = append.part.clone();
        if let Err(error) = disk::blocking_io(move || fs::remove_file(part)).await {
            tracing::warn!(upload = %append.id, %error, "the file of an upload stays until the vault is opened again");
        }
        if let Some(upload) = append.upload() {
            upload.end();
            shared.register.strike(&upload);
            shared.library_changed();
        }
    }
    append.end();
    shared.appends.strike(append);
    Ok(())
}

/// Once the file has its film's name it is a film, whatever became of the rest of its publication.
async fn is_film(append: &Append) -> bool {
    let Some(upload) = append.upload() else { return false };
    let publishing = matches!(upload.standing(), Standing::Unfinished(Stage::Publishing { .. }));
    let part = append.part.clone();
    publishing && !disk::blocking_io(move || part.try_exists()).await.unwrap_or(true)
}

/// Parts whose bytes are in a film now. One that another upload needs, or that somebody is at, stays until it expires.
pub(super) async fn remove_parts(shared: &Shared, parts: &[UploadId]) {
    for part in parts.iter().filter_map(|id| shared.appends.by_id(id)) {
        let Some(_turn) = part.turns.try_take().filter(|_| !shared.appends.is_needed(&part.id)) else { continue };
        if let Err(error) = discard(shared, &part).await {
            tracing::warn!(upload = %part.id, %error, "a part that is put together stays until it expires");
        }
    }
}

/// One whose publication was taken up again, and ended.
pub(super) fn strike_finished(shared: &Shared, append: &Append) {
    if shared.register.by_id(&append.id).is_none() {
        append.end();
        shared.appends.strike(append);
    }
}

/// Lets go of those that nobody sends to any more, and ends those that a full disk, say, kept from becoming films.
pub(in crate::vault) async fn look_round(shared: &Shared) {
    let now = shared.clock.now();
    let mut all = shared.appends.all();
    // What is put together lets go of its parts.
    all.sort_by_key(|append| !append.is_assembly());
    for append in all {
        let Some(mut turn) = append.turns.try_take() else { continue };
        if append.is_complete() {
            try_again(shared, &append, &mut turn).await;
        } else if is_abandoned(shared, &append, now) {
            tracing::info!(upload = %append.id, "an abandoned upload has expired");
            if let Err(error) = discard(shared, &append).await {
                tracing::warn!(upload = %append.id, %error, "an abandoned upload stays for now");
            }
        } else if append.is_abandoned(now, ROUND) {
            // Many lie unfinished for days, and a process may open only so many files.
            turn.writer.file = None;
        }
    }
}

/// What is put together lives as long as one of its parts does, and a part as long as what needs it.
fn is_abandoned(shared: &Shared, append: &Append, now: Timestamp) -> bool {
    let alone = |append: &Append| append.is_abandoned(now, shared.expiry);
    match &append.told.role {
        Role::Whole => alone(append),
        Role::Part => alone(append) && !shared.appends.is_needed(&append.id),
        Role::Assembly { parts, .. } => {
            alone(append) && parts.iter().filter_map(|part| shared.appends.by_id(part)).all(|part| alone(&part))
        }
    }
}

async fn try_again(shared: &Shared, append: &Arc<Append>, turn: &mut Turn) {
    let concluded = match conclusion::sum_up(shared, append, turn).await {
        Ok(root) => conclusion::publish(shared, append, root).await.map(drop),
        Err(error) => Err(error),
    };
    match concluded {
        Err(error) if error.class == Class::Expired => {
            tracing::warn!(upload = %append.id, "the bytes of an upload are gone; it must begin again");
            drop(discard(shared, append).await);
        }
        Err(error) => tracing::warn!(upload = %append.id, %error, "a complete upload could not be moved yet"),
        Ok(()) => {}
    }
}
