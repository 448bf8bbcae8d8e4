//! The engine: it carries out what [`crate::step`] decides. The only place of this crate where tokio runs.
//!
//! One task, the actor (`actor`), owns every transfer and waits for nothing but messages. Whatever takes time is a
//! task of its own and reports back: the workers (`worker`) each carry one leased chunk from the source to the
//! remote, calls (`calls`) ask the remote everything else, the scribe (`scribe`) writes the journal in order, the
//! intake (`intake`) lets new files in. Channels are bounded, and the actor never waits for room in one.
//!
//! The way of an event: a message arrives, [`step`](crate::step::step) gives the new state and effects, the record is
//! laid down for the journal (`docket`), the effects are carried out. A request that must not leave before its
//! intent is journalled carries the journal's answer with it and waits for that itself.

mod actor;
mod alarms;
mod amending;
mod answers;
mod body;
mod breaker;
mod calls;
mod commands;
mod dispatch;
mod docket;
mod effects;
mod ending;
mod events;
mod flying;
mod gates;
mod governor;
mod handle;
mod hastening;
mod intake;
mod journalling;
mod landings;
mod limiter;
mod line;
mod locating;
mod mending;
mod messages;
mod news;
mod order;
mod outside;
mod overview;
mod picture;
mod portrait;
mod progress;
mod readers;
mod requests;
mod rewrite;
mod sabotage;
mod scribe;
mod session;
mod setback;
mod setup;
mod standing;
mod startup;
mod survey;
mod sweeping;
mod tasks;
mod telling;
mod time;
mod transfer;
mod watchdog;
mod words;
mod worker;

pub use breaker::Cause;
pub use handle::Engine;
pub use locating::Accept;
pub use overview::{Changes, Comparing, Hold, Snapshot, Version};
pub use picture::{Cell, ChunkNote, Picture};
#[cfg(feature = "testing")]
pub use sabotage::Sabotage;
pub use setup::{Clock, Setup, SystemClock};
pub use words::{AddOrder, Added, Command, EngineError, Happening, Refusal, Voucher, What};
