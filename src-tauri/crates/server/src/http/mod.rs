//! HTTP: byte ranges of films, strictly by RFC 9110, on loopback for the player and for `pawl-server`.
//!
//! The invariant: a body is streamed piece by piece and never read whole; a dropped connection drops the read.

mod api;
mod conditions;
mod content;
mod guard;
mod loopback;
mod media_type;
mod problem;
mod range;
mod serve;
#[cfg(test)]
mod tests;

pub use api::router;
pub use loopback::{Loopback, Offer};
pub use serve::Serving;
