//! The means of the tests that take more than one crate: disks that forget, films, programs, mounts.
//!
//! Nothing here knows what is tested; it only makes the world in which it happens.

pub mod films;
pub mod forgetful;
pub mod house;
pub mod killing;
pub mod mounts;
pub mod power;
pub mod programs;
pub mod recording;
pub mod vaults;
pub mod window;
