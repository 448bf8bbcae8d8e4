//! Public links: `POST /api/v1/videos/{id}/links`. Whoever has one watches that film until it expires, without a token.

use serde::{Deserialize, Serialize};

/// The longest that a link is good for, in seconds: 30 days. Who asks for more gets this.
pub const LONGEST: u64 = 30 * 24 * 3600;

/// The body of `POST /api/v1/videos/{id}/links`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewLink {
    /// For how many seconds from now it shall be good.
    pub expires_in: u64,
}

/// A link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Link {
    /// Where the film is, for everyone who has this; `GET` and `HEAD`, by ranges.
    pub url: String,
    /// Until when; RFC 3339.
    pub expires_at: String,
}
