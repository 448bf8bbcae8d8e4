//! What `pawl-server` offers: the list of videos, and any bytes of each, finished or not.

use std::net::SocketAddr;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, Request, State};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use transfer::ids::ObjectId;
use transfer::units::Timestamp;
use wire::{Video, VideoList};

use super::content::content;
use super::guard::loopback_names;
use super::problem::Kind;
use crate::ports;
use crate::vault::{Unfinished, Vault};

/// Videos in one page, unless the client asks for fewer.
const PAGE: u32 = 100;
/// The most videos in one page.
const LARGEST_PAGE: u32 = 1000;

/// The routes of `/api/v1` for a server on loopback at `address`.
pub fn router(vault: Vault, address: SocketAddr) -> Router {
    Router::new()
        .route("/api/v1/videos", get(videos))
        .route("/api/v1/videos/{id}/content", get(video))
        .fallback(async || Kind::NotFound)
        .method_not_allowed_fallback(async || Kind::MethodNotAllowed)
        .layer(from_fn_with_state(address, loopback_names))
        .with_state(vault)
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Page {
    after: Option<ObjectId>,
    limit: Option<u32>,
}

async fn videos(State(vault): State<Vault>, page: Result<Query<Page>, QueryRejection>) -> Response {
    let page = match page {
        Ok(Query(page)) => page,
        Err(rejection) => return Kind::BadQuery.because(rejection.body_text()),
    };
    match list(&vault, &page).await {
        Ok(list) => Json(list).into_response(),
        Err(error) => Kind::Storage.because(error.to_string()),
    }
}

/// The unfinished videos stand before the first page, which may therefore be longer than asked.
async fn list(vault: &Vault, page: &Page) -> Result<VideoList, crate::vault::VaultError> {
    let limit = page.limit.unwrap_or(PAGE).clamp(1, LARGEST_PAGE);
    let unfinished = if page.after.is_none() { vault.unfinished().await? } else { Vec::new() };
    let finished = vault.library(page.after.as_ref(), limit).await?;
    let full = finished.len() == limit as usize;
    let next = finished.last().filter(|_| full).map(|video| video.object.to_string());
    let videos = unfinished.into_iter().map(arriving).chain(finished.into_iter().map(finished_video)).collect();
    Ok(VideoList { videos, next })
}

async fn video(State(vault): State<Vault>, Path(id): Path<String>, request: Request) -> Response {
    let object = ObjectId(id);
    let found = match vault.find(&object).await {
        Ok(Some(found)) => found,
        Ok(None) => return Kind::NotFound.into_response(),
        Err(error) => return Kind::Storage.because(error.to_string()),
    };
    match vault.reader(&object).await {
        Ok(reader) => content(request.method(), request.headers(), &found.name, &*reader).await,
        Err(error) => Kind::Storage.because(error.to_string()),
    }
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
fn rfc3339(at: Timestamp) -> String {
    let instant = OffsetDateTime::from_unix_timestamp_nanos(i128::from(at.0) * 1_000_000);
    instant.unwrap_or(OffsetDateTime::UNIX_EPOCH).format(&Rfc3339).unwrap_or_default()
}
