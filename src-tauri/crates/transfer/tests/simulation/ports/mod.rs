//! The three ports of the engine, in this world.

mod body;
pub(crate) mod journal;
mod lies;
pub(crate) mod remote;
mod sources;
pub(crate) mod store;

pub(crate) use sources::{Condition, Files, Reel, path_of};
