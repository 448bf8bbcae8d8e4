//! How a request is refused: the draft's own problem types (section "Problem Types"), and ours.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::super::files::say;
use super::super::problem::{Kind, failed};
use super::super::uploads;
use crate::vault::AppendError;

const MISMATCHING_OFFSET: &str = "https://iana.org/assignments/http-problem-types#mismatching-upload-offset";
const INCONSISTENT_LENGTH: &str = "https://iana.org/assignments/http-problem-types#inconsistent-upload-length";
const COMPLETED: &str = "https://iana.org/assignments/http-problem-types#completed-upload";

/// Why no upload was begun.
pub(super) fn not_begun(error: &AppendError) -> Response {
    match error {
        AppendError::Failed(error) => uploads::not_begun(error),
        error => refused(error, 0),
    }
}

/// Lengths that exclude each other.
pub(super) fn inconsistent(detail: &str) -> Response {
    let title = "inconsistent length values for upload";
    problem(StatusCode::BAD_REQUEST, json!({ "type": INCONSISTENT_LENGTH, "title": title, "detail": detail }))
}

/// Why a request to an upload, with bytes from `provided` on, was not carried out.
pub(super) fn refused(error: &AppendError, provided: u64) -> Response {
    let because = |kind: Kind| kind.because(error.to_string());
    match error {
        AppendError::Unknown => Kind::NotFound.into_response(),
        AppendError::Offset(expected) => mismatching(*expected, provided),
        AppendError::TooLong(_) | AppendError::OtherLength(_) => inconsistent(&error.to_string()),
        AppendError::Finished(_) => completed(),
        AppendError::Superseded => because(Kind::Desync),
        AppendError::TooLarge(_) => because(Kind::FileTooLarge),
        AppendError::NoPart(_) | AppendError::PartTaken(_) | AppendError::TooManyParts(_) => because(Kind::BadRequest),
        AppendError::Assembly => because(Kind::NotPermitted),
        AppendError::Held => because(Kind::Held),
        AppendError::Wrong => because(Kind::Corrupt),
        AppendError::Broken => because(Kind::Unavailable),
        AppendError::Failed(error) => failed(error),
    }
}

fn mismatching(expected: u64, provided: u64) -> Response {
    let mut refusal = problem(
        StatusCode::CONFLICT,
        json!({
            "type": MISMATCHING_OFFSET,
            "title": "offset from request does not match offset of resource",
            "expected-offset": expected,
            "provided-offset": provided,
        }),
    );
    say(&mut refusal, "upload-offset", expected);
    refusal
}

fn completed() -> Response {
    let mut refusal =
        problem(StatusCode::BAD_REQUEST, json!({ "type": COMPLETED, "title": "upload is already completed" }));
    say(&mut refusal, "upload-complete", "?1");
    refusal
}

/// RFC 9457. The status is repeated in the body, as its section 3.1.2 allows.
fn problem(status: StatusCode, mut body: Value) -> Response {
    body["status"] = status.as_u16().into();
    let mut response = (status, Json(body)).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    response
}
