//! `/files`: uploads by the protocols of others, tus 1.0.0 ([`super::tus`]) and the IETF's resumable uploads
//! ([`super::resumable`]). Which of the two a request speaks, its headers say; both see the same uploads.
//!
//! Here is what they share: who may come in, browsers ([`cors`]), bodies ([`body`]), reading a film at its upload's
//! address.

mod body;
mod cors;

use axum::Router;
use axum::body::Body;
use axum::extract::{FromRequestParts, Path, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::from_fn;
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use hyper::body::Body as _;

use super::access::{Access, Caller};
use super::content::content;
use super::door::{Door, Limits};
use super::hearing::hear_out;
use super::paced::PacedBody;
use super::problem::{Kind, failed};
use super::tokens::Scope;
use super::{resumable, tus};
use crate::ports::UploadId;
use crate::vault::{AppendView, VaultError};

pub(super) use body::{Checksum, IncomingBytes};

/// A request, or why not.
pub(super) type Answer = Result<Response, Response>;

/// A request of somebody who may come in.
pub(super) struct Asked {
    pub(super) door: Door,
    pub(super) caller: Caller,
    /// As it is meant: `X-HTTP-Method-Override` counts.
    pub(super) method: Method,
    pub(super) headers: HeaderMap,
    /// Which upload; none where uploads are created.
    pub(super) id: Option<UploadId>,
    /// Bytes that its body has, where that is known before they come.
    pub(super) size: Option<u64>,
    body: Body,
}

impl Asked {
    /// The bytes that it brings.
    pub(super) fn bytes(&mut self, checksum: Option<Checksum>) -> Box<IncomingBytes> {
        let Limits { silence, pace, .. } = self.door.limits;
        let body = PacedBody::new(std::mem::take(&mut self.body), silence, pace);
        Box::new(IncomingBytes::new(body, self.size, checksum, self.door.stopping.clone()))
    }

    /// The media type of its body, without parameters.
    pub(super) fn is_of_type(&self, media_type: &str) -> bool {
        let said = self.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        said.split(';').next().is_some_and(|said| said.trim().eq_ignore_ascii_case(media_type))
    }

    /// Refuses a length that no upload may have here.
    pub(super) fn must_not_be_larger(&self, length: Option<u64>) -> Result<(), Response> {
        match self.door.limits.max_size.zip(length) {
            Some((most, length)) if length > most => {
                let said = format!("a film may have {most} bytes here, and this one has {length}");
                Err(Kind::FileTooLarge.because(said))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Which upload it is about.
    pub(super) fn upload(&self) -> Result<UploadId, Response> {
        self.id.clone().ok_or_else(|| Kind::MethodNotAllowed.into_response())
    }
}

/// The routes of `/files`.
pub(super) fn routes() -> Router<Door> {
    Router::new()
        .route("/files", any(at_all))
        .route("/files/", any(at_all))
        .route("/files/{id}", any(at_one))
        .layer(from_fn(hear_out))
}

async fn at_all(State(door): State<Door>, request: Request) -> Response {
    answer(door, None, request).await
}

async fn at_one(State(door): State<Door>, Path(id): Path<String>, request: Request) -> Response {
    answer(door, Some(UploadId(id)), request).await
}

async fn answer(door: Door, id: Option<UploadId>, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    let (for_all, ietf) = (matches!(door.access, Access::Tokens(_)), resumable::is_spoken(&parts.headers));
    let method = if ietf { parts.method.clone() } else { tus::method(&parts) };
    let mut response = if method == Method::OPTIONS {
        options(&door)
    } else {
        let answered = served(door, id, method, &mut parts, body).await;
        let mut response = answered.unwrap_or_else(|refusal| refusal);
        if !ietf {
            tus::sign(&mut response);
        }
        response
    };
    // Where everybody may come in who reaches the address, pages of other origins must not.
    if for_all {
        cors::allow(&parts.headers, &mut response);
    }
    response
}

/// What both can do, for whoever asks: nobody needs a token to learn it, for browsers ask before they show one.
fn options(door: &Door) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    tus::offer(door, &mut response);
    resumable::offer(door, &mut response);
    response
}

async fn served(door: Door, id: Option<UploadId>, method: Method, parts: &mut Parts, body: Body) -> Answer {
    let caller = Caller::from_request_parts(parts, &door).await?;
    let size = body.size_hint().exact();
    let asked = Asked { door, caller, method, headers: parts.headers.clone(), id, size, body };
    if asked.method == Method::GET {
        return read(asked).await;
    }
    asked.caller.must(Scope::Upload)?;
    if resumable::is_spoken(&asked.headers) { resumable::answer(asked).await } else { tus::answer(asked).await }
}

/// The bytes of the film that an upload is, or becomes: for who sent it, and for who may read all.
async fn read(asked: Asked) -> Answer {
    let storage = |error: VaultError| Kind::Storage.because(error.to_string());
    let unknown = || Kind::NotFound.into_response();
    let (id, vault) = (asked.upload()?, &asked.door.vault);
    let film = vault.film_of_append(&id).await.map_err(|error| failed(&error))?;
    let (owner, object) = film.ok_or_else(unknown)?;
    if owner != asked.caller.owner() {
        asked.caller.must(Scope::Read)?;
    }
    let found = vault.find(&object).await.map_err(storage)?.ok_or_else(unknown)?;
    let reader = vault.reader(&object).await.map_err(storage)?;
    Ok(content(&asked.method, &asked.headers, &found.name, &*reader).await)
}

/// Where an upload is. Relative, so that it holds behind a proxy too.
pub(super) fn location(view: &AppendView) -> String {
    format!("/files/{}", view.told.id)
}

/// A header's number: decimal digits and nothing else.
pub(super) fn number(headers: &HeaderMap, name: &str) -> Option<u64> {
    let text = headers.get(name)?.to_str().ok()?.trim();
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

/// Adds a header; one that cannot be is left out.
pub(super) fn say(response: &mut Response, name: &'static str, value: impl ToString) {
    if let Ok(value) = HeaderValue::from_str(&value.to_string()) {
        response.headers_mut().insert(name, value);
    }
}
