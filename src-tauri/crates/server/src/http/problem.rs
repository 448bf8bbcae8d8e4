//! Errors as `application/problem+json` (RFC 9457), with types that stay ([`wire::problems`]).

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use transfer::error::{Class, RemoteError};
use transfer::range::ReadError;
use wire::{Problem, problems};

use crate::vault::VaultError;

/// The kinds of problem that this server tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    NotFound,
    MethodNotAllowed,
    BadRequest,
    WrongHost,
    NoToken,
    NotPermitted,
    RangeNotSatisfiable,
    PreconditionFailed,
    NotArriving,
    Desync,
    NameTaken,
    Corrupt,
    TooLarge,
    FileTooLarge,
    TooManyUploads,
    NoSpace,
    Throttled,
    WrongType,
    WrongVersion,
    Held,
    ChecksumMismatch,
    TooSlow,
    LinkInvalid,
    LinkExpired,
    Refused,
    Unavailable,
    Storage,
}

impl Kind {
    /// Its status, its type, its words.
    fn told(self) -> (StatusCode, &'static str, &'static str) {
        use StatusCode as Is;
        match self {
            Self::NotFound => (Is::NOT_FOUND, problems::NOT_FOUND, "There is no such thing here"),
            Self::MethodNotAllowed => {
                (Is::METHOD_NOT_ALLOWED, problems::METHOD_NOT_ALLOWED, "The method is not for this")
            }
            Self::BadRequest => (Is::BAD_REQUEST, problems::BAD_REQUEST, "The request cannot be understood"),
            Self::WrongHost => {
                (Is::MISDIRECTED_REQUEST, problems::WRONG_HOST, "This server does not answer to that name")
            }
            Self::NoToken => (Is::UNAUTHORIZED, problems::NO_TOKEN, "A token that this server knows is needed"),
            Self::NotPermitted => (Is::FORBIDDEN, problems::NOT_PERMITTED, "The token does not permit it"),
            Self::RangeNotSatisfiable => {
                (Is::RANGE_NOT_SATISFIABLE, problems::RANGE_NOT_SATISFIABLE, "The range begins after the last byte")
            }
            Self::PreconditionFailed => {
                (Is::PRECONDITION_FAILED, problems::PRECONDITION_FAILED, "It is not the version that was asked for")
            }
            Self::NotArriving => {
                (Is::SERVICE_UNAVAILABLE, problems::NOT_ARRIVING, "These bytes are not here and nobody is sending them")
            }
            Self::Desync => (Is::CONFLICT, problems::DESYNC, "The server has something else: ask what it has"),
            Self::NameTaken => (Is::CONFLICT, problems::NAME_TAKEN, "A film of that name is here"),
            Self::Corrupt => {
                (Is::UNPROCESSABLE_ENTITY, problems::CORRUPT, "The bytes are not those that were announced")
            }
            Self::TooLarge => (Is::PAYLOAD_TOO_LARGE, problems::TOO_LARGE, "It is larger than this server takes"),
            Self::FileTooLarge => {
                (Is::PAYLOAD_TOO_LARGE, problems::FILE_TOO_LARGE, "The file is too large for this server")
            }
            Self::TooManyUploads => {
                (Is::TOO_MANY_REQUESTS, problems::TOO_MANY_UPLOADS, "Too many uploads are unfinished")
            }
            Self::NoSpace => (Is::INSUFFICIENT_STORAGE, problems::NO_SPACE, "There is no room for it"),
            Self::Throttled => (Is::TOO_MANY_REQUESTS, problems::THROTTLED, "Too much at once: later"),
            Self::WrongType => {
                (Is::UNSUPPORTED_MEDIA_TYPE, problems::WRONG_TYPE, "The body is of another type than is taken here")
            }
            Self::WrongVersion => {
                (Is::PRECONDITION_FAILED, problems::WRONG_VERSION, "This server does not speak that version")
            }
            Self::Held => (Is::LOCKED, problems::HELD, "An older request still has the upload"),
            Self::ChecksumMismatch => {
                (checksum_mismatch(), problems::CHECKSUM_MISMATCH, "The bytes do not have their checksum")
            }
            Self::TooSlow => (Is::REQUEST_TIMEOUT, problems::TOO_SLOW, "It came too slowly and was cut"),
            Self::LinkInvalid => (Is::FORBIDDEN, problems::LINK_INVALID, "This server gave no such link"),
            Self::LinkExpired => (Is::GONE, problems::LINK_EXPIRED, "The link is good no longer"),
            Self::Refused => (Is::UNPROCESSABLE_ENTITY, problems::REFUSED, "It will not be taken"),
            Self::Unavailable => (Is::SERVICE_UNAVAILABLE, problems::UNAVAILABLE, "It failed now and may work later"),
            Self::Storage => (Is::INTERNAL_SERVER_ERROR, problems::STORAGE, "The vault cannot be read"),
        }
    }

    /// The response, with what happened this time.
    pub(super) fn because(self, detail: impl Into<String>) -> Response {
        self.response(Some(detail.into()), (None, None))
    }

    fn response(self, detail: Option<String>, (needed, free): (Option<u64>, Option<u64>)) -> Response {
        let (status, kind, title) = self.told();
        let problem = Problem { kind: kind.into(), title: title.into(), status: status.as_u16(), detail, needed, free };
        let mut response = (status, Json(problem)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if self == Self::NoToken {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl IntoResponse for Kind {
    fn into_response(self) -> Response {
        self.response(None, (None, None))
    }
}

/// 460, which only tus knows.
fn checksum_mismatch() -> StatusCode {
    StatusCode::from_u16(460).unwrap_or(StatusCode::BAD_REQUEST)
}

/// The vault itself did not answer.
pub(super) fn of_vault(error: VaultError) -> Response {
    match error {
        VaultError::Unknown(_) | VaultError::Gone(_) => Kind::NotFound.because(error.to_string()),
        VaultError::Closed => Kind::Unavailable.because(error.to_string()),
        VaultError::Folder { .. }
        | VaultError::Database(_)
        | VaultError::NameTaken(_)
        | VaultError::NoName(_)
        | VaultError::NotMoved { .. } => Kind::Storage.because(error.to_string()),
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

/// What the vault answered to a sender.
pub(super) fn failed(error: &RemoteError) -> Response {
    let kind = match &error.class {
        Class::NoSpace { needed, free } => {
            return Kind::NoSpace.response(Some(error.context.clone()), (*needed, *free));
        }
        Class::Transient | Class::Offline | Class::Portal => Kind::Unavailable,
        Class::Throttled { .. } => Kind::Throttled,
        Class::Desync => Kind::Desync,
        Class::Expired => Kind::NotFound,
        Class::Denied => Kind::NotPermitted,
        Class::Corrupt => Kind::Corrupt,
        Class::Taken => Kind::NameTaken,
        Class::TooLarge => Kind::TooLarge,
        Class::Fatal => Kind::Refused,
    };
    kind.because(error.context.clone())
}
