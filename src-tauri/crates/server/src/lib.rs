//! The vault and its doors: a folder that keeps films for certain, and an HTTP server that reads any second of them.
//!
//! [`vault::Vault`] implements [`transfer::remote::Remote`] in process; [`http`] puts ranges of its objects on the
//! network or, with a token in the path, on this machine's loopback for the window's player.
//!
//! Nothing in here knows SQL or a window; what the vault keeps stands behind [`ports`].

pub mod http;
pub mod ports;
pub mod vault;
