//! What whoever runs the server asks it: does it live, can it take films, what does it count.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::access::Caller;
use super::door::Door;
use super::problem::Kind;
use super::tokens::Scope;

/// For so long the disk is not tried again: everybody may ask.
const REMEMBERED: Duration = Duration::from_secs(1);

/// What the disk was like when it was last tried.
#[derive(Debug, Clone, Default)]
pub(super) struct Tried(Arc<Mutex<Option<Trial>>>);

#[derive(Debug, Clone)]
struct Trial {
    at: Instant,
    /// Bytes that are free, or why nothing can be written.
    found: Result<u64, String>,
}

/// `GET /healthz`: the process lives.
#[utoipa::path(
    get, path = "/healthz", operation_id = "lives", security(()),
    responses((status = 200, description = "The process lives", body = String, content_type = "text/plain"))
)]
pub(super) async fn lives() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: films can be taken; 503 with the reason where not.
#[utoipa::path(
    get, path = "/readyz", operation_id = "isReady", security(()),
    responses((status = 200, description = "Films can be taken", body = String, content_type = "text/plain"))
)]
pub(super) async fn is_ready(State(door): State<Door>) -> Response {
    match reason(&door).await {
        None => "ok\n".into_response(),
        Some(reason) => Kind::Unavailable.because(reason),
    }
}

/// Why no films can be taken.
async fn reason(door: &Door) -> Option<String> {
    if door.leaving.is_cancelled() {
        return Some("the server is stopping".to_owned());
    }
    if !door.vault.is_open() {
        return Some("the vault is closed".to_owned());
    }
    let least = door.limits.least_free;
    match free(door).await {
        Err(error) => Some(format!("the vault's disk cannot be written: {error}")),
        Ok(free) if free < least => Some(format!("the vault's disk has {free} bytes free, and {least} are wanted")),
        Ok(_) => None,
    }
}

async fn free(door: &Door) -> Result<u64, String> {
    let Tried(tried) = &door.tried;
    let known = tried.lock().unwrap_or_else(PoisonError::into_inner).clone();
    if let Some(trial) = known.filter(|trial| trial.at.elapsed() < REMEMBERED) {
        return trial.found;
    }
    let found = door.vault.try_disk().await.map_err(|error: io::Error| error.to_string());
    *tried.lock().unwrap_or_else(PoisonError::into_inner) = Some(Trial { at: Instant::now(), found: found.clone() });
    found
}

/// `GET /metrics`: for admins, which everybody is where no token is asked for. That somebody asks at this machine is no
/// reason: a proxy there that says nothing of itself asks for the world.
#[utoipa::path(
    get, path = "/metrics", operation_id = "metrics", security((), ("token" = [])),
    responses((
        status = 200, description = "Counts, as OpenMetrics 1.0.0", body = String,
        content_type = "application/openmetrics-text"
    ))
)]
pub(super) async fn metrics(State(door): State<Door>, caller: Caller) -> Result<Response, Response> {
    caller.must(Scope::Admin)?;
    let uploads = door.vault.unfinished().await.map_err(super::problem::of_vault)?.len();
    let text = door.metrics.told(uploads, free(&door).await.ok());
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    Ok(([(header::CONTENT_TYPE, kind)], text).into_response())
}
