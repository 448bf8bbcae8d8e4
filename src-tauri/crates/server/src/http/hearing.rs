//! Hearing a sender out: whoever is refused while its body is still on the way reads the answer only when it has sent
//! it all. A connection that is closed in its face loses the answer, and "no such upload" would look like a bad link.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::http::StatusCode;
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
    let lent = Lent(Arc::new(Mutex::new(body)));
    let answer = next.run(Request::from_parts(parts, Body::new(lent.clone()))).await;
    match answer.status() {
        status if status.is_success() => {}
        // Who takes longer has had its chance.
        StatusCode::UNAUTHORIZED | StatusCode::REQUEST_TIMEOUT => drop(timeout(PATIENCE, drain(lent)).await),
        _ => drain(lent).await,
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
struct Lent(Arc<Mutex<Body>>);

impl HttpBody for Lent {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let mut body = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Pin::new(&mut *body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).size_hint()
    }
}
