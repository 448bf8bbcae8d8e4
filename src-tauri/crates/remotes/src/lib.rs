//! Drivers for destinations on the network: each implements [`transfer::remote::Remote`] and is held to the same
//! conformance suite as the vault.
//!
//! What they share: one HTTP client a destination ([`Connection`]), one reading of failures (`failure`), a chunk's
//! bytes as a request body that is pulled piece by piece (`outgoing`) and watched while it leaves (`patience`), ranges of
//! an object (`reading`). Before those may stand the blocks that were read already ([`cache`]).
//!
//! Nothing in here retries, waits or writes anything down: the engine does, where a person sees it.

pub mod cache;
#[cfg(test)]
mod canned;
mod connection;
mod failure;
mod link;
pub mod native;
mod outgoing;
mod patience;
pub mod probe;
mod reading;
mod retry_after;
pub mod s3;
pub mod tus;

pub use connection::{Connection, ConnectionError, ConnectionSetup};
pub use link::Link;
