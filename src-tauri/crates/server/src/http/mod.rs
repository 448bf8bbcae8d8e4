//! HTTP: byte ranges of films, strictly by RFC 9110, on loopback for the player and on the network for everyone with a
//! token, who may send films too.
//!
//! The invariant: a body is streamed piece by piece and never read whole; a dropped connection drops the read.

mod access;
mod amending;
mod api;
mod bounds;
mod called;
mod conditions;
mod content;
mod door;
mod events;
mod files;
mod guard;
mod health;
mod hearing;
mod incoming;
mod link_keys;
mod links;
mod listing;
mod loopback;
mod measuring;
mod media_type;
mod metrics;
mod openapi;
mod own_file;
mod pace;
mod paced;
mod problem;
mod range;
mod resumable;
mod sent;
mod serve;
#[cfg(test)]
mod tests;
mod tls;
mod tokens;
mod tus;
mod uploads;
mod videos;

pub use access::Access;
pub use api::router;
pub use bounds::Bounds;
pub use called::{Called, NoPublicUrl, PublicUrl};
pub use door::{Door, Limits};
pub use link_keys::LinkKeys;
pub use loopback::{Loopback, Offer};
pub use own_file::OwnFileError;
pub use pace::Pace;
pub use serve::Serving;
pub use tls::{Tls, TlsError};
pub use tokens::{Scope, Token, TokenError, TokenFile};
