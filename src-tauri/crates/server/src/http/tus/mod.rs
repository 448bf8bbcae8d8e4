//! tus 1.0.0 (<https://tus.io/protocols/resumable-upload>) at `/files`: core, creation, creation-with-upload,
//! creation-defer-length, expiration, checksum, termination, concatenation, concatenation-unfinished.
//!
//! An upload is complete with its last byte and is a film of the library then, under the name in its metadata; its
//! address stays good for asking, and GET reads the film. DELETE takes the film away as well, as `termination` says.
//! What is absent: `checksum-trailer` (proxies drop trailers), and any word of an upload to another than its owner.

mod answers;
mod checksum;
mod concat;
mod metadata;

use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use transfer::name::FileName;

use super::door::Door;
use super::files::{Answer, Asked, location, number, say};
use super::problem::Kind;
use crate::ports::Ending;
use crate::vault::{AppendError, AppendView, NewAppend, NewRole};
use answers::{not_begun, refused, tell, tell_expiry};

/// The one version that is spoken.
const VERSION: &str = "1.0.0";
const EXTENSIONS: &str = "creation,creation-with-upload,creation-defer-length,expiration,checksum,termination,\
    concatenation,concatenation-unfinished";
/// What bodies are (section "PATCH").
const BYTES: &str = "application/offset+octet-stream";

/// The method as it is meant: `X-HTTP-Method-Override` wins.
pub(super) fn method(parts: &Parts) -> Method {
    let said = parts.headers.get("x-http-method-override");
    said.and_then(|said| Method::from_bytes(said.as_bytes()).ok()).unwrap_or_else(|| parts.method.clone())
}

/// Says which version an answer is in.
pub(super) fn sign(response: &mut Response) {
    say(response, "tus-resumable", VERSION);
}

/// What this server can do (section "OPTIONS").
pub(super) fn offer(door: &Door, response: &mut Response) {
    sign(response);
    say(response, "tus-version", VERSION);
    say(response, "tus-extension", EXTENSIONS);
    say(response, "tus-checksum-algorithm", checksum::ALGORITHMS);
    if let Some(most) = door.limits.max_size {
        say(response, "tus-max-size", most);
    }
}

/// Answers a request of who may send.
pub(super) async fn answer(asked: Asked) -> Answer {
    if asked.headers.get("tus-resumable").is_none_or(|version| version != VERSION) {
        let mut refusal = Kind::WrongVersion.because(format!("it is tus {VERSION} that is spoken here"));
        say(&mut refusal, "tus-version", VERSION);
        return Err(refusal);
    }
    match (asked.method.as_str(), &asked.id) {
        ("POST", None) => create(asked).await,
        ("HEAD", Some(_)) => status(asked).await,
        ("PATCH", Some(_)) => patch(asked).await,
        ("DELETE", Some(_)) => terminate(asked).await,
        _ => Err(Kind::MethodNotAllowed.into_response()),
    }
}

async fn create(mut asked: Asked) -> Answer {
    let most = asked.door.limits.max_size;
    let new = NewAppend { most, ..understood(&asked.headers)? };
    asked.must_not_be_larger(new.length)?;
    let brings_bytes = asked.is_of_type(BYTES);
    let assembly = matches!(new.role, NewRole::Assembly { .. });
    match (brings_bytes, asked.size) {
        (false, size) if size != Some(0) => {
            return Err(Kind::WrongType.because(format!("bytes of an upload are {BYTES}")));
        }
        (true, Some(1..)) if assembly => {
            return Err(Kind::BadRequest.because("what is put together from parts takes no bytes itself"));
        }
        _ => {}
    }
    let checksum = checksum::of(&asked.headers)?;
    let vault = asked.door.vault_of(&asked.caller);
    let begun = if brings_bytes && !assembly {
        vault.begin_append_with(new, false, asked.bytes(checksum)).await
    } else {
        vault.begin_append(new).await
    };
    let view = begun.map_err(|error| not_begun(&error))?;
    let mut response = StatusCode::CREATED.into_response();
    say(&mut response, "location", location(&view));
    if let Some(offset) = view.offset().filter(|_| brings_bytes) {
        say(&mut response, "upload-offset", offset);
    }
    tell_expiry(&view, &mut response);
    Ok(response)
}

fn understood(headers: &HeaderMap) -> Result<NewAppend, Response> {
    let role = concat::role(headers)?;
    let length = length(headers, &role)?;
    let said = headers.get("upload-metadata").map(|value| value.to_str().map(str::to_owned));
    let bad = |what: &str| Kind::BadRequest.because(what);
    let said = said.transpose().map_err(|_| bad("Upload-Metadata is no text"))?;
    let name = said.as_deref().map(metadata::name).transpose().map_err(|why| bad(&why))?.flatten();
    let name = name.map_or_else(unnamed, |name| FileName::new(name).map_err(|why| bad(&format!("the name: {why}"))))?;
    Ok(NewAppend { name, length, metadata: said, role, ending: Ending::WithLength, most: None })
}

/// Whoever gives no name gets one.
fn unnamed() -> Result<FileName, Response> {
    FileName::new("upload").map_err(|why| Kind::BadRequest.because(why.to_string()))
}

/// `Upload-Length`, or the word that it comes later; neither where the parts say it.
fn length(headers: &HeaderMap, role: &NewRole) -> Result<Option<u64>, Response> {
    let bad = |what: &str| Err(Kind::BadRequest.because(what));
    let said = headers.get("upload-length").map(|_| number(headers, "upload-length"));
    let deferred = headers.get("upload-defer-length").map(|value| value.as_bytes() == b"1");
    match (role, said, deferred) {
        (NewRole::Assembly { .. }, None, None) => Ok(None),
        (NewRole::Assembly { .. }, _, _) => bad("what is put together from parts has their length"),
        (_, Some(Some(length)), None) => Ok(Some(length)),
        (_, None, Some(true)) => Ok(None),
        (_, Some(None), _) => bad("Upload-Length is no number of bytes"),
        (_, _, Some(false)) => bad("Upload-Defer-Length is 1 or not there"),
        (_, None, None) => bad("Upload-Length, or Upload-Defer-Length: 1, is missing"),
        (_, Some(_), Some(true)) => bad("Upload-Length and Upload-Defer-Length exclude each other"),
    }
}

async fn status(asked: Asked) -> Answer {
    let view = asked.door.vault_of(&asked.caller).look_at_append(&asked.upload()?).await;
    let view = view.map_err(|error| refused(&error))?;
    let mut response = StatusCode::OK.into_response();
    tell(&view, &mut response);
    Ok(response)
}

async fn patch(mut asked: Asked) -> Answer {
    if !asked.is_of_type(BYTES) {
        return Err(Kind::WrongType.because(format!("bytes of an upload are {BYTES}")));
    }
    let bad = |what: &str| Kind::BadRequest.because(what);
    let offset = number(&asked.headers, "upload-offset").ok_or_else(|| bad("Upload-Offset is missing"))?;
    let length = asked.headers.get("upload-length").map(|_| number(&asked.headers, "upload-length"));
    let length = length.map(|said| said.ok_or_else(|| bad("Upload-Length is no number of bytes"))).transpose()?;
    asked.must_not_be_larger(length)?;
    let (checksum, id) = (checksum::of(&asked.headers)?, asked.upload()?);
    let (vault, most) = (asked.door.vault_of(&asked.caller), asked.door.limits.max_size);
    let (size, body) = (asked.size, asked.bytes(checksum));
    match vault.append(&id, offset, length, most, body).await {
        Ok(view) => Ok(taken(&view)),
        Err(AppendError::Finished(there)) => finished(offset, there, size),
        Err(error) => Err(refused(&error)),
    }
}

fn taken(view: &AppendView) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    if let Some(offset) = view.offset() {
        say(&mut response, "upload-offset", offset);
    }
    tell_expiry(view, &mut response);
    response
}

/// Nothing more at the end of a finished upload is taken, as nothing.
fn finished(offset: u64, there: u64, sent: Option<u64>) -> Answer {
    if offset != there {
        return Err(refused(&AppendError::Offset(there)));
    }
    if sent != Some(0) {
        return Err(refused(&AppendError::TooLong(there)));
    }
    let mut response = StatusCode::NO_CONTENT.into_response();
    say(&mut response, "upload-offset", there);
    Ok(response)
}

async fn terminate(asked: Asked) -> Answer {
    let removed = asked.door.vault_of(&asked.caller).remove_append(&asked.upload()?).await;
    removed.map_err(|error| refused(&error))?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
