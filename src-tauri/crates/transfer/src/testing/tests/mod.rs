//! The fakes against their own contracts, and the suite against remotes that break theirs.

mod conformance;
mod faulty;
mod journal;
mod memory;
mod sabotage;
mod source;
mod stopping;
