//! One video: what is known of it, and its end.

use std::fs;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use transfer::ids::ObjectId;
use wire::Video;

use super::access::Caller;
use super::api::rfc3339;
use super::door::Door;
use super::problem::{Kind, failed, of_vault};
use super::tokens::Scope;
use crate::vault::Found;

/// `GET /videos/{id}`: what is known of it. One's own may be looked at without leave to read others.
#[utoipa::path(
    get, path = "/api/v1/videos/{id}", operation_id = "video", params(("id" = String, Path, description = "The video's id")),
    responses((status = 200, description = "What is known of it", body = Video))
)]
pub(super) async fn one(
    State(door): State<Door>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Video>, Response> {
    let (object, found) = found(&door, id).await?;
    if found.owner != caller.owner() {
        caller.must(Scope::Read)?;
    }
    Ok(Json(Video {
        id: object.0,
        name: found.name.shown(),
        size: found.size,
        blake3: found.root.map(|root| root.to_string()),
        created_at: rfc3339(found.created_at),
        received: found.received,
    }))
}

/// `DELETE /videos/{id}`: 204, and its file is gone for good; of an unfinished one the upload is given up. For whoever
/// sent it and may send, and for admins: to read everything is not to throw it away.
#[utoipa::path(
    delete, path = "/api/v1/videos/{id}", operation_id = "deleteVideo", params(("id" = String, Path, description = "The video's id")),
    responses((status = 204, description = "It is gone for good"))
)]
pub(super) async fn delete(
    State(door): State<Door>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Response> {
    let (object, found) = found(&door, id).await?;
    caller.must(if found.owner == caller.owner() { Scope::Upload } else { Scope::Admin })?;
    if let Some(upload) = door.vault.upload_of(&object) {
        door.vault.withdraw(&upload).await.map_err(|error| failed(&error))?;
        return Ok(StatusCode::NO_CONTENT);
    }
    door.vault.take_out(&object, |path| fs::remove_file(path)).await.map_err(of_vault)?;
    tracing::info!(%object, by = %caller.owner(), "a film was thrown away");
    Ok(StatusCode::NO_CONTENT)
}

async fn found(door: &Door, id: String) -> Result<(ObjectId, Found), Response> {
    let object = ObjectId(id);
    let found = door.vault.find(&object).await.map_err(of_vault)?;
    found.map(|found| (object, found)).ok_or_else(|| Kind::NotFound.into_response())
}
