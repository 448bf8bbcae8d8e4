//! Drivers for destinations on the network, against real servers, each held to the suite that the vault passes; and real
//! programs on both ends.

mod files;
mod native;
mod s3;
mod trying;
mod tus;
