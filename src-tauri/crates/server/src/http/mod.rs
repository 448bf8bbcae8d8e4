//! HTTP: byte ranges of films, strictly by RFC 9110, on loopback for the player and on the network for everyone with a
//! token, who may send films too.
//!
//! The invariant: a body is streamed piece by piece and never read whole; a dropped connection drops the read.

mod access;
mod api;
mod conditions;
mod content;
mod door;
mod events;
mod files;
mod guard;
mod hearing;
mod incoming;
mod loopback;
mod media_type;
mod problem;
mod range;
mod resumable;
mod serve;
#[cfg(test)]
mod tests;
mod tls;
mod tokens;
mod tus;
mod uploads;

pub use access::Access;
pub use api::router;
pub use door::{Door, Limits};
pub use loopback::{Loopback, Offer};
pub use serve::Serving;
pub use tls::{Tls, TlsError};
pub use tokens::{Scope, Token, TokenError, TokenFile};
