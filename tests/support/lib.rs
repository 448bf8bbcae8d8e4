//! The means of the tests that take more than one crate: disks that forget, films, programs, mounts.
//!
//! Nothing here knows what is tested; it only makes the world in which it happens.

pub mod bad_link;
pub mod checking_tus;
pub mod far;
pub mod fickle_link;
pub mod films;
pub mod forgetful;
pub mod garage;
pub mod house;
pub mod http;
pub mod killing;
pub mod lying;
pub mod mounts;
pub mod pawl_server;
pub mod power;
pub mod programs;
pub mod recording;
pub mod system_bus;
pub mod tus_clients;
pub mod tus_server;
pub mod vaults;
pub mod window;
