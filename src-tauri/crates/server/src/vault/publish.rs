//! Finishing: verify, claim a name, move the file to it, say so. Each step is journalled before it is taken, so that a
//! crash at any of them is taken up where it was; and each may be taken twice.

use std::fs::File;
use std::sync::Arc;

use transfer::error::{Class, Operation, RemoteError};
use transfer::name::FileName;
use transfer::placing::Taken;
use transfer::remote::{Completed, Completion, Proof};
use transfer::tree::{Root, root};

use super::moving::Moved;
use super::shared::Shared;
use super::upload::{Standing, Upload};
use super::{disk, replacing, trouble};
use crate::ports::{Claim, Stage, UploadId, Video};

const DOING: Operation = Operation::Complete;

/// Finishes an upload; finds the object again when it was finished before.
pub(super) async fn complete(shared: &Shared, completion: &Completion) -> Result<Completed, RemoteError> {
    let id = UploadId(completion.handle.0.clone());
    let Some(upload) = shared.register.by_id(&id) else { return again(shared, &id, completion.root).await };
    let root = verify(&upload, completion)?;
    claim(shared, &upload, root).await?;
    let completed = publish(shared, &upload).await?;
    if completion.taken == Taken::Replace {
        replacing::take_place(shared, &upload, &completed.object).await;
    }
    Ok(completed)
}

/// Publishes a claimed upload, from whichever step on.
pub(super) async fn publish(shared: &Shared, upload: &Arc<Upload>) -> Result<Completed, RemoteError> {
    let Standing::Unfinished(Stage::Publishing { mut name, root }) = upload.standing() else {
        return Err(trouble::unknown(DOING));
    };
    while !is_moved(shared, upload, &name).await? {
        name = free_name(shared, upload).await?;
        shared.ledger.rename_claim(&upload.id, &name).await.map_err(ledger_failed)?;
        upload.stand(publishing(&name, root));
    }
    let video = Video {
        object: upload.object.clone(),
        upload: upload.id.clone(),
        owner: upload.owner.clone(),
        name,
        size: upload.layout.size(),
        root,
        created_at: shared.clock.now(),
    };
    shared.ledger.publish(&video).await.map_err(ledger_failed)?;
    upload.stand(Standing::Finished);
    shared.register.strike(upload);
    shared.library_changed();
    tracing::info!(upload = %upload.id, object = %upload.object, "film is complete");
    Ok(Completed { object: video.object, proof: Proof::Root })
}

/// The object that an upload became, if it did.
pub(super) async fn published(
    shared: &Shared,
    id: &UploadId,
    operation: Operation,
) -> Result<Option<Completed>, RemoteError> {
    let video = shared.catalogue.published(id).await.map_err(|error| trouble::of_ledger(operation, error))?;
    Ok(video.map(|video| Completed { object: video.object, proof: Proof::Root }))
}

/// It was finished before: by this root, or the sender speaks of another file.
async fn again(shared: &Shared, id: &UploadId, root: Root) -> Result<Completed, RemoteError> {
    let video = shared.catalogue.published(id).await.map_err(ledger_failed)?.ok_or_else(|| trouble::unknown(DOING))?;
    if video.root != root {
        return Err(RemoteError::new(DOING, Class::Corrupt, "what was finished has another digest"));
    }
    Ok(Completed { object: video.object, proof: Proof::Root })
}

fn verify(upload: &Upload, completion: &Completion) -> Result<Root, RemoteError> {
    if completion.layout != upload.layout {
        return Err(trouble::other_layout(DOING));
    }
    if upload.standing() == Standing::Gone {
        return Err(trouble::unknown(DOING));
    }
    let cvs = upload.cvs().ok_or_else(|| RemoteError::new(DOING, Class::Desync, "chunks are missing"))?;
    let ours = root(&upload.layout, &cvs);
    if ours == completion.root {
        Ok(ours)
    } else {
        Err(RemoteError::new(DOING, Class::Corrupt, "the whole does not have the digest that was announced"))
    }
}

/// Claims the completion. One that was claimed before and did not get through is taken up as it was claimed.
pub(super) async fn claim(shared: &Shared, upload: &Upload, root: Root) -> Result<(), RemoteError> {
    match upload.standing() {
        Standing::Unfinished(Stage::Receiving) => {}
        Standing::Unfinished(Stage::Publishing { .. }) | Standing::Finished | Standing::Gone => return Ok(()),
    }
    let name = free_name(shared, upload).await?;
    match shared.ledger.claim_complete(&upload.id, &name, &root).await.map_err(ledger_failed)? {
        Claim::Mine => upload.stand(publishing(&name, root)),
        // Ours alone is this ledger: what claimed it was a call of ours whose reply was lost.
        Claim::Taken => {
            shared.ledger.rename_claim(&upload.id, &name).await.map_err(ledger_failed)?;
            upload.stand(publishing(&name, root));
        }
        Claim::Unknown => return Err(trouble::unknown(DOING)),
    }
    Ok(())
}

/// True: the film stands durably under `name`. False: the name is another's.
async fn is_moved(shared: &Shared, upload: &Arc<Upload>, name: &FileName) -> Result<bool, RemoteError> {
    match take_in(shared, upload, name).await {
        Ok(Moved::There) => Ok(true),
        Ok(Moved::Taken) => Ok(false),
        Ok(Moved::Lost) => Err(trouble::unknown(DOING)),
        Err(error) => Err(shared.disk_failed(DOING, error).await),
    }
}

/// The file is opened before it moves, for readers that have not read yet, and synced once more: its length and its
/// reserved extents are the file system's own books, which acknowledgements did not need.
async fn take_in(shared: &Shared, upload: &Arc<Upload>, name: &FileName) -> std::io::Result<Moved> {
    let file = upload.file().await.ok();
    let (folder, id, name, size) = (shared.folder.clone(), upload.id.clone(), name.clone(), upload.layout.size());
    disk::blocking_io(move || {
        file.map_or(Ok(()), |file| trim(&file, size).and_then(|()| file.sync_all()))?;
        folder.take_in(&id, &name, size)
    })
    .await
}

/// Of a file that became shorter while it was sent the part may still have its old length.
pub(super) fn trim(file: &File, size: u64) -> std::io::Result<()> {
    if file.metadata()?.len() > size { file.set_len(size) } else { Ok(()) }
}

/// Kept for it until it ends: of two that end together and want one name each gets one of its own, so that after a crash
/// none takes the other's film for its own.
async fn free_name(shared: &Shared, upload: &Upload) -> Result<FileName, RemoteError> {
    let (folder, register) = (shared.folder.clone(), shared.register.clone());
    let (id, name) = (upload.id.clone(), upload.name.clone());
    match disk::blocking_io(move || folder.free_name(&name, |free| register.keep_name(&id, free))).await {
        Ok(name) => Ok(name),
        Err(error) => Err(shared.disk_failed(DOING, error).await),
    }
}

fn publishing(name: &FileName, root: Root) -> Standing {
    Standing::Unfinished(Stage::Publishing { name: name.clone(), root })
}

fn ledger_failed(error: crate::ports::PortError) -> RemoteError {
    trouble::of_ledger(DOING, error)
}
