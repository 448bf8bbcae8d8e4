//! Errors as `application/problem+json` (RFC 9457), with types that stay.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use transfer::range::ReadError;
use wire::Problem;

/// The kinds of problem that this server tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    NotFound,
    MethodNotAllowed,
    BadQuery,
    WrongHost,
    RangeNotSatisfiable,
    PreconditionFailed,
    NotArriving,
    Storage,
}

impl Kind {
    fn status(self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::BadQuery => StatusCode::BAD_REQUEST,
            Self::WrongHost => StatusCode::MISDIRECTED_REQUEST,
            Self::RangeNotSatisfiable => StatusCode::RANGE_NOT_SATISFIABLE,
            Self::PreconditionFailed => StatusCode::PRECONDITION_FAILED,
            Self::NotArriving => StatusCode::SERVICE_UNAVAILABLE,
            Self::Storage => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::NotFound => ("/problems/not-found", "There is no such thing here"),
            Self::MethodNotAllowed => ("/problems/method-not-allowed", "This can only be read"),
            Self::BadQuery => ("/problems/bad-query", "The query cannot be understood"),
            Self::WrongHost => ("/problems/wrong-host", "This server does not answer to that name"),
            Self::RangeNotSatisfiable => ("/problems/range-not-satisfiable", "The range begins after the last byte"),
            Self::PreconditionFailed => ("/problems/precondition-failed", "It is not the version that was asked for"),
            Self::NotArriving => ("/problems/not-arriving", "These bytes are not here and nobody is sending them"),
            Self::Storage => ("/problems/storage", "The vault cannot be read"),
        }
    }

    /// The response, with what happened this time.
    pub(super) fn because(self, detail: impl Into<String>) -> Response {
        self.response(Some(detail.into()))
    }

    fn response(self, detail: Option<String>) -> Response {
        let (kind, title) = self.words();
        let problem = Problem { kind: kind.into(), title: title.into(), status: self.status().as_u16(), detail };
        let mut response = (self.status(), Json(problem)).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        response
    }
}

impl IntoResponse for Kind {
    fn into_response(self) -> Response {
        self.response(None)
    }
}

/// A read that failed before its first byte left.
pub(super) fn unreadable(error: &ReadError) -> Response {
    match error {
        ReadError::Gone => Kind::NotFound.because(error.to_string()),
        ReadError::NotArriving(_) => Kind::NotArriving.because(error.to_string()),
        ReadError::OutOfRange { .. } => Kind::RangeNotSatisfiable.because(error.to_string()),
        ReadError::Changed | ReadError::Io { .. } => Kind::Storage.because(error.to_string()),
    }
}
