//! `GET /api/v1/uploads/{handle}/events`: what happens to an upload, as Server-Sent Events. `wishes` is the whole set of
//! what readers wait for, at once and at every change, so that nobody has to have heard the last one; `end` that there
//! is nothing more to hear.

use std::convert::Infallible;

use axum::extract::{Path, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::{Stream, StreamExt, stream};
use tokio::sync::watch;
use transfer::remote::{self, Remote, UploadHandle};
use wire::uploads::Wishes;

use super::access::Caller;
use super::door::Door;
use super::problem::Kind;
use super::tokens::Scope;

/// More readers than these wait at once for nobody in particular; the newest are told.
const MOST: usize = 64;

/// 404 when the upload is not there, or no longer.
pub(super) async fn events(
    State(door): State<Door>,
    caller: Caller,
    Path(handle): Path<String>,
) -> Result<Response, Response> {
    caller.must(Scope::Upload)?;
    let wishes = door.vault_of(&caller).wishes(&UploadHandle(handle));
    let wishes = wishes.ok_or_else(|| Kind::NotFound.into_response())?;
    let alive = KeepAlive::new().interval(door.heartbeat);
    let stopping = door.stopping.clone().cancelled_owned();
    Ok(Sse::new(told(wishes).take_until(stopping)).keep_alive(alive).into_response())
}

/// The set as it is, then as it becomes, until the upload is no more.
fn told(wishes: watch::Receiver<remote::Wishes>) -> impl Stream<Item = Result<Event, Infallible>> {
    stream::unfold(Some((wishes, true)), |state| async {
        let (mut wishes, first) = state?;
        if !first && wishes.changed().await.is_err() {
            return Some((Ok(Event::default().event("end").data("{}")), None));
        }
        let event = event(&wishes.borrow_and_update());
        Some((Ok(event), Some((wishes, false))))
    })
}

fn event(wishes: &remote::Wishes) -> Event {
    let ranges = wishes.iter().take(MOST).map(|range| (range.start(), range.end())).collect();
    let event = Event::default().event("wishes");
    // Numbers in a list always become JSON.
    event.json_data(Wishes { ranges }).unwrap_or_default()
}
