//! The destinations that a person set up: what the app and `pawl-upload` share. [`Book`] is the file that keeps them,
//! [`Entry`] one of them, [`Driver`] what is opened from one and its secret, [`recognised()`] reads a pasted text.
//!
//! Nothing in here holds a secret but for the call that needs it.

mod book;
mod entry;
mod opening;
mod place;
mod recognised;

pub use book::{Book, Contents};
pub use entry::{Entry, EntryError};
pub use opening::{Driver, open, probed};
pub use place::{Place, Style};
pub use recognised::{Recognised, recognised};
