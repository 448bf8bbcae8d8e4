//! The driver trait behind every destination, with flat facts about what a driver can do.
//!
//! The remote is the truth: whatever the journal believes, `status` decides.

use std::fmt;
use std::num::NonZeroU32;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use crate::body::ChunkBody;
use crate::error::RemoteError;
use crate::ids::{DestinationId, ObjectId, TransferId};
use crate::layout::{ByteRange, ChunkIndex, ChunkLayout};
use crate::name::FileName;
use crate::placing::{Placing, Taken};
use crate::range::RangeReader;
use crate::tree::{Cv, Root};

mod amendment;

pub use amendment::Amendment;

/// What a driver wrote down to find its upload again. Opaque to everyone else.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UploadHandle(pub String);

/// What a driver wants to remember of an acknowledged chunk (an S3 ETag, say). Opaque to everyone else.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChunkReceipt(pub String);

/// In which order chunks may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// One after the other from the start.
    Sequential,
    /// So many sequences at once, each in order.
    Lanes(NonZeroU32),
    /// Any order, any number at once.
    AnyOrder,
}

/// What Done rests on, from strongest to weakest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// Only the size was compared: "delivered, not verified".
    SizeOnly,
    /// Every byte was read back and compared.
    ReadBack,
    /// Every part's checksum was equal.
    Parts,
    /// The BLAKE3 roots were equal.
    Root,
}

/// Flat facts about a driver. What a field does not say, the driver cannot do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capabilities {
    /// The chunk lengths that it takes, in bytes (the last chunk may be shorter).
    pub chunk_len: RangeInclusive<u64>,
    /// The chunk length to plan with when it fits, in bytes.
    pub preferred_chunk_len: u64,
    /// The most chunks of one upload.
    pub max_chunks: NonZeroU32,
    /// In which order chunks may come.
    pub order: Order,
    /// Whether a chunk may be sent from its middle on, and what arrived of a broken one is kept.
    pub byte_resume: bool,
    /// Whether an upload is finished with its last byte: `status` then says so before `complete` was asked for.
    pub finishes_itself: bool,
    /// Whether a wrong digest is refused when the chunk arrives.
    pub checksums: bool,
    /// The strongest proof that it can give.
    pub proof: Proof,
    /// Whether ranges of the object can be read.
    pub ranged_read: bool,
    /// How long an unfinished upload is kept after its last byte, if not for ever.
    pub handle_ttl: Option<Duration>,
    /// Whether readers' wishes are told to the sender.
    pub wishes: bool,
    /// Whether it keeps some chunks of an unfinished upload and takes all others anew, when the file became another.
    pub amends: bool,
    /// Whether it looks at names: skips and replaces as [`Taken`] says. Elsewhere the server gives names of its own.
    pub names: bool,
}

/// An upload to begin. The client names it (`transfer`) where the driver permits: beginning twice gives one upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewUpload {
    /// The upload's own name where possible. The engine makes it from the transfer and the file's fingerprint: the same
    /// after a crash, another when the file is another, so that an edited film is never taken for the finished one.
    pub transfer: TransferId,
    /// What the object shall be called.
    pub name: FileName,
    /// In which folders, where the destination has such, and what to do where the name is taken.
    pub placing: Placing,
    /// Size and chunks.
    pub layout: ChunkLayout,
}

/// What the remote has of an upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UploadStatus {
    /// It takes chunks, and holds these.
    Receiving(Received),
    /// It was finished; only the reply was lost.
    Completed(Completed),
    /// It knows nothing of it.
    Unknown,
}

/// What has arrived of an upload.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Received {
    /// The chunks that are there whole, with their digest where the remote knows it.
    pub chunks: Vec<(ChunkIndex, Option<Cv>)>,
    /// Bytes of chunks that are there in part, from each chunk's start (only with `byte_resume`).
    pub partial: Vec<(ChunkIndex, u64)>,
    /// What a put of each chunk was answered with, from a remote that knows no digests but would answer every other
    /// content otherwise: a chunk whose receipt is not the one that we hold is not ours, and is sent again.
    pub receipts: Vec<(ChunkIndex, ChunkReceipt)>,
}

/// One chunk, or its rest, to send.
#[derive(Debug)]
pub struct PutChunk {
    /// The upload.
    pub handle: UploadHandle,
    /// Its layout.
    pub layout: ChunkLayout,
    /// The chunk.
    pub index: ChunkIndex,
    /// The bytes; `body.range()` says which of the chunk's.
    pub body: Box<dyn ChunkBody>,
}

/// An upload whose chunks are all acknowledged, to be finished.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// The upload.
    pub handle: UploadHandle,
    /// Its layout.
    pub layout: ChunkLayout,
    /// Our own root: the remote's must equal it where the remote can prove that.
    pub root: Root,
    /// What the driver gave for each chunk, in order.
    pub receipts: Vec<ChunkReceipt>,
    /// What to do where the name is taken by now; skipping was for the beginning.
    pub taken: Taken,
}

/// A finished object.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Completed {
    /// Where it is.
    pub object: ObjectId,
    /// What that rests on.
    pub proof: Proof,
}

/// The whole current set of wishes of an upload's readers, newest first. An empty list: nobody waits.
pub type Wishes = Arc<[ByteRange]>;

/// A driver for one kind of destination. Every call may be repeated: a lost reply must do no harm.
#[async_trait]
pub trait Remote: Send + Sync + fmt::Debug {
    /// What it can do. Constant.
    fn capabilities(&self) -> Capabilities;

    /// Begins an upload. With the same `transfer` and layout again it gives the same handle where it can.
    async fn begin(&self, upload: &NewUpload) -> Result<UploadHandle, RemoteError>;

    /// What the remote has of it.
    async fn status(&self, handle: &UploadHandle, layout: &ChunkLayout) -> Result<UploadStatus, RemoteError>;

    /// Sends a chunk. `Ok` means: durable, and its digest is right where `checksums` says so.
    async fn put_chunk(&self, put: PutChunk) -> Result<ChunkReceipt, RemoteError>;

    /// Makes an unfinished upload that of another file: keeps the chunks that are named, forgets all others or takes
    /// them again as if they were not there, and has the new length. Gives its handle, which may be another from now on;
    /// requests with the old one do no harm, and `abort` with it still gives the upload up. Durable when it answers, and
    /// repeated it changes nothing. The one way in which acknowledged bytes may be written again. Of an upload that is
    /// finished or unknown: [`Class::Expired`](crate::error::Class::Expired).
    async fn amend(&self, amendment: &Amendment) -> Result<UploadHandle, RemoteError>;

    /// Finishes, exactly once; repeated it finds the object again.
    async fn complete(&self, completion: &Completion) -> Result<Completed, RemoteError>;

    /// Gives an upload up. Of an unknown one: `Ok`.
    async fn abort(&self, handle: &UploadHandle) -> Result<(), RemoteError>;

    /// A reader of a finished object.
    async fn open(&self, object: &ObjectId) -> Result<Arc<dyn RangeReader>, RemoteError>;

    /// The wishes of those who read an unfinished upload, level-triggered; none where `wishes` is false.
    fn wishes(&self, handle: &UploadHandle) -> Option<watch::Receiver<Wishes>>;

    /// Tells the remote whether the sender means to go on, so that its readers wait or end clearly. Best effort.
    async fn announce(&self, handle: &UploadHandle, arriving: Arriving);
}

/// What the sender of an upload is about, for those who read it meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Arriving {
    /// Bytes are coming, now or after a wait.
    Yes,
    /// The sender paused it.
    Paused,
    /// It failed and waits for a person.
    Failed,
}

/// Finds the driver of a destination.
pub trait Remotes: Send + Sync + fmt::Debug {
    /// The driver, or a sentence why there is none.
    fn remote(&self, destination: &DestinationId) -> Result<Arc<dyn Remote>, String>;
}
