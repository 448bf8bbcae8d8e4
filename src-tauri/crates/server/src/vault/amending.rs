//! Amending: an unfinished upload becomes that of another file, and keeps the chunks that both have.
//!
//! The one way in which an acknowledged byte may be written again. What was read of the upload until now is another film
//! for its readers: it gets another object, whoever reads the old one ends, and no piece that they are given was taken
//! after that. The order: room is made; writers and readers of before end; what was sealed is kept or broken; the ledger
//! changes in one transaction; the upload of now takes the place of that of before. A crash leaves the one or the other,
//! and a file that is perhaps too long, which is cut when it is published.

use std::fs::OpenOptions;
use std::io;
use std::sync::Arc;

use transfer::error::{Operation, RemoteError};
use transfer::ids::ObjectId;
use transfer::layout::{ChunkIndex, ChunkLayout};
use transfer::units::Timestamp;
use uuid::Uuid;

use super::allowance::Allowance;
use super::flush::Flushes;
use super::shared::Shared;
use super::upload::{Standing, Succession, Upload};
use super::{begin, disk, publish, trouble};
use crate::ports::{Amended, Stage, UploadId};

const DOING: Operation = Operation::Amend;

/// What is asked for.
#[derive(Debug)]
pub(super) struct Amending {
    pub(super) id: UploadId,
    /// The object by which its sender knows it, where it says so: that of now, or of before the last amendment.
    pub(super) named: Option<ObjectId>,
    pub(super) allowance: Allowance,
    pub(super) after: ChunkLayout,
    pub(super) keep: Vec<ChunkIndex>,
}

/// Amends an upload; what is so already stays.
pub(super) async fn amend(shared: &Shared, flushes: &Flushes, asked: Amending) -> Result<Arc<Upload>, RemoteError> {
    let upload = find(shared, &asked).ok_or_else(|| trouble::unknown(DOING))?;
    if upload.layout.chunk_len() != asked.after.chunk_len() {
        return Err(trouble::other_layout(DOING));
    }
    if upload.is_amended(&asked.after, &asked.keep) {
        upload.hear();
        return Ok(upload);
    }
    let grown = make_room(shared, &upload, &asked).await?;
    upload.end();
    let written = write_down(shared, flushes, &upload, &asked).await;
    let successor = match &written {
        Ok(amended) => Arc::new(succeed(&upload, amended, &asked, shared.clock.now())),
        // As if nothing had been asked: its sender asks again.
        Err(_) => Arc::new(revived(&upload)),
    };
    if grown == Some(true) {
        successor.set_preallocated();
    }
    shared.register.replace(&upload, successor.clone());
    shared.library_changed();
    shorten(shared, &successor).await;
    written?;
    tracing::info!(upload = %successor.id, object = %successor.object, kept = asked.keep.len(), "an upload was amended");
    Ok(successor)
}

/// An upload that takes chunks, and that its sender means.
fn find(shared: &Shared, asked: &Amending) -> Option<Arc<Upload>> {
    let upload = shared.register.by_id(&asked.id).filter(|upload| !upload.is_in_order())?;
    let receiving = upload.standing() == Standing::Unfinished(Stage::Receiving);
    let meant = asked.named.as_ref().is_none_or(|object| upload.is_known_as(object));
    (receiving && meant).then_some(upload)
}

/// Reserves what it grows by, while nothing has changed yet. Gives whether that is reserved; none where it does not grow.
async fn make_room(shared: &Shared, upload: &Upload, asked: &Amending) -> Result<Option<bool>, RemoteError> {
    let Some(more) = asked.after.size().checked_sub(upload.layout.size()).filter(|more| *more > 0) else {
        return Ok(None);
    };
    let doing = |error: RemoteError| RemoteError { operation: DOING, ..error };
    asked.allowance.permits_more(shared, &upload.owner, more).await.map_err(doing)?;
    begin::find_room_for(shared, more, &asked.after).await.map_err(doing)?;
    let (part, size) = (shared.folder.part(&upload.id), asked.after.size());
    let grown = disk::blocking_io(move || grow(&part, size)).await;
    match grown {
        Ok(reserved) => Ok(Some(reserved)),
        Err(error) => {
            // Half a reservation would keep room from others. Who writes meanwhile writes before the end.
            shorten(shared, upload).await;
            Err(doing(begin::no_part(shared, error, more, &asked.after).await))
        }
    }
}

fn grow(part: &std::path::Path, size: u64) -> io::Result<bool> {
    let file = OpenOptions::new().write(true).open(part)?;
    let reserved = begin::preallocate(&file, size)?;
    file.sync_all().map(|()| reserved)
}

/// Nothing may be under way that would write down a chunk of before.
async fn write_down(
    shared: &Shared,
    flushes: &Flushes,
    upload: &Upload,
    asked: &Amending,
) -> Result<Amended, RemoteError> {
    flushes.barrier(DOING).await?;
    let alike = asked.keep.iter().filter(|index| upload.layout.shares(&asked.after, **index));
    let amended = Amended {
        object: ObjectId(Uuid::new_v4().simple().to_string()),
        from: asked.named.clone().unwrap_or_else(|| upload.object.clone()),
        size: asked.after.size(),
        keep: alike.map(|index| (index.get(), asked.after.range(*index))).collect(),
    };
    let written = shared.ledger.amend(&upload.id, &amended, shared.clock.now()).await;
    written.map_err(|error| trouble::of_ledger(DOING, error))?;
    Ok(amended)
}

/// Its sender was just heard of.
fn succeed(upload: &Upload, amended: &Amended, asked: &Amending, now: Timestamp) -> Upload {
    upload.successor(Succession {
        object: amended.object.clone(),
        amended_from: Some(amended.from.clone()),
        layout: asked.after,
        keep: &asked.keep,
        heard_at: Some(now),
    })
}

fn revived(upload: &Upload) -> Upload {
    upload.successor(Succession {
        object: upload.object.clone(),
        amended_from: upload.amended_from.clone(),
        layout: upload.layout,
        keep: &upload.there(),
        heard_at: None,
    })
}

/// Gives back the room behind the new end. What stays is cut when the film is published.
async fn shorten(shared: &Shared, upload: &Upload) {
    let (part, size) = (shared.folder.part(&upload.id), upload.layout.size());
    let cut = disk::blocking_io(move || publish::trim(&OpenOptions::new().write(true).open(part)?, size));
    if let Err(error) = cut.await {
        tracing::debug!(upload = %upload.id, %error, "the part stays longer than its film for now");
    }
}
