//! What the vault needs of a database, and no more: a ledger of what has arrived, a catalogue of what is finished.
//!
//! Both are kept narrow so that the same vault can one day stand on other stores. A call returns when its write is
//! durable: an acknowledgement to a client rests on it.

use std::fmt;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use transfer::ids::ObjectId;
use transfer::layout::ByteRange;
use transfer::name::FileName;
use transfer::remote::Arriving;
use transfer::tree::{Cv, Root};
use transfer::units::Timestamp;

/// Why the database did not take or give something.
#[derive(Debug, Error)]
pub enum PortError {
    /// The disk that holds the database is full.
    #[error("the disk is full: cannot {what}")]
    Full {
        /// What it was asked for.
        what: &'static str,
    },
    /// Anything else.
    #[error("the vault's database cannot {what}")]
    Failed {
        /// What it was asked for.
        what: &'static str,
        /// What lay beneath.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// The name of an upload within one vault; a client-made one makes beginning idempotent. Letters, digits, `-`, `_`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UploadId(pub String);

impl fmt::Display for UploadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whose an upload or a video is: the name of the token that brought it. Empty for whoever sits at the vault's own
/// machine.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Owner(pub String);

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How far an upload is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Stage {
    /// It takes bytes.
    Receiving,
    /// It was claimed, verified and is being moved to this name in the vault's folder.
    Publishing {
        /// The name, free when it was chosen.
        name: FileName,
        /// What was verified.
        root: Root,
    },
}

/// An unfinished upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Its name.
    pub id: UploadId,
    /// The object that it becomes; readable at once.
    pub object: ObjectId,
    /// The object that it was to become until it was amended: whoever lost the answer to that asks by it.
    pub amended_from: Option<ObjectId>,
    /// Who sends it.
    pub owner: Owner,
    /// What its sender calls it.
    pub name: FileName,
    /// Bytes in all; none while the sender does not know.
    pub size: Option<u64>,
    /// The length of its chunks, in bytes.
    pub chunk_len: u64,
    /// How far it is.
    pub stage: Stage,
    /// What its sender is about.
    pub arriving: Arriving,
    /// When it began.
    pub created_at: Timestamp,
    /// When it last received something; it expires a while after that.
    pub touched_at: Timestamp,
}

/// Bytes that are on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Which.
    pub range: ByteRange,
    /// The digest of the chunk, where the range is one whole aligned chunk: its number, its digest.
    pub cv: Option<(u32, Cv)>,
    /// Whether a digest that came with the bytes was compared.
    pub vouched: bool,
}

/// What marking found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Marked {
    /// At least one byte of it is new.
    Fresh,
    /// Every byte was there before.
    Duplicate,
}

/// What the ledger holds of an upload.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Arrived {
    /// The ranges on disk, sorted, joined where they touch, and whether a digest vouched for each.
    pub ranges: Vec<(ByteRange, bool)>,
    /// The digests of whole chunks, by number.
    pub cvs: Vec<(u32, Cv)>,
}

/// An unfinished upload as its amendment leaves it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amended {
    /// The object that it becomes from now on.
    pub object: ObjectId,
    /// The one by which its sender knew it.
    pub from: ObjectId,
    /// Bytes in all.
    pub size: u64,
    /// The chunks that stay, in order: their numbers and where they lie.
    pub keep: Vec<(u32, ByteRange)>,
}

/// What claiming the completion of an upload found. Exactly one claim is `Mine`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// This caller publishes.
    Mine,
    /// Another did or does.
    Taken,
    /// No such upload.
    Unknown,
}

/// A finished object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Video {
    /// Its id.
    pub object: ObjectId,
    /// The upload that brought it: a sender who lost the reply finds it by that.
    pub upload: UploadId,
    /// Who sent it.
    pub owner: Owner,
    /// The name of its file in the vault's folder.
    pub name: FileName,
    /// Bytes.
    pub size: u64,
    /// Its BLAKE3.
    pub root: Root,
    /// When it was finished.
    pub created_at: Timestamp,
}

/// A video's file on its way to another name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rename {
    /// Whose.
    pub object: ObjectId,
    /// The name, free when it was chosen.
    pub name: FileName,
}

/// When an upload whose bytes come in order is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Ending {
    /// With its last byte, once its length is known (tus).
    WithLength,
    /// When its sender says so (IETF resumable uploads).
    WhenSaid,
}

/// What an upload whose bytes come in order is for.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Role {
    /// It is a film.
    Whole,
    /// It is a part of one that is put together later; never in the library.
    Part,
    /// It is put together from parts, in this order.
    Assembly {
        /// The parts.
        parts: Vec<UploadId>,
        /// As its sender named them.
        said: String,
    },
}

/// What is told of an upload whose bytes come in order, also when it is a film already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appending {
    /// The upload.
    pub id: UploadId,
    /// Who sends it, or sent it.
    pub owner: Owner,
    /// What its sender said of it, as it was said.
    pub metadata: Option<String>,
    /// What it is for.
    pub role: Role,
    /// When it is complete.
    pub ending: Ending,
}

/// What has arrived.
#[async_trait]
pub trait Ledger: Send + Sync + fmt::Debug {
    /// Writes down a new upload; the one that is there when the id is taken.
    async fn begin(&self, upload: &Upload) -> Result<Upload, PortError>;

    /// Writes down a new upload whose bytes come in order. Its id must be new.
    async fn begin_append(&self, upload: &Upload, appending: &Appending) -> Result<(), PortError>;

    /// What is told of every unfinished upload whose bytes come in order.
    async fn appendings(&self) -> Result<Vec<Appending>, PortError>;

    /// The same of one, finished or not.
    async fn appending(&self, id: &UploadId) -> Result<Option<Appending>, PortError>;

    /// The length of an upload is known now.
    async fn settle(&self, id: &UploadId, size: u64) -> Result<(), PortError>;

    /// Every unfinished upload.
    async fn uploads(&self) -> Result<Vec<Upload>, PortError>;

    /// What has arrived of one; nothing of an unknown one.
    async fn arrived(&self, id: &UploadId) -> Result<Arrived, PortError>;

    /// Bytes that are on disk now, of several uploads perhaps, in one transaction; one answer each, in order.
    /// Marks of an upload that is gone are [`Marked::Duplicate`] and leave nothing.
    async fn mark(&self, marks: &[(UploadId, Mark)], at: Timestamp) -> Result<Vec<Marked>, PortError>;

    /// An upload that takes bytes becomes that of another file: of what had arrived only whole chunks that are kept stay,
    /// all in one transaction.
    async fn amend(&self, id: &UploadId, amended: &Amended, at: Timestamp) -> Result<(), PortError>;

    /// What its sender is about.
    async fn announce(&self, id: &UploadId, arriving: Arriving, at: Timestamp) -> Result<(), PortError>;

    /// Moves a Receiving upload to Publishing, once.
    async fn claim_complete(&self, id: &UploadId, name: &FileName, root: &Root) -> Result<Claim, PortError>;

    /// The claimed name turned out to be taken: publish under this one.
    async fn rename_claim(&self, id: &UploadId, name: &FileName) -> Result<(), PortError>;

    /// The upload is a video now: both change in one transaction.
    async fn publish(&self, video: &Video) -> Result<(), PortError>;

    /// Forgets an upload and what arrived of it.
    async fn remove(&self, id: &UploadId) -> Result<(), PortError>;
}

/// What is finished.
#[async_trait]
pub trait Catalogue: Send + Sync + fmt::Debug {
    /// Videos, newest first, after `after` in that order, at most `limit`.
    async fn videos(&self, after: Option<&ObjectId>, limit: u32) -> Result<Vec<Video>, PortError>;

    /// One by its id.
    async fn video(&self, object: &ObjectId) -> Result<Option<Video>, PortError>;

    /// One by the upload that brought it.
    async fn published(&self, upload: &UploadId) -> Result<Option<Video>, PortError>;

    /// One by the name of its file.
    async fn named(&self, name: &FileName) -> Result<Option<Video>, PortError>;

    /// Bytes of all videos of an owner.
    async fn kept_of(&self, owner: &Owner) -> Result<u64, PortError>;

    /// The renames that were begun and not ended.
    async fn renames(&self) -> Result<Vec<Rename>, PortError>;

    /// Writes down that a video's file is about to be moved; instead of what was begun for it before.
    async fn begin_rename(&self, rename: &Rename) -> Result<(), PortError>;

    /// The file is where it is: the video has its new name with `moved`, its old one without. The rename is forgotten
    /// in the same transaction.
    async fn end_rename(&self, object: &ObjectId, moved: bool) -> Result<(), PortError>;

    /// Forgets a video.
    async fn take_out(&self, object: &ObjectId) -> Result<(), PortError>;

    /// Lists a video again that was taken out. Its name and its upload must be free.
    async fn put_back(&self, video: &Video) -> Result<(), PortError>;
}
