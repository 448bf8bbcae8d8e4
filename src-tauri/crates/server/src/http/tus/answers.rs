//! What tus says of an upload, and how it says no.

use std::time::{Duration, UNIX_EPOCH};

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use transfer::units::Timestamp;

use super::super::files::say;
use super::super::problem::{Kind, failed};
use super::super::uploads;
use super::concat;
use crate::vault::{AppendError, AppendStage, AppendView};

/// Everything (section "HEAD").
pub(super) fn tell(view: &AppendView, response: &mut Response) {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(offset) = view.offset() {
        say(response, "upload-offset", offset);
    }
    match view.length {
        Some(length) => say(response, "upload-length", length),
        None if view.progress == AppendStage::Assembling => {}
        None => say(response, "upload-defer-length", 1),
    }
    if let Some(metadata) = &view.told.metadata {
        say(response, "upload-metadata", metadata);
    }
    if let Some(concat) = concat::said(&view.told.role) {
        say(response, "upload-concat", concat);
    }
    tell_expiry(view, response);
}

/// When it is given up, where it will be.
pub(super) fn tell_expiry(view: &AppendView, response: &mut Response) {
    match view.progress {
        AppendStage::Receiving { expires, .. } => say(response, "upload-expires", http_date(expires)),
        AppendStage::Assembling | AppendStage::Complete => {}
    }
}

/// RFC 9110, section 5.6.7.
fn http_date(Timestamp(millis): Timestamp) -> String {
    let since = Duration::from_millis(u64::try_from(millis).unwrap_or(0));
    httpdate::fmt_http_date(UNIX_EPOCH + since)
}

/// Why no upload was begun.
pub(super) fn not_begun(error: &AppendError) -> Response {
    match error {
        AppendError::Failed(error) => uploads::not_begun(error),
        error => refused(error),
    }
}

/// Why a request to an upload was not carried out.
pub(super) fn refused(error: &AppendError) -> Response {
    let because = |kind: Kind| kind.because(error.to_string());
    match error {
        AppendError::Unknown => Kind::NotFound.into_response(),
        AppendError::Offset(offset) => {
            let mut refusal = because(Kind::Desync);
            say(&mut refusal, "upload-offset", offset);
            refusal
        }
        AppendError::Finished(_) | AppendError::Superseded => because(Kind::Desync),
        AppendError::TooLong(_) => because(Kind::TooLarge),
        AppendError::TooLarge(_) => because(Kind::FileTooLarge),
        AppendError::OtherLength(_)
        | AppendError::NoPart(_)
        | AppendError::PartTaken(_)
        | AppendError::TooManyParts(_) => because(Kind::BadRequest),
        AppendError::Assembly => because(Kind::NotPermitted),
        AppendError::Held => because(Kind::Held),
        AppendError::Wrong => because(Kind::ChecksumMismatch),
        AppendError::Broken => because(Kind::Unavailable),
        AppendError::Failed(error) => failed(error),
    }
}
