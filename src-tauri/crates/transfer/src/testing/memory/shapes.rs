//! What a [`MemoryRemote`] can do, as a test chooses it.

use std::num::NonZeroU32;
use std::sync::Mutex;

use super::MemoryRemote;
use crate::remote::{Capabilities, Order, Proof};
use crate::units::MIB;

impl MemoryRemote {
    /// A remote that can do everything: [`MemoryRemote::everything`].
    pub fn new() -> Self {
        Self::with(Self::everything())
    }

    /// A remote that can do just this.
    pub fn with(capabilities: Capabilities) -> Self {
        Self { capabilities, body_limit: None, new_handles: false, tells_digests: true, state: Mutex::default() }
    }

    /// The same, refusing bodies of more than so many bytes as too large, whatever its capabilities promise.
    #[must_use]
    pub fn body_limit(self, bytes: u64) -> Self {
        Self { body_limit: Some(bytes), ..self }
    }

    /// The same, which does not say which digests its chunks have.
    #[must_use]
    pub fn without_digests(self) -> Self {
        Self { tells_digests: false, ..self }
    }

    /// The same, whose uploads have another handle once they are amended.
    #[must_use]
    pub fn new_handles(self) -> Self {
        Self { new_handles: true, ..self }
    }

    /// Chunks of 1 to 64 MiB in any order, checksums, proof by root, ranged reads and wishes, but no byte resume:
    /// change single fields of it for other shapes.
    pub fn everything() -> Capabilities {
        Capabilities {
            chunk_len: MIB..=64 * MIB,
            preferred_chunk_len: MIB,
            max_chunks: NonZeroU32::MAX,
            order: Order::AnyOrder,
            byte_resume: false,
            finishes_itself: false,
            checksums: true,
            proof: Proof::Root,
            ranged_read: true,
            handle_ttl: None,
            wishes: true,
            amends: true,
            names: true,
        }
    }
}
