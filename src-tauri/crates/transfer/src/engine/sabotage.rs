//! Mistakes that an engine makes when a test wants it to, so that the simulation can show that it would notice them.
//!
//! One is named in the setup, which only the feature `testing` has; without it every question here is a constant
//! `false`. The engine asks at one place for each.

use super::actor::Actor;
use crate::chunk_map::Lease;
use crate::journal::AckedChunk;
use crate::remote::ChunkReceipt;
use crate::tree::Cv;

/// One mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(feature = "testing"), expect(unreachable_pub, reason = "only a test can name one"))]
pub enum Sabotage {
    /// Takes a chunk whose bytes all left for acknowledged, whatever the remote says.
    AckBeforeTheReply,
    /// Writes an acknowledgement down for a chunk that is still under way.
    InventAcks,
    /// Does not remember acknowledgements of an earlier life.
    ForgetAcks,
    /// Does not write a new upload's handle down.
    ForgetHandle,
    /// Lets requests leave before what they follow from is written down.
    WriteLater,
    /// Takes what it remembers for what the remote has.
    SkipReconcile,
    /// Says nothing of acknowledged chunks that the remote lost.
    IgnoreLostGround,
    /// Lets requests leave while the remote wants a break.
    ForgetGate,
    /// Does not count a chunk's failures.
    NeverCount,
    /// Goes on sending a paused transfer.
    SendWhilePaused,
    /// Gives a chunk to a second worker while the first has it.
    DoubleLease,
    /// Keeps the lease of a chunk that failed.
    LeakLease,
    /// Finishes when one chunk is still missing.
    CompleteEarly,
    /// Does not tell the remote that an upload was given up.
    DropAbort,
    /// Goes on listening to readers when no chunk travels.
    LeakWish,
    /// Keeps of a file that became another every chunk that lies alike, whatever is in it.
    KeepUnseen,
    /// Does not write down where somebody put a transfer in line.
    ForgetPlace,
}

#[cfg(feature = "testing")]
impl Actor {
    /// Whether to make this mistake.
    pub(super) fn sabotaged(&self, by: Sabotage) -> bool {
        self.sabotage == Some(by)
    }
}

#[cfg(not(feature = "testing"))]
impl Actor {
    /// Never.
    pub(super) const fn sabotaged(&self, _by: Sabotage) -> bool {
        false
    }
}

/// An acknowledgement that nobody gave.
pub(super) fn invented(lease: &Lease) -> AckedChunk {
    AckedChunk { index: lease.index, cv: Cv([0; 32]), receipt: ChunkReceipt::default() }
}
