//! What goes in and out of the map.

use crate::layout::{ByteRange, ChunkIndex};

/// Permission for one worker to send one chunk, or what is missing of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// The chunk.
    pub index: ChunkIndex,
    /// The bytes to send; they start in the middle of the chunk when the remote has its head already.
    pub range: ByteRange,
    /// Which try this is, from 1.
    pub attempt: u32,
    /// Unlike that of any other lease of this map.
    pub serial: u64,
}

/// What an acknowledgement was worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ack {
    /// The chunk was not acknowledged before. True also for a lease that was taken back: durable is durable.
    Fresh,
    /// It was acknowledged already.
    Duplicate,
    /// The lease is older than the last word of the remote ([`super::ChunkMap::reconcile`]), which goes before: it counts
    /// for nothing. A chunk may be sent twice for it, but none is believed to be there that is not.
    Stale,
}

/// How what the remote says differs from what was believed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reconciliation {
    /// Acknowledged here, and not there any more; in order.
    pub lost: Vec<ChunkIndex>,
    /// There, and not acknowledged here; in order.
    pub found: Vec<ChunkIndex>,
    /// Whether more of a chunk is there than ever before, though not all of it: on a link that breaks often this is how
    /// a film arrives.
    pub advanced: bool,
}
