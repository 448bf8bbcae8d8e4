//! The length of an upload is known at last. The lifecycle settles it, one at a time: what an owner may still have, and
//! the last free bytes, are given once.

use std::sync::Arc;

use transfer::error::Operation;
use transfer::tree::Cv;

use super::{Append, AppendError, layout};
use crate::ports::Role;
use crate::vault::allowance::Allowance;
use crate::vault::begin::find_room;
use crate::vault::shared::Shared;
use crate::vault::trouble;

/// A length that is told, of an upload whose turn the teller has.
#[derive(Debug)]
pub(in crate::vault) struct Settling {
    pub(super) append: Arc<Append>,
    pub(super) length: u64,
    pub(super) allowance: Allowance,
    /// Bytes that one film may have here.
    pub(super) most: Option<u64>,
    /// The digests of the whole chunks that are there.
    pub(super) cvs: Vec<(u32, Cv)>,
}

/// Its length is known now, and never another.
pub(in crate::vault) async fn settle(shared: &Shared, settling: Settling) -> Result<(), AppendError> {
    let Settling { append, length, allowance, most, cvs } = settling;
    let there = append.offset();
    match append.length() {
        Some(known) if known == length => return Ok(()),
        Some(known) => return Err(AppendError::OtherLength(known)),
        None if length < there => return Err(AppendError::OtherLength(there)),
        None => {}
    }
    must_fit(shared, &append, length, most)?;
    // The bytes of parts are counted already.
    let more = if append.is_assembly() { 0 } else { length - there };
    allowance.permits_more(shared, &append.owner, more).await?;
    find_room(shared, &layout(length - there).ok_or(AppendError::TooLong(there))?).await?;
    let settled = shared.ledger.settle(&append.id, length).await;
    settled.map_err(|error| trouble::of_ledger(Operation::Put, error))?;
    if let Some(upload) = append.settle(length, cvs) {
        shared.register.enter(upload);
        shared.library_changed();
    }
    Ok(())
}

/// What a part is put together into must not be larger than a film may be.
fn must_fit(shared: &Shared, append: &Append, length: u64, most: Option<u64>) -> Result<(), AppendError> {
    let Some((most, assembly)) = most.zip(shared.appends.needing(&append.id)) else { return Ok(()) };
    let Role::Assembly { parts, .. } = &assembly.told.role else { return Ok(()) };
    let others = parts.iter().filter(|part| **part != append.id).filter_map(|part| shared.appends.by_id(part));
    let whole = others.fold(length, |sum, part| sum.saturating_add(part.foreseen()));
    if whole > most { Err(AppendError::TooLarge(most)) } else { Ok(()) }
}
