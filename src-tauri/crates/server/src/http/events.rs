//! `GET /api/v1/uploads/{handle}/events`: what happens to an upload, as Server-Sent Events. `wishes` is the whole set of
//! what readers wait for, at once and at every change, so that nobody has to have heard the last one; `progress` what is
//! there, a few times a second at most; `end` that there is nothing more to hear.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::{Stream, StreamExt, stream};
use tokio::sync::watch;
use tokio::time::Instant;
use transfer::remote::{self, Remote, UploadHandle};
use wire::uploads::{self, Wishes};

use super::access::Caller;
use super::door::Door;
use super::problem::Kind;
use super::tokens::Scope;
use crate::vault::{Count, Progress};

/// More readers than these wait at once for nobody in particular; the newest are told.
const MOST: usize = 64;
/// Between two words of progress.
const BREATH: Duration = Duration::from_millis(250);

/// 404 when the upload is not there, or no longer.
#[utoipa::path(
    get, path = "/api/v1/uploads/{handle}/events", operation_id = "events", params(("handle" = String, Path, description = "The upload's handle")),
    responses((
        status = 200, content_type = "text/event-stream", body = String,
        description = "The events wishes (Wishes), progress (Progress) and, last, end"
    ))
)]
pub(super) async fn events(
    State(door): State<Door>,
    caller: Caller,
    Path(handle): Path<String>,
) -> Result<Response, Response> {
    caller.must(Scope::Upload)?;
    let (vault, handle) = (door.vault_of(&caller), UploadHandle(handle));
    let watched = vault.wishes(&handle).zip(vault.progress(&handle));
    let (wishes, progress) = watched.ok_or_else(|| Kind::NotFound.into_response())?;
    let alive = KeepAlive::new().interval(door.heartbeat);
    let stopping = door.stopping.clone().cancelled_owned();
    let telling = Telling { wishes, progress, begun: false, told: None, next: Instant::now() };
    Ok(Sse::new(telling.events().take_until(stopping)).keep_alive(alive).into_response())
}

/// What was told of an upload, and what there is to tell next.
#[derive(Debug)]
struct Telling {
    wishes: watch::Receiver<remote::Wishes>,
    progress: Progress,
    /// Whether the first set of wishes was told.
    begun: bool,
    told: Option<Count>,
    /// Not before this instant does progress come again.
    next: Instant,
}

impl Telling {
    /// The set as it is, then as it becomes, and progress as it is made, until the upload is no more.
    fn events(self) -> impl Stream<Item = Result<Event, Infallible>> {
        stream::unfold(Some(self), |telling| async {
            let mut telling = telling?;
            match telling.event().await {
                Some(event) => Some((Ok(event), Some(telling))),
                None => Some((Ok(Event::default().event("end").data("{}")), None)),
            }
        })
    }

    /// The next event; none when the upload is no more.
    async fn event(&mut self) -> Option<Event> {
        if !std::mem::replace(&mut self.begun, true) {
            return Some(event(&self.wishes.borrow_and_update()));
        }
        loop {
            let now = self.progress.now()?;
            tokio::select! {
                changed = self.wishes.changed() => {
                    changed.ok()?;
                    return Some(event(&self.wishes.borrow_and_update()));
                }
                () = tokio::time::sleep_until(self.next), if self.told != Some(now) => {
                    (self.told, self.next) = (Some(now), Instant::now() + BREATH);
                    return Some(progress(now));
                }
                () = self.progress.changed() => {}
            }
        }
    }
}

fn progress(Count { received, chunks }: Count) -> Event {
    // Numbers always become JSON.
    Event::default().event("progress").json_data(uploads::Progress { received, chunks }).unwrap_or_default()
}

fn event(wishes: &remote::Wishes) -> Event {
    let ranges = wishes.iter().take(MOST).map(|range| (range.start(), range.end())).collect();
    let event = Event::default().event("wishes");
    // Numbers in a list always become JSON.
    event.json_data(Wishes { ranges }).unwrap_or_default()
}
