//! Pawl without a window: what its two programs, `pawl-upload` and `pawl-server`, are made of.
//!
//! [`compose`] puts store, vault and engine together; the window's shell uses it too, so that there is one way to open
//! a vault.

pub mod compose;
pub mod destinations;
pub mod kept;
pub mod logs;
pub mod occasion;
pub mod outside;
pub mod rate;
mod reading;
pub mod receipts;
pub mod secrets;
pub mod serve;
pub mod upload;
