//! The types of Pawl's own HTTP protocol, shared by server and clients. Nothing else is in here.
//!
//! Times are RFC 3339 in UTC, sizes are bytes, digests are lower-case hex.

use serde::{Deserialize, Serialize};

/// A finished or unfinished video, as `GET /api/v1/videos` lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
pub struct VideoList {
    /// Newest first; the unfinished ones before the finished.
    pub videos: Vec<Video>,
    /// What to pass as `after` for the next page; null on the last.
    pub next: Option<String>,
}

/// An error (RFC 9457, `application/problem+json`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// A stable URI reference that names the kind: `/problems/not-found`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind in words, always the same.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened this time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}
