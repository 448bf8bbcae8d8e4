//! A Pawl server as a destination: its promises, its doors, and the programs on both ends.

mod cached;
mod conformance;
mod doors;
mod keeping;
mod limits;
mod links;
mod many;
mod openapi;
mod operating;
mod programs;
