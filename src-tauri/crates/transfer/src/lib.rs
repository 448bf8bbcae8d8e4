//! The centre of Pawl: how a file becomes an object, chunk by chunk, over any link.
//!
//! Three layers, each knowing only those before it:
//! * pure bookkeeping ([`layout`], [`tree`], [`chunk_map`], [`state`], [`step`], [`error`], [`retry`], [`name`],
//!   [`receipt`]):
//!   synchronous, no I/O, clock and randomness are parameters;
//! * ports ([`remote`], [`source`], [`range`], [`journal`], [`body`]): what the engine needs of the world;
//! * [`engine`]: the actor and its workers, the only place where tokio runs.
//!
//! Nothing in this crate knows HTTP, SQL, GStreamer or a window.

pub mod body;
pub mod chunk_map;
pub mod engine;
pub mod error;
pub mod ids;
pub mod journal;
pub mod layout;
pub mod name;
pub mod placing;
pub mod range;
pub mod receipt;
pub mod remote;
pub mod retry;
pub mod source;
pub mod state;
pub mod step;
#[cfg(feature = "testing")]
pub mod testing;
pub mod tree;
pub mod units;
