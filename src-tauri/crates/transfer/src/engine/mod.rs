//! The engine: being written.

mod overview;
mod picture;

pub use overview::{Changes, Snapshot, Version};
pub use picture::{Cell, ChunkNote, Picture};
