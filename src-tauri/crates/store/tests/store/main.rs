//! The two databases from outside: what the ports promise, and what damage, kills and second openers do to it.

mod child;
mod copy;
mod damage;
mod durability;
mod journal;
mod ledger;
mod lock;
mod migrations;
mod samples;
