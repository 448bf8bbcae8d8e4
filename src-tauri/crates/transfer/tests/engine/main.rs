//! The engine against a remote, a journal and files in memory, in paused time: what takes an hour takes a moment.

mod journey;
mod world;
