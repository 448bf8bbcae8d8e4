//! A JSON body: short, soon, and of the type that is wanted; or why not.

use std::time::Duration;

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::Body as _;
use serde::de::DeserializeOwned;
use tokio::time::timeout;

use super::door::Door;
use super::problem::Kind;

/// What was sent.
#[derive(Debug)]
pub(super) struct Sent<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest<Door> for Sent<T> {
    type Rejection = Response;

    async fn from_request(request: Request, door: &Door) -> Result<Self, Response> {
        said(request, door.limits.json_len, door.limits.json_time).await.map(Self)
    }
}

/// The same of a request whose body may be longer, or takes longer.
pub(super) async fn said<T: DeserializeOwned>(
    request: Request,
    longest: usize,
    patience: Duration,
) -> Result<T, Response> {
    if !is_json(request.headers()) {
        return Err(Kind::BadRequest.because("the body must be application/json, and say so"));
    }
    let body = timeout(patience, whole(request.into_body(), longest)).await;
    let late = || format!("the body was not whole within {} s", patience.as_secs());
    let body = body.map_err(|_| Kind::TooSlow.because(late()))??;
    let said = serde_json::from_slice(&body);
    said.map_err(|error| Kind::BadRequest.because(format!("the body is not what is wanted: {error}")))
}

async fn whole(body: Body, longest: usize) -> Result<Bytes, Response> {
    let too_large = || Kind::TooLarge.because(format!("a body may have {longest} bytes here"));
    // One that says so itself is not read.
    if body.size_hint().lower() > longest as u64 {
        return Err(too_large());
    }
    let collected = Limited::new(body, longest).collect().await;
    collected.map(|whole| whole.to_bytes()).map_err(|error| match error.is::<LengthLimitError>() {
        true => too_large(),
        false => Kind::BadRequest.because("the body ended early"),
    })
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}
