//! Fakes and the conformance suite: for the tests of the engine and of every driver.
//!
//! Fakes are whole and small: they keep their port's contract to the letter, so that a test which passes against them
//! says something. Nothing here knows the engine. Everything that looks random follows from a seed.

mod bodies;
pub mod conformance;
mod content;
mod discarding;
mod faulty;
mod film;
mod journal;
mod memory;
mod source;
mod stopping;
#[cfg(test)]
mod tests;

pub use bodies::BrokenBody;
pub use content::{INTERESTING_SIZES, body_of, bytes, cv_of, interesting_sizes, root_of};
pub use discarding::DiscardingRemote;
pub use faulty::{Call, Fault, Faults, FaultyRemote, Step};
pub use film::Film;
pub use journal::MemoryJournal;
pub use memory::{MemoryRemote, MemoryRemotes, Put};
pub use source::MemorySources;
pub use stopping::{NoStop, STOPPED, Stop, StoppingRemote};
