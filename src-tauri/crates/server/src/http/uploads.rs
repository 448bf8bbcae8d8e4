//! `/api/v1/uploads`: begin, ask, send, finish, give up; all of it may be repeated. See [`wire::uploads`].

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;
use transfer::error::{Class, RemoteError};
use transfer::ids::TransferId;
use transfer::layout::{ChunkIndex, ChunkLayout};
use transfer::name::FileName;
use transfer::placing::{Placing, Taken};
use transfer::remote::{self, Completion, PutChunk, Received, Remote, UploadHandle};
use transfer::tree::Cv;
use wire::uploads::{self, Arriving, CHUNK_WITH_CV, Complete, Completed, NewUpload, Receiving, Upload};

use super::access::Caller;
use super::door::Door;
use super::incoming::IncomingChunk;
use super::metrics::Metrics;
use super::paced::Tally;
use super::problem::{Kind, failed};
use super::sent::Sent;
use super::tokens::Scope;
use crate::vault::{Known, OwnedVault};

/// A request, or why not.
type Answer = Result<Response, Response>;

/// `POST /uploads`: the upload; 201, and 200 when it was begun before.
#[utoipa::path(
    post, path = "/api/v1/uploads", operation_id = "beginUpload", request_body = NewUpload,
    responses(
        (status = 201, description = "It is begun", body = Upload),
        (status = 200, description = "It was begun before", body = Upload),
    )
)]
pub(super) async fn begin(
    State(door): State<Door>,
    caller: Caller,
    asked: Result<Sent<NewUpload>, Response>,
) -> Answer {
    caller.must(Scope::Upload)?;
    let Sent(asked) = asked?;
    let (new, vault) = (understood(&asked)?, door.vault_of(&caller));
    let again = vault.has_begun(&new).await.map_err(|error| failed(&error))?;
    // What is there already is never refused: its sender must be able to go on.
    if let Some(most) = door.limits.max_size.filter(|most| !again && asked.size > *most) {
        let said = format!("a film may have {most} bytes here, and this one has {}", asked.size);
        return Err(Kind::FileTooLarge.because(said));
    }
    let handle = vault.begin(&new).await.map_err(|error| not_begun(&error))?;
    let upload = found(&vault, &handle).await?;
    let status = if again { StatusCode::OK } else { StatusCode::CREATED };
    Ok((status, Json(upload)).into_response())
}

/// A full house is this upload's trouble, and no reason for its owner to ask for nothing else.
pub(super) fn not_begun(error: &RemoteError) -> Response {
    match error.class {
        Class::Throttled { .. } => Kind::TooManyUploads.because(error.context.clone()),
        _ => failed(error),
    }
}

fn understood(asked: &NewUpload) -> Result<remote::NewUpload, Response> {
    let bad = |what: String| Kind::BadRequest.because(what);
    let transfer: TransferId = asked.id.parse().map_err(|_| bad("the id is no UUID".into()))?;
    let name = FileName::new(percent_decode_str(&asked.name).collect::<Vec<u8>>());
    let name = name.map_err(|error| bad(format!("the name cannot be one: {error}")))?;
    let layout = ChunkLayout::new(asked.size, asked.chunk_len).map_err(|error| bad(error.to_string()))?;
    let placing = Placing { taken: taken(asked.taken), ..Placing::default() };
    Ok(remote::NewUpload { transfer, name, placing, layout })
}

fn taken(asked: uploads::Taken) -> Taken {
    match asked {
        uploads::Taken::KeepBoth => Taken::KeepBoth,
        uploads::Taken::Replace => Taken::Replace,
        uploads::Taken::Skip => Taken::Skip,
    }
}

/// `GET /uploads/{handle}`: what has arrived; 404 when it is unknown.
#[utoipa::path(
    get, path = "/api/v1/uploads/{handle}", operation_id = "upload", params(("handle" = String, Path, description = "The upload's handle")),
    responses((status = 200, description = "What has arrived, or the video that it became", body = Upload))
)]
pub(super) async fn status(State(door): State<Door>, caller: Caller, Path(handle): Path<String>) -> Answer {
    caller.must(Scope::Upload)?;
    Ok(Json(found(&door.vault_of(&caller), &UploadHandle(handle)).await?).into_response())
}

async fn found(vault: &OwnedVault, handle: &UploadHandle) -> Result<Upload, Response> {
    let known = vault.look(handle).await.map_err(|error| failed(&error))?;
    let handle = handle.0.clone();
    Ok(match known.ok_or_else(|| Kind::NotFound.into_response())? {
        Known::Receiving { layout, object, received } => {
            let (chunks, cvs) = packed(&received);
            let (size, chunk_len) = (layout.size(), layout.chunk_len());
            Upload::Receiving(Receiving { handle, video: object.0, size, chunk_len, chunks, cvs })
        }
        Known::Completed(completed) => Upload::Completed(Completed { handle, video: completed.object.0 }),
    })
}

/// Runs of chunks, and their digests in a row.
fn packed(received: &Received) -> (Vec<(u32, u32)>, String) {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    let mut digests = Vec::new();
    for (index, cv) in received.chunks.iter().filter_map(|(index, cv)| Some((index.get(), (*cv)?))) {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == index => *last = index,
            Some(_) | None => runs.push((index, index)),
        }
        let Cv(bytes) = cv;
        digests.extend_from_slice(&bytes);
    }
    (runs, STANDARD.encode(digests))
}

/// `PUT /uploads/{handle}/chunks/{number}`: 204 once the chunk is durable and its digest right.
#[utoipa::path(
    put, path = "/api/v1/uploads/{handle}/chunks/{number}", operation_id = "putChunk",
    params(("handle" = String, Path, description = "The upload's handle"), ("number" = u32, Path, description = "The chunk's number, from 0")),
    request_body(
        description = "The chunk's bytes; as application/vnd.pawl.chunk-cv the 32 bytes of its digest follow them",
        content(([u8] = "application/octet-stream"), ([u8] = "application/vnd.pawl.chunk-cv"))
    ),
    responses((status = 204, description = "It is on the disk, and its digest right"))
)]
pub(super) async fn put(
    State(door): State<Door>,
    caller: Caller,
    Path((handle, number)): Path<(String, u32)>,
    request: Request,
) -> Answer {
    caller.must(Scope::Upload)?;
    let (vault, handle) = (door.vault_of(&caller), UploadHandle(handle));
    let Some(layout) = vault.layout(&handle) else { return Err(too_late(&vault, &handle).await) };
    let index = layout.index(number).ok_or_else(|| Kind::BadRequest.because("there is no such chunk"))?;
    let body = body(&layout, index, request, door.limits.silence)?.paced(door.limits.pace);
    let mut counting = Counting { metrics: door.metrics, tally: body.tally(), outcome: "broken" };
    let put = PutChunk { handle, layout, index, body: Box::new(body) };
    match vault.put_chunk(put).await {
        Ok(_) => {
            counting.outcome = "taken";
            Ok(StatusCode::NO_CONTENT.into_response())
        }
        Err(error) => Err(counting.refused(&error)),
    }
}

/// Counts a chunk when it has ended, also when its sender hung up in the middle.
struct Counting {
    metrics: Arc<Metrics>,
    tally: Arc<Tally>,
    outcome: &'static str,
}

impl Counting {
    fn refused(&mut self, error: &RemoteError) -> Response {
        if self.tally.was_slow() {
            self.outcome = "slow";
            return Kind::TooSlow.because("the chunk came too slowly: send it again when the link is better");
        }
        self.outcome = match error.class {
            Class::Corrupt => "corrupt",
            Class::NoSpace { .. } => "no_space",
            Class::Transient | Class::Offline | Class::Portal | Class::Throttled { .. } => "broken",
            Class::Desync | Class::Expired | Class::Denied | Class::Taken | Class::TooLarge | Class::Fatal => "refused",
        };
        failed(error)
    }
}

impl Drop for Counting {
    fn drop(&mut self) {
        self.metrics.chunk(self.outcome, self.tally.bytes());
    }
}

/// A chunk of an upload that takes none: finished, or unknown.
async fn too_late(vault: &OwnedVault, handle: &UploadHandle) -> Response {
    match vault.look(handle).await {
        Ok(Some(Known::Completed(_))) => Kind::Desync.because("the upload is finished"),
        Ok(Some(Known::Receiving { .. }) | None) => Kind::NotFound.into_response(),
        Err(error) => failed(&error),
    }
}

/// A length that is stated must be right: a chunk that is too long is refused without being read. (Proxies that cut
/// bodies anew state none; the bytes are counted anyway.)
fn body(
    layout: &ChunkLayout,
    index: ChunkIndex,
    request: Request,
    silence: Duration,
) -> Result<IncomingChunk, Response> {
    let with_cv =
        request.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes() == CHUNK_WITH_CV.as_bytes());
    let (range, expected) = (layout.range(index), IncomingChunk::expected(layout.range(index), with_cv));
    match length(request.headers()) {
        Some(length) if length != expected => {
            Err(Kind::BadRequest.because(format!("the body has {length} bytes, not {expected}")))
        }
        Some(_) | None => Ok(IncomingChunk::new(range, with_cv, request.into_body(), silence)),
    }
}

fn length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// `POST /uploads/{handle}/complete`: 200 with the video, once, and again when asked again.
#[utoipa::path(
    post, path = "/api/v1/uploads/{handle}/complete", operation_id = "completeUpload", params(("handle" = String, Path, description = "The upload's handle")),
    request_body = Complete, responses((status = 200, description = "It is a video", body = Completed))
)]
pub(super) async fn complete(
    State(door): State<Door>,
    caller: Caller,
    Path(handle): Path<String>,
    asked: Result<Sent<Complete>, Response>,
) -> Answer {
    caller.must(Scope::Upload)?;
    let bad = |what: &str| Kind::BadRequest.because(what);
    let Sent(asked) = asked?;
    let root = asked.blake3.parse().map_err(|_| bad("blake3 is no digest in hex"))?;
    let layout = ChunkLayout::new(asked.size, asked.chunk_len).map_err(|error| bad(&error.to_string()))?;
    let handle = UploadHandle(handle);
    let taken = taken(asked.taken);
    let completion = Completion { handle: handle.clone(), layout, root, receipts: Vec::new(), taken };
    let completed = door.vault_of(&caller).complete(&completion).await.map_err(|error| failed(&error))?;
    Ok(Json(Completed { handle: handle.0, video: completed.object.0 }).into_response())
}

/// `DELETE /uploads/{handle}`: 204, also when there is none. An admin gives up anybody's.
#[utoipa::path(
    delete, path = "/api/v1/uploads/{handle}", operation_id = "abortUpload", params(("handle" = String, Path, description = "The upload's handle")),
    responses((status = 204, description = "It is given up, or there was none"))
)]
pub(super) async fn abort(State(door): State<Door>, caller: Caller, Path(handle): Path<String>) -> Answer {
    caller.must(Scope::Upload)?;
    let handle = UploadHandle(handle);
    let aborted = match caller.must(Scope::Admin) {
        Ok(()) => door.vault.withdraw(&handle).await,
        Err(_) => door.vault_of(&caller).abort(&handle).await,
    };
    aborted.map_err(|error| failed(&error))?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `PUT /uploads/{handle}/arriving`: 204.
#[utoipa::path(
    put, path = "/api/v1/uploads/{handle}/arriving", operation_id = "announce", params(("handle" = String, Path, description = "The upload's handle")),
    request_body = Arriving, responses((status = 204, description = "Those who watch know it"))
)]
pub(super) async fn announce(
    State(door): State<Door>,
    caller: Caller,
    Path(handle): Path<String>,
    asked: Result<Sent<Arriving>, Response>,
) -> Answer {
    caller.must(Scope::Upload)?;
    let Sent(asked) = asked?;
    let arriving = match asked {
        Arriving::Yes => remote::Arriving::Yes,
        Arriving::Paused => remote::Arriving::Paused,
        Arriving::Failed => remote::Arriving::Failed,
    };
    door.vault_of(&caller).announce(&UploadHandle(handle), arriving).await;
    Ok(StatusCode::NO_CONTENT.into_response())
}
