//! A Pawl server as a destination: its promises, its doors, and the programs on both ends.

mod cached;
mod conformance;
mod doors;
mod programs;
