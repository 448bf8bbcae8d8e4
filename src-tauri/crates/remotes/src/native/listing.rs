//! What lies unfinished at a Pawl server.

use reqwest::Method;
use transfer::error::{Class, Operation, RemoteError};
use transfer::ids::ObjectId;
use transfer::remote::UploadHandle;
use transfer::units::Timestamp;
use wire::uploads;

use super::Native;
use super::answers::{answered, instant, parsed, problem};

/// An upload that lies unfinished, for a screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfinished {
    /// Names it, to give it up.
    pub handle: UploadHandle,
    /// What it is called, safe to show.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// Bytes that are there.
    pub received: u64,
    /// When it was begun.
    pub begun_at: Timestamp,
    /// When it last received a chunk, or word of its sender.
    pub heard_at: Timestamp,
}

impl Native {
    /// The object that an upload is or becomes, readable at once; none when the server does not know the upload.
    ///
    /// # Errors
    /// As of every request.
    pub async fn object_of(&self, handle: &UploadHandle) -> Result<Option<ObjectId>, RemoteError> {
        let answer = match answered(Operation::Read, self.upload(Method::GET, handle, &[])).await {
            Err(error) if error.class == Class::Expired => return Ok(None),
            answer => answer?,
        };
        Ok(Some(ObjectId(match parsed(Operation::Read, answer).await? {
            uploads::Upload::Receiving(receiving) => receiving.video,
            uploads::Upload::Completed(completed) => completed.video,
        })))
    }

    /// What this token's owner has unfinished there, newest first.
    ///
    /// # Errors
    /// `Denied` where the token does not permit sending.
    pub async fn unfinished(&self) -> Result<Vec<Unfinished>, RemoteError> {
        let answer = answered(Operation::Status, self.request(Method::GET, &["uploads"])).await?;
        let list: uploads::UploadList = parsed(Operation::Status, answer).await?;
        let read = list.uploads.into_iter().map(read).collect::<Option<Vec<_>>>();
        read.ok_or_else(|| problem(Operation::Status, "the server's list has times that are none"))
    }
}

fn read(upload: uploads::Unfinished) -> Option<Unfinished> {
    let uploads::Unfinished { handle, name, size, received, begun_at, heard_at, .. } = upload;
    let (begun_at, heard_at) = (instant(&begun_at)?, instant(&heard_at)?);
    Some(Unfinished { handle: UploadHandle(handle), name, size, received, begun_at, heard_at })
}
