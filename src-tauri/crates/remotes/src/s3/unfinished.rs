//! The uploads that lie unfinished in our folder of the bucket, whoever began them: a person may give them up, or have a
//! transfer of ours take one over. Nothing of them is done without being asked for.

use jiff::Timestamp;
use rusty_s3::Method;
use transfer::error::{Class, Operation, RemoteError};
use transfer::ids::TransferId;
use transfer::name::FileName;
use transfer::placing::Folders;
use transfer::remote::UploadHandle;

use super::S3;
use super::begin::abort;
use super::handle::Handle;
use super::parts::listed;
use super::store::{Ask, unless};
use super::xml::{self, OpenUpload};

/// Of so many it is asked how much is there: each costs a request.
const MEASURED: usize = 200;

/// An upload that is neither finished nor given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfinished {
    /// The key that its object would have.
    pub key: String,
    /// The store's own name for it.
    pub id: String,
    /// When it was begun, in milliseconds since the Unix epoch, where the store says so.
    pub begun_at: Option<i64>,
    /// Bytes of its parts, where that was asked.
    pub received: Option<u64>,
}

impl S3 {
    /// Those that lie in our folder, in the order of their keys.
    ///
    /// # Errors
    /// The store does not list them.
    pub async fn unfinished(&self) -> Result<Vec<Unfinished>, RemoteError> {
        let mut all = Vec::new();
        for open in self.open_uploads().await? {
            let measured = if all.len() < MEASURED { self.received(&open).await? } else { Some(None) };
            // One that ended while we looked is none.
            if let Some(received) = measured {
                let begun_at = open.begun.and_then(|begun| begun.trim().parse::<Timestamp>().ok());
                let begun_at = begun_at.map(Timestamp::as_millisecond);
                all.push(Unfinished { key: open.key, id: open.id, begun_at, received });
            }
        }
        Ok(all)
    }

    /// Gives one up; one that is gone is as good.
    ///
    /// # Errors
    /// The store does not do it.
    pub async fn give_up(&self, unfinished: &Unfinished) -> Result<(), RemoteError> {
        abort(&self.store, Operation::Abort, &unfinished.key, &unfinished.id).await
    }

    /// Marks it as the upload of that name: who begins under that name finds it and goes on with it. A part of it counts
    /// only once it was sent again, for nobody vouches for what is there.
    ///
    /// # Errors
    /// The store does not take the mark.
    pub async fn adopt(&self, unfinished: &Unfinished, upload: TransferId) -> Result<(), RemoteError> {
        let vouches = self.store.mark(&unfinished.key, &unfinished.id, self.address.parts(), upload).await?;
        let unknown = "this store's checksums are of another kind: a marked upload would not be known again";
        if vouches { Ok(()) } else { Err(RemoteError::new(Operation::Begin, Class::Fatal, unknown)) }
    }

    /// Whether a handle is of that upload.
    pub fn is_of(&self, handle: &UploadHandle, unfinished: &Unfinished) -> bool {
        let handle = Handle::read(Operation::Status, handle).ok();
        handle
            .is_some_and(|handle| handle.key == unfinished.key && handle.id.as_deref() == Some(unfinished.id.as_str()))
    }

    /// The key that a film of that name in these folders gets first.
    pub fn first_key(&self, folders: &Folders, name: &FileName) -> String {
        self.address.key(folders, name, 1)
    }

    /// Every page of the list.
    async fn open_uploads(&self) -> Result<Vec<OpenUpload>, RemoteError> {
        let folder = self.address.folder();
        let mut open: Vec<OpenUpload> = Vec::new();
        loop {
            let last = open.last();
            let mut query = vec![("prefix", folder.as_str()), ("uploads", "")];
            query.extend(
                last.into_iter()
                    .flat_map(|last| [("key-marker", last.key.as_str()), ("upload-id-marker", last.id.as_str())]),
            );
            query.sort_unstable();
            let ask = Ask { method: Method::Get, key: None, query: &query, headers: &[] };
            let page = self.store.read(Operation::Status, self.store.request(ask), xml::uploads).await?;
            // A store that gives its last page again would be asked for ever.
            let stuck = page.items.last().is_none_or(|item| open.last().is_some_and(|last| last.id == item.id));
            open.extend(page.items);
            if !page.more || stuck {
                return Ok(open);
            }
        }
    }

    /// Bytes that are there, without the mark's; none of an upload that is gone.
    async fn received(&self, open: &OpenUpload) -> Result<Option<Option<u64>>, RemoteError> {
        let parts = listed(&self.store, Operation::Status, &open.key, &open.id).await;
        let parts = unless("NoSuchUpload", parts)?;
        let mark = self.address.parts();
        let sum = |parts: Vec<xml::Part>| parts.iter().filter(|part| part.number != mark).map(|part| part.size).sum();
        Ok(parts.map(|parts| Some(sum(parts))))
    }
}
