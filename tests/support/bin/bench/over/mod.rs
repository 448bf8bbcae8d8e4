//! Over a link that is long, or breaks, or is held to a limit: how much of it a film gets.

mod limits;
mod long;
mod watch;

pub(crate) use limits::of_speed;
pub(crate) use long::against_a_plain_copy;
