//! One transfer's chunks, to draw or to read aloud.

use crate::error::Trouble;
use crate::layout::{ByteRange, ChunkLayout};
use crate::units::Timestamp;

/// How a chunk stands. The discriminants are what crosses to the window, a byte a chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Cell {
    /// Still to come.
    Pending = 0,
    /// Leased: being read or on its way.
    InFlight = 1,
    /// Durable at the remote.
    Acked = 2,
    /// Refused or cut; it is tried again after a delay.
    Retrying = 3,
    /// Held by a break that the remote asked for.
    Throttled = 4,
    /// The one that a failed transfer failed at.
    Failed = 5,
    /// Pending, and a viewer waits for it.
    Wanted = 6,
}

/// A chunk of which there is more to say than its cell.
#[derive(Debug, Clone, PartialEq)]
pub struct ChunkNote {
    /// Its number.
    pub chunk: u32,
    /// Its bytes.
    pub range: ByteRange,
    /// Bytes of it that left, while it is in flight.
    pub sent: u64,
    /// Failures in a row.
    pub attempts: u32,
    /// The last one.
    pub trouble: Option<Trouble>,
    /// When it may be tried again.
    pub next_try: Option<Timestamp>,
}

/// All of it, at one instant.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// The layout, once it is planned.
    pub layout: Option<ChunkLayout>,
    /// A cell for each chunk, in order.
    pub cells: Vec<Cell>,
    /// Those in flight or in trouble, in order.
    pub notes: Vec<ChunkNote>,
}
