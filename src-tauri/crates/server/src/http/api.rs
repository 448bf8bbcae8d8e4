//! What `pawl-server` offers: the list of videos, any bytes of each, finished or not; and taking new ones
//! ([`super::uploads`]).

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, Request, State};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use serde::Deserialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use transfer::ids::ObjectId;
use transfer::remote::Remote;
use transfer::units::Timestamp;
use wire::uploads::Server;
use wire::{Video, VideoList};

use super::access::Caller;
use super::content::content;
use super::door::Door;
use super::hearing::hear_out;
use super::measuring::measure;
use super::problem::Kind;
use super::tokens::Scope;
use super::{amending, events, health, links, listing, openapi, uploads, videos};
use crate::ports;
use crate::vault::{Unfinished, Vault, VaultError};

/// Videos in one page, unless the client asks for fewer.
const PAGE: u32 = 100;
/// The most videos in one page.
const LARGEST_PAGE: u32 = 1000;

/// The routes, their doors open.
pub fn router(door: Door) -> Router {
    let metrics = door.metrics.clone();
    unopened().layer(from_fn_with_state(metrics, measure)).with_state(door)
}

/// The same, of no server yet.
pub(super) fn unopened() -> Router<Door> {
    Router::new()
        .route("/api/v1/server", get(about))
        .route("/api/v1/videos", get(list_videos))
        .route("/api/v1/videos/{id}", get(videos::one).delete(videos::delete))
        .route("/api/v1/videos/{id}/content", get(video))
        .route("/api/v1/videos/{id}/links", post(links::make))
        .route("/l/{id}", get(links::follow))
        .route("/api/v1/openapi.json", get(openapi::document))
        .route("/healthz", get(health::lives))
        .route("/readyz", get(health::is_ready))
        .route("/metrics", get(health::metrics))
        .route("/api/v1/uploads", post(uploads::begin).get(listing::uploads))
        .route("/api/v1/uploads/{handle}", get(uploads::status).delete(uploads::abort))
        .route("/api/v1/uploads/{handle}/chunks/{number}", put(uploads::put).layer(from_fn(hear_out)))
        .route("/api/v1/uploads/{handle}/amend", post(amending::amend))
        .route("/api/v1/uploads/{handle}/complete", post(uploads::complete))
        .route("/api/v1/uploads/{handle}/arriving", put(uploads::announce))
        .route("/api/v1/uploads/{handle}/events", get(events::events))
        .merge(super::files::routes())
        .fallback(async || Kind::NotFound)
        .method_not_allowed_fallback(async || Kind::MethodNotAllowed)
}

/// `GET /server`: what it is and takes, and what the token may.
#[utoipa::path(
    get, path = "/api/v1/server", operation_id = "about",
    responses((status = 200, description = "What it is and takes, and what the token may", body = Server))
)]
pub(super) async fn about(State(door): State<Door>, caller: Caller) -> Json<Server> {
    let can = door.vault.capabilities();
    Json(Server {
        product: "pawl".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        chunk_len: (*can.chunk_len.start(), can.preferred_chunk_len, *can.chunk_len.end()),
        max_chunks: can.max_chunks.get(),
        max_size: door.limits.max_size,
        expiry: can.handle_ttl.map(|ttl| ttl.as_secs()),
        scopes: caller.scopes().iter().map(|scope| scope.word().to_owned()).collect(),
    })
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Page {
    after: Option<ObjectId>,
    limit: Option<u32>,
}

/// Videos, newest first; the unfinished ones before the finished.
#[utoipa::path(
    get, path = "/api/v1/videos", operation_id = "videos",
    params(
        ("after" = Option<String>, Query, description = "The id of the last video of the page before"),
        ("limit" = Option<u32>, Query, description = "Finished videos in the page, 1,000 at most"),
    ),
    responses((status = 200, description = "A page of them", body = VideoList))
)]
pub(super) async fn list_videos(
    State(door): State<Door>,
    caller: Caller,
    page: Result<Query<Page>, QueryRejection>,
) -> Result<Response, Response> {
    caller.must(Scope::Read)?;
    let Query(page) = page.map_err(|rejection| Kind::BadRequest.because(rejection.body_text()))?;
    let list = list(&door.vault, &page).await.map_err(|error| Kind::Storage.because(error.to_string()))?;
    Ok(Json(list).into_response())
}

/// The unfinished videos stand before the first page, which may therefore be longer than asked.
async fn list(vault: &Vault, page: &Page) -> Result<VideoList, VaultError> {
    let limit = page.limit.unwrap_or(PAGE).clamp(1, LARGEST_PAGE);
    let unfinished = if page.after.is_none() { vault.unfinished().await? } else { Vec::new() };
    let finished = vault.library(page.after.as_ref(), limit).await?;
    let full = finished.len() == limit as usize;
    let next = finished.last().filter(|_| full).map(|video| video.object.to_string());
    let videos = unfinished.into_iter().map(arriving).chain(finished.into_iter().map(finished_video)).collect();
    Ok(VideoList { videos, next })
}

/// Whoever sends a film may look at it, also without leave to read others.
#[utoipa::path(
    get, path = "/api/v1/videos/{id}/content", operation_id = "content",
    params(("id" = String, Path, description = "The video's id"), ("Range" = Option<String>, Header, description = "RFC 9110, section 14")),
    responses(
        (status = 200, description = "The bytes; HEAD gives the figures alone", body = [u8], content_type = "application/octet-stream"),
        (status = 206, description = "A part of them", body = [u8], content_type = "application/octet-stream"),
        (status = 304, description = "The client has them"),
    )
)]
pub(super) async fn video(
    State(door): State<Door>,
    caller: Caller,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Response> {
    let storage = |error: VaultError| Kind::Storage.because(error.to_string());
    let object = ObjectId(id);
    let found = door.vault.find(&object).await.map_err(storage)?.ok_or_else(|| Kind::NotFound.into_response())?;
    if found.owner != caller.owner() {
        caller.must(Scope::Read)?;
    }
    let reader = door.vault.reader(&object).await.map_err(storage)?;
    Ok(content(request.method(), request.headers(), &found.name, &*reader).await)
}

fn finished_video(video: ports::Video) -> Video {
    Video {
        id: video.object.to_string(),
        name: video.name.shown(),
        size: video.size,
        blake3: Some(video.root.to_string()),
        created_at: rfc3339(video.created_at),
        received: video.size,
    }
}

fn arriving(upload: Unfinished) -> Video {
    Video {
        id: upload.object.to_string(),
        name: upload.name.shown(),
        size: upload.size,
        blake3: None,
        created_at: rfc3339(upload.created_at),
        received: upload.received,
    }
}

/// RFC 3339 in UTC; the epoch for an instant that no calendar has.
pub(super) fn rfc3339(at: Timestamp) -> String {
    let instant = OffsetDateTime::from_unix_timestamp_nanos(i128::from(at.0) * 1_000_000);
    instant.unwrap_or(OffsetDateTime::UNIX_EPOCH).format(&Rfc3339).unwrap_or_default()
}
