//! Counting requests as they pass: by the route's template, never by the path that was asked.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;
use bytes::Bytes;
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use prometheus_client::metrics::counter::Counter;

use super::metrics::{Answered, Metrics, Route};

/// Answers, and counts it.
pub(super) async fn measure(State(metrics): State<Arc<Metrics>>, request: Request, next: Next) -> Response {
    let (begun, method) = (Instant::now(), word(request.method()));
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let answer = next.run(request).await;
    let status = answer.status().as_u16();
    metrics.requests.get_or_create(&Answered { method, route: route.clone(), status }).inc();
    let route = Route { route };
    metrics.durations.get_or_create(&route).observe(begun.elapsed().as_secs_f64());
    let sent = metrics.sent.get_or_create(&route).clone();
    answer.map(|body| Body::new(Counted { body, sent }))
}

/// Whoever asks may make up methods, and shall not make up labels.
fn word(method: &Method) -> &'static str {
    let known = [Method::GET, Method::HEAD, Method::PUT, Method::POST, Method::DELETE, Method::PATCH, Method::OPTIONS];
    let words = ["GET", "HEAD", "PUT", "POST", "DELETE", "PATCH", "OPTIONS"];
    known.iter().zip(words).find(|(known, _)| *known == method).map_or("other", |(_, word)| word)
}

/// A body whose bytes are counted as they leave.
#[derive(Debug)]
struct Counted {
    body: Body,
    sent: Counter,
}

impl HttpBody for Counted {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        if let Poll::Ready(Some(Ok(frame))) = &polled {
            self.sent.inc_by(frame.data_ref().map_or(0, |bytes| bytes.len() as u64));
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
