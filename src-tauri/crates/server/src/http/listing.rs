//! `GET /api/v1/uploads`: what is unfinished, for whoever lost its handles or wants to know what lies about.
//!
//! Absent are uploads of tus whose length nobody knows yet, and parts of films: they are at their own address alone.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;
use wire::uploads::{Unfinished, UploadList};

use super::access::Caller;
use super::api::rfc3339;
use super::door::Door;
use super::problem::{Kind, of_vault};
use super::tokens::Scope;
use crate::vault;

/// Whose.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Whose {
    /// An owner's name; everybody's where it is empty.
    owner: Option<String>,
}

/// The caller's own; with `owner`, for admins, another's or everybody's.
#[utoipa::path(
    get, path = "/api/v1/uploads", operation_id = "uploads",
    params(("owner" = Option<String>, Query, description = "For admins: another's, or everybody's where it is empty")),
    responses((status = 200, description = "All that are unfinished", body = UploadList))
)]
pub(super) async fn uploads(
    State(door): State<Door>,
    caller: Caller,
    whose: Result<Query<Whose>, QueryRejection>,
) -> Result<Json<UploadList>, Response> {
    caller.must(Scope::Upload)?;
    let Query(whose) = whose.map_err(|rejection| Kind::BadRequest.because(rejection.body_text()))?;
    let own = caller.owner().0;
    if whose.owner.as_ref().is_some_and(|owner| *owner != own) {
        caller.must(Scope::Admin)?;
    }
    let wanted = |upload: &vault::Unfinished| match &whose.owner {
        Some(owner) => owner.is_empty() || upload.owner.0 == *owner,
        None => upload.owner.0 == own,
    };
    let all = door.vault.unfinished().await.map_err(of_vault)?;
    Ok(Json(UploadList { uploads: all.into_iter().filter(wanted).map(told).collect() }))
}

fn told(upload: vault::Unfinished) -> Unfinished {
    Unfinished {
        handle: upload.handle.0,
        video: upload.object.0,
        owner: upload.owner.0,
        name: upload.name.shown(),
        size: upload.size,
        received: upload.received,
        begun_at: rfc3339(upload.created_at),
        heard_at: rfc3339(upload.heard_at),
    }
}
