//! The types of Pawl's own HTTP protocol, shared by server and clients. Nothing else is in here.
//!
//! Times are RFC 3339 in UTC, sizes are bytes, digests are lower-case hex.

pub mod links;
pub mod uploads;

use serde::{Deserialize, Serialize};

/// A finished or unfinished video, as `GET /api/v1/videos` lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Video {
    /// Its id, for `/api/v1/videos/{id}/content`.
    pub id: String,
    /// What it is called; bytes that are no UTF-8 are shown as U+FFFD.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// BLAKE3 of the whole file in hex; absent while it is unfinished.
    pub blake3: Option<String>,
    /// When it was finished, or begun while it is not; RFC 3339.
    pub created_at: String,
    /// Bytes that are there: `size` when it is finished.
    pub received: u64,
}

/// The answer of `GET /api/v1/videos`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VideoList {
    /// Newest first; the unfinished ones before the finished.
    pub videos: Vec<Video>,
    /// What to pass as `after` for the next page; null on the last.
    pub next: Option<String>,
}

/// The kinds of problem, by their type: a client reacts to these and not to words.
pub mod problems {
    /// There is no such thing here, or no longer, or not for this token.
    pub const NOT_FOUND: &str = "/problems/not-found";
    /// The method is not for this.
    pub const METHOD_NOT_ALLOWED: &str = "/problems/method-not-allowed";
    /// The query, or the body, cannot be understood.
    pub const BAD_REQUEST: &str = "/problems/bad-request";
    /// The server does not answer to that name.
    pub const WRONG_HOST: &str = "/problems/wrong-host";
    /// No token, or one that is not known.
    pub const NO_TOKEN: &str = "/problems/no-token";
    /// The token does not permit it.
    pub const NOT_PERMITTED: &str = "/problems/not-permitted";
    /// The range begins after the last byte.
    pub const RANGE_NOT_SATISFIABLE: &str = "/problems/range-not-satisfiable";
    /// It is not the version that was asked for.
    pub const PRECONDITION_FAILED: &str = "/problems/precondition-failed";
    /// These bytes are not here and nobody is sending them.
    pub const NOT_ARRIVING: &str = "/problems/not-arriving";
    /// The server has something else than the client believes: ask for its status.
    pub const DESYNC: &str = "/problems/desync";
    /// The bytes do not have their digest, or another content stands there.
    pub const CORRUPT: &str = "/problems/corrupt";
    /// A film of that name is there, and it was to be skipped then.
    pub const NAME_TAKEN: &str = "/problems/name-taken";
    /// One request is larger than the server takes.
    pub const TOO_LARGE: &str = "/problems/too-large";
    /// The file is larger than any that the server takes.
    pub const FILE_TOO_LARGE: &str = "/problems/file-too-large";
    /// The owner has as many unfinished uploads as it may have.
    pub const TOO_MANY_UPLOADS: &str = "/problems/too-many-uploads";
    /// The disk, or what the owner may keep, has no room for it.
    pub const NO_SPACE: &str = "/problems/no-space";
    /// Too many requests: later.
    pub const THROTTLED: &str = "/problems/throttled";
    /// The body is of another media type than is taken here.
    pub const WRONG_TYPE: &str = "/problems/wrong-type";
    /// The client speaks a version of the protocol that the server does not.
    pub const WRONG_VERSION: &str = "/problems/wrong-version";
    /// An older request still has the upload.
    pub const HELD: &str = "/problems/held";
    /// The bytes do not have the checksum that came with them; none was kept.
    pub const CHECKSUM_MISMATCH: &str = "/problems/checksum-mismatch";
    /// The body came too slowly, and was cut: what had arrived of it does not count.
    pub const TOO_SLOW: &str = "/problems/too-slow";
    /// A link that this server did not give, or that was altered or ended.
    pub const LINK_INVALID: &str = "/problems/link-invalid";
    /// A link whose time is over.
    pub const LINK_EXPIRED: &str = "/problems/link-expired";
    /// It will never be taken.
    pub const REFUSED: &str = "/problems/refused";
    /// Something failed that may work a moment later.
    pub const UNAVAILABLE: &str = "/problems/unavailable";
    /// The vault cannot be read.
    pub const STORAGE: &str = "/problems/storage";
}

/// An error (RFC 9457, `application/problem+json`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// A stable URI reference that names the kind: `/problems/not-found`.
    #[serde(rename = "type", default)]
    pub kind: String,
    /// The kind in words, always the same.
    #[serde(default)]
    pub title: String,
    /// The HTTP status.
    #[serde(default)]
    pub status: u16,
    /// What happened this time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// With `/problems/no-space`: bytes that the upload still needs, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needed: Option<u64>,
    /// With `/problems/no-space`: bytes that are free, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub free: Option<u64>,
}
