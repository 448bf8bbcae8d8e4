//! Uploads: `/api/v1/uploads`.
//!
//! The client names an upload, so that beginning it twice is beginning it once. The server answers with the handle that
//! all later requests name. Chunks come in any order, any number at once, as often as it takes.

use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

/// The shortest chunk that is taken, but for the last of a file, in bytes.
pub const SHORTEST_CHUNK: u64 = 1 << 20;
/// The chunk to plan with, whatever the size, in bytes: a connection that is reset costs at most one.
pub const BEST_CHUNK: u64 = 4 << 20;
/// The longest chunk that is taken, in bytes.
pub const LONGEST_CHUNK: u64 = 64 << 20;
/// The most chunks of one upload: 64 TiB at the longest; more would make the list of digests too long to hold.
pub const MAX_CHUNKS: NonZeroU32 = NonZeroU32::new(1 << 20).expect("it is not zero");

/// The media type of a chunk's body that ends in its digest: the bytes, then the 32 bytes of the chunk's BLAKE3
/// chaining value (of a one-chunk file: of its root). The server compares before it acknowledges.
pub const CHUNK_WITH_CV: &str = "application/vnd.pawl.chunk-cv";
/// The bytes of such a digest.
pub const CV_LEN: usize = 32;

/// The body of `POST /api/v1/uploads`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewUpload {
    /// The client's own name for it: a UUID (RFC 9562).
    pub id: String,
    /// What the file is called: its bytes, percent-encoded where they are no unreserved characters (RFC 3986).
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// The length of a chunk in bytes: a power of two, 1 MiB to 64 MiB.
    pub chunk_len: u64,
    /// What to do where the name is taken.
    #[serde(default)]
    pub taken: Taken,
}

/// What to do where the name of a film is taken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Taken {
    /// It gets the next free name: `film (2).mov`.
    #[default]
    KeepBoth,
    /// It takes the place of the caller's own film of that name, once it is complete.
    Replace,
    /// It is not begun: `/problems/name-taken`.
    Skip,
}

/// What there is to say about an upload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Upload {
    /// It takes chunks.
    Receiving(Receiving),
    /// It is a video.
    Completed(Completed),
}

/// An upload that takes chunks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Receiving {
    /// Names it in every later request.
    pub handle: String,
    /// The video that it becomes; readable at once.
    pub video: String,
    /// Bytes.
    pub size: u64,
    /// The length of a chunk, in bytes.
    pub chunk_len: u64,
    /// The chunks that are there: runs of numbers, first and last, from 0, in order.
    pub chunks: Vec<(u32, u32)>,
    /// The digests of those chunks, in order, one after the other; base64 (RFC 4648, section 4).
    pub cvs: String,
}

/// An upload that is finished.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Completed {
    /// Names the upload.
    pub handle: String,
    /// The video.
    pub video: String,
}

/// The body of `POST /api/v1/uploads/{handle}/complete`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Complete {
    /// The BLAKE3 of the file in hex, as the client made it. The server's own must be equal.
    pub blake3: String,
    /// Bytes of the file.
    pub size: u64,
    /// The length of its chunks, in bytes.
    pub chunk_len: u64,
    /// What to do where the name is taken by now: `skip` keeps both.
    #[serde(default)]
    pub taken: Taken,
}

/// The body of `POST /api/v1/uploads/{handle}/amend`: the file became another while it was sent. The chunks that are
/// named are kept, all others are taken anew. It may be asked for again, by the handle of before too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Amend {
    /// Bytes until now.
    pub size_before: u64,
    /// Bytes from now on.
    pub size: u64,
    /// The length of a chunk in bytes, as it was begun with.
    pub chunk_len: u64,
    /// A bit a chunk of the new size, the first in the lowest bit of the first byte: set where the chunk is kept. It must be
    /// the same bytes in both sizes. Base64 (RFC 4648, section 4).
    pub keep: String,
}

/// An upload that was amended: a film of its own from now on, for those who watch it too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Amended {
    /// Names it in every later request.
    pub handle: String,
    /// The video that it becomes.
    pub video: String,
}

/// The body of `PUT /api/v1/uploads/{handle}/arriving`: what the sender is about, for those who watch meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Arriving {
    /// Bytes are coming, now or after a wait.
    Yes,
    /// The sender paused it.
    Paused,
    /// It failed and waits for a person.
    Failed,
}

/// The event `wishes` of `GET /api/v1/uploads/{handle}/events`: all that readers wait for now, newest reader first. It
/// comes at once and at every change. The last event of a stream is `end`, with nothing in it: the upload is finished, or
/// no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Wishes {
    /// Byte ranges, half-open: first byte and the one after the last.
    pub ranges: Vec<(u64, u64)>,
}

/// The event `progress` of `GET /api/v1/uploads/{handle}/events`: how much is there now. It comes at once and after every
/// change, a few times a second at most, and holds the whole: who missed one missed nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Progress {
    /// Bytes that are there.
    pub received: u64,
    /// Chunks that are there.
    pub chunks: u32,
}

/// An unfinished upload, as `GET /api/v1/uploads` lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Unfinished {
    /// Names it in every later request.
    pub handle: String,
    /// The video that it becomes.
    pub video: String,
    /// Whose it is: the name of the token that began it; empty for whoever sits at the server.
    pub owner: String,
    /// What it is called; bytes that are no UTF-8 are shown as U+FFFD.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// Bytes that are there.
    pub received: u64,
    /// When it was begun; RFC 3339.
    pub begun_at: String,
    /// When it last received a chunk, or word of its sender; it expires a while after that. RFC 3339.
    pub heard_at: String,
}

/// The answer of `GET /api/v1/uploads`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UploadList {
    /// Newest first; all of them.
    pub uploads: Vec<Unfinished>,
}

/// What this server is and takes: `GET /api/v1/server`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Server {
    /// `pawl`.
    pub product: String,
    /// Its version.
    pub version: String,
    /// The lengths of chunks that it takes, in bytes: shortest, best, longest.
    pub chunk_len: (u64, u64, u64),
    /// The most chunks of one upload.
    pub max_chunks: u32,
    /// The largest file that it takes, in bytes; null for no limit but its disk.
    pub max_size: Option<u64>,
    /// For how many seconds an upload is kept that gets no more bytes; null for ever.
    pub expiry: Option<u64>,
    /// What the token may do: `read`, `upload`, `admin`.
    pub scopes: Vec<String>,
}
