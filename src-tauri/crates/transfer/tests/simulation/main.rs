//! The real engine in a simulated world: paused time, a seeded remote, files and journal, and a process that dies.
//!
//! A history follows from one number alone: the kind of driver, the films, the limits, the weather on the link, what
//! the person presses, and the port calls at which the process dies. In every history the laws (`laws`) must hold at
//! each step, and once nothing fails any more every film must arrive.
//!
//! `PAWL_SEED=17 cargo test -p transfer --features testing --test simulation histories` plays one history again;
//! `PAWL_SEED` and `PAWL_HISTORIES` together so many from there on.

mod additions;
mod books;
mod fate;
mod film;
mod histories;
mod history;
mod kinds;
mod laws;
mod plan;
mod ports;
mod sabotage;
mod script;
mod trouble;
mod weathering;
mod world;
