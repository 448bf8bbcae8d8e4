//! The end of an upload whose bytes came in order: it is claimed and published like any other.

use std::sync::Arc;

use transfer::error::{Operation, RemoteError};
use transfer::remote::Completed;
use transfer::tree::Root;

use super::turn::Turn;
use super::{Append, AppendError, removal};
use crate::ports::Role;
use crate::vault::lifecycle::Step;
use crate::vault::shared::Shared;
use crate::vault::{Vault, disk, publish as publishing, trouble};

const DOING: Operation = Operation::Complete;

/// Makes a film of an upload whose every byte is there.
pub(super) async fn conclude(vault: &Vault, append: &Arc<Append>, turn: &mut Turn) -> Result<(), AppendError> {
    let root = sum_up(&vault.shared, append, turn).await?;
    vault.step(DOING, |reply| Step::ConcludeAppend(append.clone(), root, reply)).await?;
    Ok(())
}

/// Lets readers at its last chunk, cuts its file to its length, and gives its root.
pub(super) async fn sum_up(shared: &Shared, append: &Append, turn: &mut Turn) -> Result<Root, RemoteError> {
    turn.writer.prepare(shared, append).await?;
    let Some(upload) = append.upload() else { return Err(trouble::unknown(DOING)) };
    let (Some(digests), Some(file)) = (&turn.writer.digests, turn.writer.file.clone()) else {
        return Err(trouble::unknown(DOING));
    };
    let (cvs, root) = digests.end(&upload.layout);
    let (size, now) = (upload.layout.size(), shared.clock.now());
    let cut = disk::blocking_io(move || match file.metadata()?.len() {
        len if len == size => Ok(()),
        _ => file.set_len(size),
    });
    cut.await.map_err(|error| trouble::of_disk(DOING, error))?;
    upload.layout.indices().zip(cvs).for_each(|(index, cv)| upload.keep(index, cv, now));
    Ok(root)
}

/// Publishes it, in the lifecycle's turn; parts that it was put together from go.
pub(in crate::vault) async fn publish(
    shared: &Shared,
    append: &Arc<Append>,
    root: Root,
) -> Result<Completed, RemoteError> {
    let upload = append.upload().ok_or_else(|| trouble::unknown(DOING))?;
    publishing::claim(shared, &upload, root).await?;
    let completed = publishing::publish(shared, &upload).await?;
    append.end();
    shared.appends.strike(append);
    if let Role::Assembly { parts, .. } = &append.told.role {
        removal::remove_parts(shared, parts).await;
    }
    Ok(completed)
}
