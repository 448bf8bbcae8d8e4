//! What is inside a film: its tracks, its length, where its index stands, and one frame to know it by.
//!
//! The only room that knows GStreamer. It imports nothing of ours and takes plain paths of regular files. Each look
//! runs on a thread that owns its pipeline and ends it; the caller waits no longer than its [`Limit`] says, whatever a
//! broken film does to a demuxer.

mod average;
mod codecs;
mod error;
mod facts;
pub mod index;
mod limit;
mod poster;
mod probe;

pub use error::MediaError;
pub use facts::{Facts, Track, TrackKind};
pub use limit::{Cancel, Limit};
pub use poster::{Jpeg, MAX_PIXELS, MAX_SIDE, poster};
pub use probe::probe;
