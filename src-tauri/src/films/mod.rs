//! What the shell knows of films beside playing them: facts and posters, captions, kept frames, where the person was.
//!
//! All of it is secondary: it runs when the page asks, one look at a time, and what fails here disturbs neither an
//! upload nor the player. A film goes by its [`ContentKey`], so that source and vault share what was found.

mod cache;
pub(crate) mod captions;
pub(crate) mod frames;
mod key;
mod looking;
mod positions;
mod posters;
mod telling;
mod turns;
mod webvtt;

pub(crate) use key::ContentKey;
pub(crate) use looking::Looking;
pub(crate) use positions::Positions;
pub(crate) use posters::{SCHEME, serve};
