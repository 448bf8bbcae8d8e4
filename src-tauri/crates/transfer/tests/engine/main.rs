//! The engine against a remote, a journal and files in memory, in paused time: what takes an hour takes a moment.

mod additions;
mod breaker;
mod chaos;
mod drivers;
mod ending;
mod faults;
mod gates;
mod haste;
mod journal;
mod journey;
mod limit;
mod loss;
mod news;
mod order;
mod parallel;
mod picture;
mod restart;
mod source;
mod sweeping;
mod telling;
mod user;
mod wishes;
mod world;
