//! The part that says whose an open upload is.
//!
//! A store lists open uploads by key and id alone, and two films of one name want one key. So the last number that a
//! part may have is given to a part of 32 bytes, the upload's name: by its ETag an upload is known again after a
//! crash, and its key is taken as long as it is open. It is never named when the upload is finished, and goes with it.
//! What lost: a marker object beside the films, which a person would find and wonder about; the id of the upload alone,
//! which a crash between the store's answer and the journal forgets.
//!
//! The answer also shows what the store's ETags are: where it is not the MD5 of those bytes (a bucket with SSE-KMS),
//! no part can be proven by it. There a mark is not recognised either, and beginning twice leaves one empty upload.

use rusty_s3::Method;
use transfer::error::{Operation, RemoteError};
use transfer::ids::TransferId;

use super::parts::listed;
use super::store::{Ask, Store, etag, unless};
use super::sum::Sum;
use super::xml::Part;

/// Whose an open upload is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    Ours,
    Others,
    /// Empty, and marked by nobody: of a begin that is under way or was cut, or of another program.
    Nobodys,
    /// It ended while we looked.
    Gone,
}

impl Store {
    /// Marks an upload as this one's. Gives whether ETags are MD5s here.
    pub(super) async fn mark(&self, key: &str, id: &str, number: u16, upload: TransferId) -> Result<bool, RemoteError> {
        let (number, name) = (number.to_string(), upload.to_string());
        let right = Sum::of(name.as_bytes()).hex();
        let query = [("partNumber", number.as_str()), ("uploadId", id)];
        let request = self.request(Ask::of(Method::Put, key).query(&query)).body(name);
        let response = self.send(Operation::Begin, request).await?;
        Ok(etag(Operation::Begin, response).await? == right)
    }

    /// Whose it is.
    pub(super) async fn whose(
        &self,
        key: &str,
        id: &str,
        number: u16,
        upload: TransferId,
    ) -> Result<Whose, RemoteError> {
        let Some(parts) = unless("NoSuchUpload", listed(self, Operation::Begin, key, id).await)? else {
            return Ok(Whose::Gone);
        };
        let right = Sum::of(upload.to_string().as_bytes()).hex();
        Ok(match parts.iter().find(|part| part.number == number) {
            Some(Part { etag, .. }) if *etag == right => Whose::Ours,
            None if parts.is_empty() => Whose::Nobodys,
            Some(_) | None => Whose::Others,
        })
    }
}
