//! The types that cross to the window. TypeScript is generated from them (`make bindings`), never written by hand.
//!
//! They say what a person may see, not how the core keeps it: numbers of bytes fit in a JavaScript number (2^53),
//! names are made safe to show, times are milliseconds since the Unix epoch.

mod destinations;
mod errors;
mod feed;
mod films;
mod history;
mod transfers;
mod vaults;

pub use destinations::*;
pub use errors::*;
pub use feed::*;
pub use films::*;
pub use history::*;
pub use transfers::*;
pub use vaults::*;
