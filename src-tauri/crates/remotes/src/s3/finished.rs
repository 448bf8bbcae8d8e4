//! What is at a key: nothing, somebody's object, or the very one that an upload of ours became.
//!
//! An object says whose it is by the name that its upload was given when it was created. A name is made from the
//! transfer and the file's fingerprint, so that an edited film is never taken for the one that is there.

use reqwest::StatusCode;
use reqwest::header::{CONTENT_LENGTH, ETAG, HeaderMap};
use rusty_s3::Method;
use transfer::error::{Operation, RemoteError};
use transfer::ids::TransferId;

use super::refusal::Refusal;
use super::store::{Ask, Store};
use super::xml::bare;

/// The metadata that names the upload.
pub(super) const UPLOAD: &str = "x-amz-meta-pawl-upload";

/// Whose object a film would become.
#[derive(Debug, Clone, Copy)]
pub(super) struct Owner {
    pub(super) upload: TransferId,
    /// Its length in bytes.
    pub(super) size: u64,
}

/// What is at a key.
#[derive(Debug)]
pub(super) enum Found {
    Nothing,
    Foreign,
    Ours(Object),
}

/// An object's facts.
#[derive(Debug)]
pub(super) struct Object {
    pub(super) len: u64,
    /// With its quotes.
    pub(super) etag: String,
    upload: Option<String>,
    encrypted: bool,
}

impl Object {
    fn of(headers: &HeaderMap) -> Option<Self> {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let kms = text("x-amz-server-side-encryption").is_some_and(|how| how.starts_with("aws:kms"));
        Some(Self {
            len: text(CONTENT_LENGTH.as_str())?.parse().ok()?,
            etag: text(ETAG.as_str())?.to_owned(),
            upload: text(UPLOAD).map(str::to_owned),
            encrypted: kms || headers.contains_key("x-amz-server-side-encryption-customer-algorithm"),
        })
    }

    fn is_of(&self, owner: Owner) -> bool {
        self.len == owner.size && self.upload.as_deref() == Some(owner.upload.to_string().as_str())
    }

    /// Whether its ETag is made of MD5s: of one whose upload's handle is gone.
    pub(super) fn vouches(&self) -> bool {
        let tag = bare(&self.etag);
        let sum = tag.split_once('-').map_or(tag.as_str(), |(sum, _)| sum);
        !self.encrypted && sum.len() == 32 && sum.bytes().all(|digit| digit.is_ascii_hexdigit())
    }
}

impl Store {
    /// Looks at a key.
    pub(super) async fn look(&self, operation: Operation, key: &str, owner: Owner) -> Result<Found, RemoteError> {
        Ok(match self.object(operation, key).await? {
            None => Found::Nothing,
            Some(object) if object.is_of(owner) => Found::Ours(object),
            Some(_) => Found::Foreign,
        })
    }

    /// The object at a key, if there is one.
    pub(super) async fn object(&self, operation: Operation, key: &str) -> Result<Option<Object>, RemoteError> {
        let response = self.request(Ask::of(Method::Head, key)).send().await;
        let response = response.map_err(|error| Refusal::unanswered(operation, error))?;
        match response.status() {
            StatusCode::NOT_FOUND => Ok(None),
            status if status.is_success() => {
                Object::of(response.headers()).map(Some).ok_or_else(|| Refusal::unintelligible(operation))
            }
            _ => Err(Refusal::of(operation, response).await.error),
        }
    }
}
