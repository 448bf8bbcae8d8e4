//! Finishing, exactly once. The key is looked at before and, where the store refuses, again: what is ours is done, what
//! others put there meanwhile is never written over.
//!
//! `If-None-Match: *` closes the gap between the look and the request where the store honours it. Asking first whether
//! it does lost: that would write an object of its own to learn what the look makes nearly needless.

use std::sync::atomic::{AtomicBool, Ordering};

use reqwest::{RequestBuilder, StatusCode};
use rusty_s3::Method;
use transfer::error::{Class, Operation, RemoteError};
use transfer::remote::Completion;

use super::begin::abort;
use super::finished::{Found, Owner, UPLOAD};
use super::handle::Handle;
use super::parts::{self, listed};
use super::refusal::Refusal;
use super::store::{Ask, Store, unless};
use super::xml;

const OPERATION: Operation = Operation::Complete;

/// What a store has shown of itself.
#[derive(Debug, Default)]
pub(super) struct Manners {
    /// It does not know `If-None-Match` on writes, and says so.
    unconditional: AtomicBool,
}

/// Makes the object, or finds it made.
pub(super) async fn complete(
    store: &Store,
    manners: &Manners,
    handle: &Handle,
    completion: &Completion,
) -> Result<(), RemoteError> {
    let owner = Owner { upload: handle.upload, size: completion.layout.size() };
    match store.look(OPERATION, &handle.key, owner).await? {
        Found::Ours(_) => return settled(store, handle, completion).await,
        Found::Foreign if !handle.replaces => return Err(name_taken(store, handle).await),
        Found::Foreign | Found::Nothing => {}
    }
    let Some(id) = &handle.id else { return Err(unknown()) };
    let refusal = match finish(store, manners, handle, id, completion).await {
        Ok(()) => return Ok(()),
        Err(refusal) => refusal,
    };
    match store.look(OPERATION, &handle.key, owner).await? {
        Found::Ours(_) => Ok(()),
        Found::Foreign if handle.replaces => Err(refusal.error),
        Found::Foreign => Err(name_taken(store, handle).await),
        Found::Nothing if refusal.is("InvalidPart") => Err(disagreement(store, handle, id, completion, refusal).await?),
        // Somebody is or was there. The reference says to begin the upload again.
        Found::Nothing if refusal.has(StatusCode::CONFLICT) || refusal.has(StatusCode::PRECONDITION_FAILED) => {
            Err(name_taken(store, handle).await)
        }
        Found::Nothing => Err(refusal.error),
    }
}

/// The upload of an empty film outlives its object when a crash comes between the two.
async fn settled(store: &Store, handle: &Handle, completion: &Completion) -> Result<(), RemoteError> {
    match &handle.id {
        Some(id) if completion.layout.size() == 0 => abort(store, OPERATION, &handle.key, id).await,
        Some(_) | None => Ok(()),
    }
}

async fn finish(
    store: &Store,
    manners: &Manners,
    handle: &Handle,
    id: &str,
    completion: &Completion,
) -> Result<(), Refusal> {
    if completion.layout.size() == 0 {
        return empty(store, manners, handle, id).await;
    }
    let query = [("uploadId", id)];
    let ask = Ask::of(Method::Post, &handle.key).query(&query);
    let etags = etags(completion).ok_or_else(too_early)?;
    let request = |request: RequestBuilder| request.body(xml::completion(etags.iter().copied()));
    let done = |text: &str| xml::is_completed(text).then_some(());
    let answer = store.read(OPERATION, request(conditional(store, manners, handle, ask, &[])), done).await;
    match answer {
        Err(refusal) if refuses_conditions(manners, &refusal) => {
            store.read(OPERATION, request(conditional(store, manners, handle, ask, &[])), done).await
        }
        answer => answer,
    }
}

/// No store makes an object of no parts, and few take an empty part: an empty film is put whole, and its upload, which
/// kept the name until now, given up.
async fn empty(store: &Store, manners: &Manners, handle: &Handle, id: &str) -> Result<(), Refusal> {
    let name = handle.upload.to_string();
    let ask = Ask::of(Method::Put, &handle.key);
    let owner = [(UPLOAD, name.as_str())];
    let request = || conditional(store, manners, handle, ask, &owner).body("");
    match store.send(OPERATION, request()).await {
        Err(refusal) if refuses_conditions(manners, &refusal) => store.send(OPERATION, request()).await?,
        answer => answer?,
    };
    abort(store, OPERATION, &handle.key, id).await.map_err(|error| Refusal { status: None, code: String::new(), error })
}

/// With the condition that nothing is there, while the store does not mind it, unless that is to be replaced.
fn conditional(
    store: &Store,
    manners: &Manners,
    handle: &Handle,
    ask: Ask<'_>,
    more: &[(&str, &str)],
) -> RequestBuilder {
    let holds = !handle.replaces && !manners.unconditional.load(Ordering::Relaxed);
    let condition = holds.then_some(("if-none-match", "*"));
    let headers: Vec<_> = condition.into_iter().chain(more.iter().copied()).collect();
    store.request(Ask { headers: &headers, ..ask })
}

fn refuses_conditions(manners: &Manners, refusal: &Refusal) -> bool {
    let refuses = refusal.has(StatusCode::NOT_IMPLEMENTED) && !manners.unconditional.load(Ordering::Relaxed);
    manners.unconditional.fetch_or(refuses, Ordering::Relaxed);
    refuses
}

/// What was acknowledged, one ETag a chunk; none where one is missing.
fn etags(completion: &Completion) -> Option<Vec<&str>> {
    let etags: Vec<&str> = completion.receipts.iter().map(|receipt| receipt.0.as_str()).collect();
    let all = etags.len() == completion.layout.count() as usize && etags.iter().all(|etag| !etag.is_empty());
    all.then_some(etags)
}

fn too_early() -> Refusal {
    let error = RemoteError::new(OPERATION, Class::Desync, "not every part is acknowledged yet");
    Refusal { status: None, code: String::new(), error }
}

fn unknown() -> RemoteError {
    RemoteError::new(OPERATION, Class::Expired, "the store no longer knows this upload")
}

/// The store has other parts than the receipts say. What `status` tells then is enough to send them again. Where it
/// tells the very same parts, the store contradicts itself (Garage counts a part that broke off, and does not list it):
/// nothing but a new upload helps.
async fn disagreement(
    store: &Store,
    handle: &Handle,
    id: &str,
    completion: &Completion,
    refusal: Refusal,
) -> Result<RemoteError, RemoteError> {
    let Some(there) = unless("NoSuchUpload", listed(store, OPERATION, &handle.key, id).await)? else {
        return Ok(unknown());
    };
    let told = parts::received(&completion.layout, there).receipts;
    let same = told.iter().map(|(_, receipt)| receipt).eq(completion.receipts.iter());
    if !same {
        return Ok(refusal.error);
    }
    abort(store, OPERATION, &handle.key, id).await?;
    Ok(RemoteError::new(OPERATION, Class::Expired, "the store does not find parts that it lists; it is sent again"))
}

/// Nothing is written over: the film goes under its next name, in an upload of its own, for a key cannot be changed.
async fn name_taken(store: &Store, handle: &Handle) -> RemoteError {
    if let Some(id) = &handle.id
        && let Err(error) = abort(store, OPERATION, &handle.key, id).await
    {
        return error;
    }
    let sentence = "something else took the film's name meanwhile; it is sent again under the next";
    RemoteError::new(OPERATION, Class::Expired, sentence)
}
