//! Hearing a sender out: whoever is refused while its body is still on the way reads the answer only when it has sent
//! it all. A connection that is closed in its face loses the answer, and "no such upload" would look like a bad link.
//! One whose body did not come to its end carries no other request, and the answer says so (RFC 9112, section 9.6).

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use tokio::time::{Instant, timeout};

use super::pace::{Pace, Walk};

/// How long a stranger is heard out for, and a sender that falls silent.
const PATIENCE: Duration = Duration::from_secs(5);
/// The most bytes of a refused body that are read: those of the longest chunk.
const LONGEST: usize = 65 << 20;

/// Answers; a refusal only after the rest of the body.
pub(super) async fn hear_out(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let lent = Lent::new(body);
    let mut answer = next.run(Request::from_parts(parts, Body::new(lent.clone()))).await;
    match answer.status() {
        status if status.is_success() => {}
        // Who takes longer has had its chance.
        StatusCode::UNAUTHORIZED | StatusCode::REQUEST_TIMEOUT => drop(timeout(PATIENCE, drain(lent.clone())).await),
        _ => drain(lent.clone()).await,
    }
    if !lent.came_to_its_end() {
        answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    answer
}

/// To its end, unless it is too long, too slow or falls silent.
async fn drain(mut body: Lent) {
    let (mut read, mut walk, mut before) = (0, Walk::new(Pace::LEAST), Instant::now());
    while let Ok(Some(Ok(frame))) = timeout(PATIENCE, body.frame()).await {
        let came = frame.data_ref().map_or(0, Bytes::len);
        read += came;
        if read > LONGEST || !walk.step(before.elapsed(), came as u64) {
            return;
        }
        before = Instant::now();
    }
}

/// A body that outlives whoever reads it.
#[derive(Debug, Clone)]
struct Lent(Arc<Mutex<Read>>);

#[derive(Debug)]
struct Read {
    body: Body,
    end: End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Ahead,
    Reached,
    BrokenOff,
}

impl Lent {
    fn new(body: Body) -> Self {
        Self(Arc::new(Mutex::new(Read { body, end: End::Ahead })))
    }

    fn came_to_its_end(&self) -> bool {
        let read = self.read();
        // Who knows the length asks for no piece behind the last.
        read.end == End::Reached || read.end == End::Ahead && read.body.is_end_stream()
    }

    fn read(&self) -> MutexGuard<'_, Read> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl HttpBody for Lent {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let mut read = self.read();
        let polled = Pin::new(&mut read.body).poll_frame(context);
        match polled {
            Poll::Ready(Some(Err(_))) => read.end = End::BrokenOff,
            Poll::Ready(None) if read.end == End::Ahead => read.end = End::Reached,
            Poll::Ready(Some(Ok(_)) | None) | Poll::Pending => {}
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.read().body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.read().body.size_hint()
    }
}
