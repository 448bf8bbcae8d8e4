//! What a store refuses and why, in the engine's classes: by the error's code where there is one, else by the status.
//! Invariant: of an error's body only code, message and region are kept, for it may repeat signatures and keys.

use std::time::SystemTime;

use reqwest::header::HeaderMap;
use reqwest::{Response, StatusCode};
use transfer::error::{Class, Operation, RemoteError};

use super::verdict::{PORTAL, judged};
use super::xml::{self, Said};
use crate::failure;

/// A request that did not succeed.
#[derive(Debug)]
pub(super) struct Refusal {
    /// None when no answer came.
    pub(super) status: Option<StatusCode>,
    /// The store's code; empty when it gave none.
    pub(super) code: String,
    pub(super) error: RemoteError,
}

impl From<Refusal> for RemoteError {
    fn from(refusal: Refusal) -> Self {
        refusal.error
    }
}

impl Refusal {
    pub(super) fn unanswered(operation: Operation, error: reqwest::Error) -> Self {
        Self { status: None, code: String::new(), error: failure::unanswered(operation, error) }
    }

    /// An answer that is no success.
    pub(super) async fn of(operation: Operation, response: Response) -> Self {
        let (status, headers) = (response.status(), response.headers().clone());
        let text = response.text().await.unwrap_or_default();
        let said = xml::error(&text).unwrap_or_default();
        Self::said(operation, status, &headers, said)
    }

    /// An error, under whatever status it came.
    pub(super) fn said(operation: Operation, status: StatusCode, headers: &HeaderMap, said: Said) -> Self {
        let (class, sentence) = judged(&said, status, headers, SystemTime::now());
        let cause = format!("{status} {} {}", said.code, said.message);
        Self {
            status: Some(status),
            code: said.code,
            error: RemoteError::new(operation, class, sentence).because(cause),
        }
    }

    /// A page for people came, and said it was a success.
    pub(super) fn portal(operation: Operation) -> Self {
        let error = RemoteError::new(operation, Class::Portal, PORTAL);
        Self { status: None, code: String::new(), error }
    }

    /// Success, but not of the form that the protocol has.
    pub(super) fn unintelligible(operation: Operation) -> RemoteError {
        RemoteError::new(operation, Class::Transient, "the store's answer makes no sense")
    }

    pub(super) fn is(&self, code: &str) -> bool {
        self.code == code
    }

    pub(super) fn has(&self, status: StatusCode) -> bool {
        self.status == Some(status)
    }
}
