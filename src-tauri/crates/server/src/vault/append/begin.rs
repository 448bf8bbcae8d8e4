//! Beginning an upload whose bytes come in order. The lifecycle does it, one at a time, for the last free bytes are
//! given once.

use std::collections::HashSet;
use std::fs;
use std::sync::Arc;

use transfer::error::{Class, Operation, RemoteError};
use transfer::ids::ObjectId;
use transfer::remote::Arriving;
use uuid::Uuid;
use wire::uploads::BEST_CHUNK;

use super::owned::{NewAppend, NewRole};
use super::{Append, AppendError, layout};
use crate::ports::{self, Appending, Owner, Role, Stage, UploadId};
use crate::vault::allowance::Allowance;
use crate::vault::begin::{accept_name, find_room, make_part, no_part};
use crate::vault::shared::Shared;
use crate::vault::{disk, trouble};

/// Parts that one upload is put together from. More fit in no request's head.
const MOST_PARTS: usize = 1000;

/// Whether an upload is new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::vault) enum Begun {
    Now,
    Before,
}

/// Its file comes before its row: what a crash leaves is a file that nobody owns.
pub(in crate::vault) async fn begin(
    shared: &Shared,
    owner: &Owner,
    allowance: &Allowance,
    new: NewAppend,
) -> Result<(Arc<Append>, Begun), AppendError> {
    if let Some(same) = begun_before(shared, owner, &new.role) {
        return Ok((same, Begun::Before));
    }
    let (role, length) = role(shared, owner, &new)?;
    // Parts are counted already, once, and go when they are put together.
    let counted = if matches!(role, Role::Assembly { .. }) { 0 } else { length.unwrap_or(0) };
    allowance.permits(shared, owner, counted).await?;
    accept_name(shared, &new.name).await?;
    let planned = layout(length.unwrap_or(0)).ok_or_else(too_large)?;
    find_room(shared, &planned).await?;
    let id = UploadId(format!("b{}", Uuid::new_v4().simple()));
    let (folder, part, size) = (shared.folder.clone(), shared.folder.part(&id), planned.size());
    let made = disk::blocking_io(move || make_part(&folder, &part, size)).await;
    let preallocated = match made {
        Ok(preallocated) => preallocated,
        Err(error) => return Err(no_part(shared, error, size, &planned).await.into()),
    };
    let append = write_down(shared, id, owner, new, role, length).await?;
    if let Some(upload) = length.and_then(|length| append.settle(length, Vec::new())) {
        if preallocated {
            upload.set_preallocated();
        }
        shared.register.enter(upload);
        shared.library_changed();
    }
    shared.appends.enter(append.clone());
    Ok((append, Begun::Now))
}

/// A film of the very parts: whoever lost the answer asks again.
fn begun_before(shared: &Shared, owner: &Owner, role: &NewRole) -> Option<Arc<Append>> {
    let NewRole::Assembly { parts, .. } = role else { return None };
    let before = shared.appends.needing(parts.first()?).filter(|append| append.owner == *owner)?;
    matches!(&before.told.role, Role::Assembly { parts: its, .. } if its == parts).then_some(before)
}

/// What it is for, and its length where that is known.
fn role(shared: &Shared, owner: &Owner, new: &NewAppend) -> Result<(Role, Option<u64>), AppendError> {
    match &new.role {
        NewRole::Whole => Ok((Role::Whole, new.length)),
        NewRole::Part => Ok((Role::Part, new.length)),
        NewRole::Assembly { parts, said } => {
            let found = free_parts(shared, owner, parts)?;
            let known = found.iter().fold(0_u64, |sum, part| sum.saturating_add(part.foreseen()));
            if let Some(most) = new.most.filter(|most| known > *most) {
                return Err(AppendError::TooLarge(most));
            }
            let whole = found.iter().all(|part| part.length().is_some());
            Ok((Role::Assembly { parts: parts.clone(), said: said.clone() }, whole.then_some(known)))
        }
    }
}

/// The parts of these names, each of which nothing else is put together from: bytes are counted once, so they must not
/// become many films.
fn free_parts(shared: &Shared, owner: &Owner, names: &[UploadId]) -> Result<Vec<Arc<Append>>, AppendError> {
    if names.len() > MOST_PARTS {
        return Err(AppendError::TooManyParts(MOST_PARTS));
    }
    let mut once = HashSet::new();
    let find = |id: &UploadId| {
        let part = shared.appends.by_id(id).filter(|part| part.owner == *owner && part.told.role == Role::Part);
        let part = part.ok_or_else(|| AppendError::NoPart(id.to_string()))?;
        let free = once.insert(id.clone()) && !shared.appends.is_needed(id);
        if free { Ok(part) } else { Err(AppendError::PartTaken(id.to_string())) }
    };
    names.iter().map(find).collect()
}

async fn write_down(
    shared: &Shared,
    id: UploadId,
    owner: &Owner,
    new: NewAppend,
    role: Role,
    length: Option<u64>,
) -> Result<Arc<Append>, AppendError> {
    let now = shared.clock.now();
    let row = ports::Upload {
        id: id.clone(),
        object: ObjectId(Uuid::new_v4().simple().to_string()),
        amended_from: None,
        owner: owner.clone(),
        name: new.name,
        size: length,
        chunk_len: BEST_CHUNK,
        stage: Stage::Receiving,
        arriving: Arriving::Yes,
        created_at: now,
        touched_at: now,
    };
    let told = Appending { id, owner: owner.clone(), metadata: new.metadata, role, ending: new.ending };
    let part = shared.folder.part(&row.id);
    if let Err(error) = shared.ledger.begin_append(&row, &told).await {
        let _ = disk::blocking_io(move || fs::remove_file(part)).await;
        return Err(trouble::of_ledger(Operation::Begin, error).into());
    }
    Ok(Arc::new(Append::new(row, told, 0, part)))
}

fn too_large() -> AppendError {
    RemoteError::new(Operation::Begin, Class::Fatal, "no vault takes a file of so many bytes").into()
}
