//! Public links: made by whoever may read a film, good for everyone who has one, until they expire.

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, Request, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use transfer::ids::ObjectId;
use transfer::units::Timestamp;
use wire::links::{LONGEST, Link, NewLink};

use super::access::Caller;
use super::api::rfc3339;
use super::called::Base;
use super::content::content;
use super::door::Door;
use super::link_keys::Said;
use super::problem::{Kind, of_vault};
use super::sent::Sent;
use super::tokens::Scope;

/// `POST /videos/{id}/links`.
#[utoipa::path(
    post, path = "/api/v1/videos/{id}/links", operation_id = "makeLink", params(("id" = String, Path, description = "The video's id")), request_body = NewLink,
    responses((status = 200, description = "A link for everyone who has it", body = Link))
)]
pub(super) async fn make(
    State(door): State<Door>,
    caller: Caller,
    Path(id): Path<String>,
    base: Result<Base, Response>,
    asked: Result<Sent<NewLink>, Response>,
) -> Result<Response, Response> {
    let object = ObjectId(id);
    let found = door.vault.find(&object).await.map_err(of_vault)?.ok_or_else(|| Kind::NotFound.into_response())?;
    if found.owner != caller.owner() {
        caller.must(Scope::Read)?;
    }
    let (Base(base), Sent(NewLink { expires_in })) = (base?, asked?);
    if expires_in == 0 {
        return Err(Kind::BadRequest.because("a link is good for one second at least"));
    }
    let expires = seconds(door.vault.now()) + expires_in.min(LONGEST).cast_signed();
    let said = Said { object: &object, owner: &found.owner, expires };
    let signature = door.link_keys.sign(said).map_err(|error| Kind::Storage.because(error.to_string()))?;
    let url = format!("{base}/l/{object}?e={expires}&s={signature}");
    Ok(Json(Link { url, expires_at: rfc3339(Timestamp(expires * 1000)) }).into_response())
}

/// What stands behind the `?` of a link.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Signed {
    /// Until when, in seconds since 1970.
    e: i64,
    /// That the server said so.
    s: String,
}

/// `GET`, `HEAD /l/{id}`: the film.
#[utoipa::path(
    get, path = "/l/{id}", operation_id = "followLink", security(()),
    params(
        ("id" = String, Path, description = "The video's id"),
        ("e" = i64, Query, description = "Until when, in seconds since 1970"),
        ("s" = String, Query, description = "The server's signature"),
    ),
    responses(
        (status = 200, description = "The bytes; HEAD gives the figures alone", body = [u8], content_type = "application/octet-stream"),
        (status = 206, description = "A part of them", body = [u8], content_type = "application/octet-stream"),
        (status = 304, description = "The client has them"),
    )
)]
pub(super) async fn follow(
    State(door): State<Door>,
    path: Result<Path<String>, PathRejection>,
    signed: Result<Query<Signed>, QueryRejection>,
    request: Request,
) -> Result<Response, Response> {
    let Path(id) = path.map_err(|_| Kind::NotFound.into_response())?;
    let Query(Signed { e: expires, s: signature }) = signed.map_err(|_| Kind::LinkInvalid.into_response())?;
    let object = ObjectId(id);
    let found = door.vault.find(&object).await.map_err(of_vault)?.ok_or_else(|| Kind::NotFound.into_response())?;
    // Its time is asked after its signature: of a link that was altered nothing is told.
    if !door.link_keys.holds(Said { object: &object, owner: &found.owner, expires }, &signature) {
        return Err(Kind::LinkInvalid.into_response());
    }
    if seconds(door.vault.now()) >= expires {
        return Err(Kind::LinkExpired.into_response());
    }
    let reader = door.vault.reader(&object).await.map_err(of_vault)?;
    Ok(content(request.method(), request.headers(), &found.name, &*reader).await)
}

fn seconds(at: Timestamp) -> i64 {
    at.0.div_euclid(1000)
}
