//! Parts: sending one, listing those that are there, and sending some again of a file that became another.

use std::num::NonZeroU32;

use rusty_s3::Method;
use transfer::error::{Class, Operation, RemoteError};
use transfer::layout::{ChunkIndex, ChunkLayout};
use transfer::remote::{Amendment, ChunkReceipt, PutChunk, Received, UploadHandle};

use super::handle::Handle;
use super::refusal::Refusal;
use super::store::{Ask, Store, etag, unless};
use super::sum::{Sum, Summed};
use super::xml::{self, Part};
use crate::connection::SILENCE;
use crate::outgoing::Outgoing;
use crate::patience::answered;

/// Sends a chunk as the part of its number. Where ETags vouch, success means that what arrived was summed by the store
/// and equals what left here.
pub(super) async fn put(store: &Store, handle: &Handle, id: &str, put: PutChunk) -> Result<ChunkReceipt, RemoteError> {
    let number = number_of(put.index).to_string();
    let query = [("partNumber", number.as_str()), ("uploadId", id)];
    let sum = Sum::default();
    let body = Outgoing::plain(Box::new(Summed::new(put.body, sum.clone())));
    let (pulse, ask) = (body.pulse(), Ask::of(Method::Put, &handle.key).query(&query));
    let request = store.sending(ask).body(body.into_body());
    let response = answered(Operation::Put, request, pulse, SILENCE).await?;
    let response = Store::accepted(Operation::Put, response).await?;
    let etag = etag(Operation::Put, response).await?;
    if handle.vouches && etag != sum.hex() {
        return Err(RemoteError::new(Operation::Put, Class::Corrupt, "what arrived is not what was sent"));
    }
    Ok(ChunkReceipt(etag))
}

/// A part may be sent again until the object is made, and one that is not named then is not in it: so nothing is asked of
/// the store but whether the upload is still open. A part of before is listed until it is sent again, with a receipt
/// that nobody holds any more.
pub(super) async fn amend(store: &Store, amendment: &Amendment, most: NonZeroU32) -> Result<UploadHandle, RemoteError> {
    const AMEND: Operation = Operation::Amend;
    if !amendment.is_sound() || amendment.after.count() > most.get() {
        return Err(RemoteError::new(AMEND, Class::Fatal, "the store does not take the parts of the other file"));
    }
    let handle = Handle::read(AMEND, &amendment.handle)?;
    let unknown = || RemoteError::new(AMEND, Class::Expired, "the store no longer knows this upload");
    let id = handle.id.as_deref().ok_or_else(unknown)?;
    let open = unless("NoSuchUpload", listed(store, AMEND, &handle.key, id).await)?;
    open.map(|_| amendment.handle.clone()).ok_or_else(unknown)
}

/// The parts that are there, as the chunks that they are. Their receipts say which content was acknowledged.
pub(super) fn received(layout: &ChunkLayout, parts: Vec<Part>) -> Received {
    let mut received = Received::default();
    for part in parts {
        let index = part.number.checked_sub(1).and_then(|number| layout.index(number.into()));
        // Of another length it is the mark, or of a plan that was given up.
        if let Some(index) = index.filter(|index| layout.range(*index).len() == part.size) {
            received.chunks.push((index, None));
            received.receipts.push((index, ChunkReceipt(part.etag)));
        }
    }
    received
}

/// Every part of an upload, page by page.
pub(super) async fn listed(store: &Store, operation: Operation, key: &str, id: &str) -> Result<Vec<Part>, Refusal> {
    let mut parts: Vec<Part> = Vec::new();
    loop {
        let after = parts.last().map_or(0, |part| part.number).to_string();
        let query = [("max-parts", "1000"), ("part-number-marker", after.as_str()), ("uploadId", id)];
        let request = store.request(Ask::of(Method::Get, key).query(&query));
        let page = store.read(operation, request, xml::parts).await?;
        let last = !page.more || page.items.is_empty();
        parts.extend(page.items);
        if last {
            return Ok(parts);
        }
    }
}

/// Parts count from 1.
fn number_of(index: ChunkIndex) -> u32 {
    index.get() + 1
}
