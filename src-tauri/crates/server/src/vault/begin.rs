//! Beginning an upload: the same one again where it is there; refused, with the figures, where the disk has no room.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::Path;
use std::sync::Arc;

use rustix::fs::{FallocateFlags, fallocate};
use rustix::io::Errno;
use transfer::error::{Class, Operation, RemoteError};
use transfer::ids::ObjectId;
use transfer::layout::ChunkLayout;
use transfer::name::FileName;
use transfer::placing::Taken;
use transfer::remote::{Arriving, NewUpload, UploadHandle};
use uuid::Uuid;

use super::folder::Folder;
use super::remote::permits;
use super::shared::Shared;
use super::upload::Upload;
use super::{disk, renaming, trouble};
use crate::ports::{self, Arrived, Owner, Stage, UploadId};

/// What the database may need for an upload, in bytes: some for itself and some for each chunk.
const LEDGER_ROOM: u64 = 1 << 20;
const LEDGER_ROOM_A_CHUNK: u64 = 256;

/// The handle of an upload.
pub(super) fn handle(id: &UploadId) -> UploadHandle {
    UploadHandle(id.0.clone())
}

/// Finds the name of the upload: its transfer's, unless a film of another size came by that before (then it is
/// another file under an old transfer, and gets a number).
pub(super) async fn name(shared: &Shared, owner: &Owner, new: &NewUpload) -> Result<(UploadId, bool), RemoteError> {
    let first = first_name(owner, new);
    for number in 1_u32.. {
        let id = if number == 1 { first.clone() } else { format!("{first}-{number}") };
        let id = UploadId(id);
        let published = shared.catalogue.published(&id).await;
        match published.map_err(|error| trouble::of_ledger(Operation::Begin, error))? {
            None => return Ok((id, false)),
            Some(video) if video.size == new.layout.size() => return Ok((id, true)),
            Some(_) => {}
        }
    }
    Err(trouble::unknown(Operation::Begin))
}

/// Two owners may choose one name without meeting: each gets an upload of its own.
fn first_name(owner: &Owner, new: &NewUpload) -> String {
    if owner.0.is_empty() {
        return new.transfer.to_string();
    }
    let mut hasher = blake3::Hasher::new();
    hasher.update(new.transfer.0.as_bytes()).update(owner.0.as_bytes());
    let mut name = [0; 16];
    hasher.finalize_xof().fill(&mut name);
    uuid::Builder::from_custom_bytes(name).into_uuid().simple().to_string()
}

/// Begins an upload that is not there. Its file comes before its row: what a crash leaves is a file that nobody owns.
pub(super) async fn begin(
    shared: &Shared,
    id: UploadId,
    owner: &Owner,
    new: &NewUpload,
) -> Result<UploadHandle, RemoteError> {
    if !permits(&new.layout) {
        let context = "the vault does not take chunks of this length or number";
        return Err(RemoteError::new(Operation::Begin, Class::Fatal, context));
    }
    accept_name(shared, &new.name).await?;
    if new.placing.taken == Taken::Skip && renaming::has(shared, owner, &new.name).await.map_err(trouble::of_vault)? {
        let context = format!("{} is in the vault already", new.name.shown());
        return Err(RemoteError::new(Operation::Begin, Class::Taken, context));
    }
    find_room(shared, &new.layout).await?;
    let (folder, part, size) = (shared.folder.clone(), shared.folder.part(&id), new.layout.size());
    let made = disk::blocking_io(move || make_part(&folder, &part, size)).await;
    let preallocated = match made {
        Ok(preallocated) => preallocated,
        Err(error) => return Err(no_part(shared, error, new.layout.size(), &new.layout).await),
    };
    let upload = enter(shared, id, owner, new).await?;
    if preallocated {
        upload.set_preallocated();
    }
    upload.hear();
    shared.register.enter(upload.clone());
    shared.library_changed();
    Ok(handle(&upload.id))
}

/// Reserves the bytes of a part that is there. False: this file system cannot, or has no room for that now.
pub(super) fn preallocate(file: &File, size: u64) -> io::Result<bool> {
    if size == 0 {
        return Ok(true);
    }
    match fallocate(file, FallocateFlags::empty(), 0, size) {
        Ok(()) => Ok(true),
        Err(Errno::OPNOTSUPP | Errno::NOSYS | Errno::INVAL | Errno::NODEV) => file.set_len(size).map(|()| false),
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn accept_name(shared: &Shared, name: &FileName) -> Result<(), RemoteError> {
    let (folder, tried) = (shared.folder.clone(), name.clone());
    let Err(error) = disk::blocking_io(move || folder.try_name(&tried)).await else { return Ok(()) };
    match Errno::from_io_error(&error) {
        Some(Errno::INVAL | Errno::ILSEQ | Errno::NAMETOOLONG) => {
            let context = format!("the vault's file system takes no file named {:?}", name.shown());
            Err(RemoteError::new(Operation::Begin, Class::Fatal, context).because(error))
        }
        _ => Err(shared.disk_failed(Operation::Begin, error).await),
    }
}

/// Other uploads' bytes count as gone where they are not reserved yet.
pub(super) async fn find_room(shared: &Shared, layout: &ChunkLayout) -> Result<(), RemoteError> {
    find_room_for(shared, layout.size(), layout).await
}

/// The same for so many bytes of it, where the others have their room.
pub(super) async fn find_room_for(shared: &Shared, bytes: u64, layout: &ChunkLayout) -> Result<(), RemoteError> {
    let promised: u64 = shared.register.all().iter().map(|upload| upload.outstanding()).sum();
    let free = shared.free_bytes().await.map(|free| free.saturating_sub(promised));
    let needed = needed(bytes, layout);
    match free {
        Some(free) if free < needed => Err(no_room(needed, Some(free))),
        Some(_) | None => Ok(()),
    }
}

fn needed(bytes: u64, layout: &ChunkLayout) -> u64 {
    let ledger = LEDGER_ROOM + LEDGER_ROOM_A_CHUNK * u64::from(layout.count());
    bytes.saturating_add(ledger)
}

fn no_room(needed: u64, free: Option<u64>) -> RemoteError {
    let class = Class::NoSpace { needed: Some(needed), free };
    RemoteError::new(Operation::Begin, class, "the vault's disk has no room for it")
}

pub(super) fn make_part(folder: &Folder, part: &Path, size: u64) -> io::Result<bool> {
    let made = reserve(part, size).and_then(|preallocated| folder.sync_incoming().map(|()| preallocated));
    if made.is_err() {
        // Half a reservation would keep room from others. When it cannot be removed either, the next opening does it.
        let _ = fs::remove_file(part);
    }
    made
}

fn reserve(part: &Path, size: u64) -> io::Result<bool> {
    let file = OpenOptions::new().write(true).create(true).truncate(true).open(part)?;
    preallocate(&file, size)
}

/// Of an upload of this layout, which needs so many bytes more.
pub(super) async fn no_part(shared: &Shared, error: io::Error, bytes: u64, layout: &ChunkLayout) -> RemoteError {
    let failure = shared.disk_failed(Operation::Begin, error).await;
    match failure.class {
        Class::NoSpace { free, .. } => no_room(needed(bytes, layout), free),
        _ => failure,
    }
}

async fn enter(shared: &Shared, id: UploadId, owner: &Owner, new: &NewUpload) -> Result<Arc<Upload>, RemoteError> {
    let now = shared.clock.now();
    let row = ports::Upload {
        id,
        object: ObjectId(Uuid::new_v4().simple().to_string()),
        amended_from: None,
        owner: owner.clone(),
        name: new.name.clone(),
        size: Some(new.layout.size()),
        chunk_len: new.layout.chunk_len(),
        stage: Stage::Receiving,
        arriving: Arriving::Yes,
        created_at: now,
        touched_at: now,
    };
    let part = shared.folder.part(&row.id);
    match shared.ledger.begin(&row).await {
        Ok(taken) if taken.object != row.object => Err(RemoteError::new(
            Operation::Begin,
            Class::Fatal,
            "the vault holds an upload of that name that it cannot read",
        )),
        Ok(row) => Ok(Arc::new(Upload::new(row, new.layout, &Arrived::default(), part))),
        Err(error) => {
            let _ = disk::blocking_io(move || fs::remove_file(part)).await;
            Err(trouble::of_ledger(Operation::Begin, error))
        }
    }
}
