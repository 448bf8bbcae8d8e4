//! By what bytes are known again. Invariant: two versions of an object have two keys, and a key tells no names: it is a
//! hash, so that the folder on disk says nothing of what was played.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use transfer::ids::{DestinationId, ObjectId};
use transfer::range::RangeReader;

use super::block::{Block, BlockLen};

/// Changed when blocks are cut or written in another way: what an older Pawl kept is then never found.
const FORMAT: &[u8] = b"pawl block cache 1";

/// Which object, of which destination.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectAt {
    /// The destination, by the name that the journal has for it.
    pub destination: DestinationId,
    /// The object there.
    pub object: ObjectId,
}

/// One version of one object.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct ObjectKey(pub(super) [u8; 32]);

/// One block of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct BlockKey {
    pub(super) object: ObjectKey,
    pub(super) block: Block,
}

impl ObjectKey {
    /// The key of what `reader` reads, or none where it has no strong validator (RFC 9110, section 8.8.1).
    pub(super) fn lasting(at: &ObjectAt, reader: &dyn RangeReader, len: BlockLen) -> Option<Self> {
        let validator = reader.validator();
        if validator.is_empty() || validator.starts_with("W/") {
            return None;
        }
        let mut hasher = blake3::Hasher::new();
        for field in [FORMAT, at.destination.0.as_bytes(), at.object.0.as_bytes(), validator.as_bytes()] {
            hasher.update(&(field.len() as u64).to_le_bytes()).update(field);
        }
        hasher.update(&reader.len().to_le_bytes()).update(&len.get().to_le_bytes());
        Some(Self(*hasher.finalize().as_bytes()))
    }

    /// A key that no other reader has, and no other run of Pawl: nothing is written down under it.
    pub(super) fn passing() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        Self(*blake3::Hasher::new().update(b"passing").update(&number.to_le_bytes()).finalize().as_bytes())
    }
}

impl fmt::Debug for ObjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&blake3::Hash::from_bytes(self.0).to_hex()[..8])
    }
}

/// Whether what was read of an object may be kept: not after it was found to be another.
#[derive(Debug, Clone)]
pub(super) struct Standing {
    latest: Arc<AtomicU64>,
    seen: u64,
}

impl Standing {
    pub(super) fn new() -> Self {
        Self { latest: Arc::new(AtomicU64::new(0)), seen: 0 }
    }

    /// As it is now.
    pub(super) fn now(&self) -> Self {
        Self { latest: Arc::clone(&self.latest), seen: self.latest.load(Ordering::SeqCst) }
    }

    /// What was read before this is not to be kept.
    pub(super) fn end(&self) {
        self.latest.fetch_add(1, Ordering::SeqCst);
    }

    pub(super) fn holds(&self) -> bool {
        self.latest.load(Ordering::SeqCst) == self.seen
    }
}
