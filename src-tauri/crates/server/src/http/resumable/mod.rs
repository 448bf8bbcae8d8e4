//! Resumable Uploads for HTTP (draft-ietf-httpbis-resumable-upload, up to -12; interop versions 8 and 9) at `/files`.
//!
//! An upload is complete when its sender says so, whatever its offset and length are. The answer to that is the answer
//! of `/files` itself: 201 and the film's id. GET reads the film at its upload's address.
//!
//! What is absent: the interim answer 104, which the draft leaves to a server's ability, for hyper sends none but 100. A
//! client that wants to resume its first request begins with an empty one, `Upload-Complete: ?0`. Interop versions
//! before 8 named and meant the fields otherwise, and are refused.

mod digest;
mod fields;
mod filename;
mod refusals;

use axum::Json;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::door::Door;
use super::files::{Answer, Asked, location, say};
use super::problem::Kind;
use crate::ports::Ending;
use crate::vault::{AppendError, AppendStage, AppendView, NewAppend, NewRole};
use fields::Fields;
use refusals::{inconsistent, not_begun, refused};

/// What the bodies of appends are (section "Media Type").
const BYTES: &str = "application/partial-upload";
const INTEROP_VERSION: &str = "upload-draft-interop-version";
/// The versions that are spoken: of the drafts -09 to -11, and of -12. What they changed binds clients alone.
const VERSIONS: [u64; 2] = [8, 9];

/// Whether a request is one of these.
pub(super) fn is_spoken(headers: &HeaderMap) -> bool {
    let appends = headers.get(header::CONTENT_TYPE).is_some_and(|value| value.as_bytes().starts_with(BYTES.as_bytes()));
    let ours = appends || [INTEROP_VERSION, "upload-complete"].iter().any(|name| headers.contains_key(*name));
    ours && !headers.contains_key("tus-resumable")
}

/// What this server can do (section "Limits").
pub(super) fn offer(door: &Door, response: &mut Response) {
    tell_limits(door, None, response);
    // tus's own type, too: a browser may ask for either.
    say(response, "accept-patch", "application/partial-upload, application/offset+octet-stream");
}

/// Answers a request of who may send.
pub(super) async fn answer(asked: Asked) -> Answer {
    let version = fields::version(&asked.headers)?;
    let answered = match (asked.method.as_str(), &asked.id) {
        ("POST", None) => create(asked).await,
        ("HEAD", Some(_)) => status(asked).await,
        ("PATCH", Some(_)) => append(asked).await,
        ("DELETE", Some(_)) => cancel(asked).await,
        _ => Err(Kind::MethodNotAllowed.into_response()),
    };
    let signed = |mut response| {
        say(&mut response, INTEROP_VERSION, version);
        response
    };
    answered.map(signed).map_err(signed)
}

/// Section "Upload Creation".
async fn create(mut asked: Asked) -> Answer {
    let fields = Fields::of(&asked, 0)?;
    let complete = fields.complete()?;
    asked.must_not_be_larger(fields.length)?;
    let name = filename::of(&asked.headers)?;
    let checksum = digest::of(&asked.headers)?;
    let (vault, most) = (asked.door.vault_of(&asked.caller), asked.door.limits.max_size);
    let length = fields.length;
    let new = NewAppend { name, length, metadata: None, role: NewRole::Whole, ending: Ending::WhenSaid, most };
    let begun = vault.begin_append_with(new, complete, asked.bytes(checksum)).await;
    let view = begun.map_err(|error| not_begun(&error))?;
    let mut response = if complete { film(&view) } else { StatusCode::CREATED.into_response() };
    say(&mut response, "location", location(&view));
    tell_progress(&view, &mut response);
    tell_limits(&asked.door, Some(&view), &mut response);
    Ok(response)
}

/// Section "Offset Retrieval".
async fn status(asked: Asked) -> Answer {
    let view = asked.door.vault_of(&asked.caller).look_at_append(&asked.upload()?).await;
    let view = view.map_err(|error| refused(&error, 0))?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    tell_progress(&view, &mut response);
    if let Some(length) = view.length {
        say(&mut response, "upload-length", length);
    }
    tell_limits(&asked.door, Some(&view), &mut response);
    Ok(response)
}

/// Section "Upload Append".
async fn append(mut asked: Asked) -> Answer {
    if !asked.is_of_type(BYTES) {
        let mut refusal = Kind::WrongType.because(format!("bytes of an upload are {BYTES}"));
        say(&mut refusal, "accept-patch", BYTES);
        return Err(refusal);
    }
    let offset = fields::offset(&asked.headers).ok_or_else(|| Kind::BadRequest.because("Upload-Offset is missing"))?;
    let fields = Fields::of(&asked, offset)?;
    let complete = fields.complete()?;
    asked.must_not_be_larger(fields.length)?;
    let (checksum, id) = (digest::of(&asked.headers)?, asked.upload()?);
    let (vault, most) = (asked.door.vault_of(&asked.caller), asked.door.limits.max_size);
    let (size, body) = (asked.size, asked.bytes(checksum));
    let taken = vault.append(&id, offset, fields.length, most, body).await;
    let view = match taken {
        Ok(view) if complete => vault.complete_append(&id, view.offset().unwrap_or(offset)).await,
        Err(AppendError::Finished(_)) if size != Some(0) => return Err(inconsistent("the upload is complete")),
        taken => taken,
    };
    if let (Err(AppendError::TooLong(_)), None) = (&view, size) {
        // More than its sender had promised came: what is there is nothing that anybody means.
        drop(vault.remove_append(&id).await);
    }
    let view = view.map_err(|error| refused(&error, offset))?;
    let mut response = if complete { film(&view) } else { StatusCode::NO_CONTENT.into_response() };
    tell_progress(&view, &mut response);
    Ok(response)
}

/// Section "Upload Cancellation": of what is unfinished. A film is none that could be cancelled.
async fn cancel(asked: Asked) -> Answer {
    let (vault, id) = (asked.door.vault_of(&asked.caller), asked.upload()?);
    let view = vault.look_at_append(&id).await.map_err(|error| refused(&error, 0))?;
    if view.is_complete() {
        return Err(refused(&AppendError::Finished(view.length.unwrap_or(0)), 0));
    }
    vault.remove_append(&id).await.map_err(|error| refused(&error, 0))?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// What `/files` answers to a film, however it came.
fn film(view: &AppendView) -> Response {
    (StatusCode::CREATED, Json(json!({ "video": view.object.to_string() }))).into_response()
}

fn tell_progress(view: &AppendView, response: &mut Response) {
    say(response, "upload-complete", if view.is_complete() { "?1" } else { "?0" });
    if let Some(offset) = view.offset() {
        say(response, "upload-offset", offset);
    }
}

/// `max-age` of an upload is how long it is kept from now on, if nothing comes.
fn tell_limits(door: &Door, view: Option<&AppendView>, response: &mut Response) {
    let left = view.map(|view| match view.progress {
        AppendStage::Receiving { expires, .. } => Some(door.vault.time_until(expires)),
        AppendStage::Assembling | AppendStage::Complete => None,
    });
    let age = left.unwrap_or_else(|| Some(door.vault.expiry()));
    let limits = [("max-size", door.limits.max_size), ("max-age", age.map(|age| age.as_secs()))];
    if let Some(limits) = fields::dictionary(limits) {
        say(response, "upload-limit", limits);
    }
}
