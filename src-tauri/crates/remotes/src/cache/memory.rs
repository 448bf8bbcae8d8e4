//! The blocks in memory, those used last. Invariant: within its bound, counting what a block's entry takes.

use moka::policy::EvictionPolicy;
use moka::sync::Cache;
use transfer::layout::ByteRange;

use super::block::Extent;
use super::key::{BlockKey, ObjectKey};

/// About what an entry takes beside its bytes.
const ENTRY: usize = 256;

#[derive(Debug)]
pub(super) struct Memory {
    blocks: Cache<BlockKey, Extent>,
}

impl Memory {
    pub(super) fn new(bytes: u64) -> Self {
        let weight = |_: &BlockKey, extent: &Extent| u32::try_from(extent.bytes.len() + ENTRY).unwrap_or(u32::MAX);
        let blocks = Cache::builder().max_capacity(bytes).weigher(weight).eviction_policy(EvictionPolicy::lru());
        Self { blocks: blocks.build() }
    }

    /// What there is of a block, which is used by that.
    pub(super) fn get(&self, key: BlockKey) -> Option<Extent> {
        self.blocks.get(&key)
    }

    /// Which bytes of a block there are. One that is not there is not looked for twice.
    pub(super) fn range(&self, key: BlockKey) -> Option<ByteRange> {
        self.blocks.contains_key(&key).then(|| self.blocks.get(&key))?.map(|extent| extent.range())
    }

    /// Keeps an extent, with what of the block there was before: the two together.
    pub(super) fn keep(&self, key: BlockKey, extent: Extent) -> Extent {
        let extent = match self.blocks.get(&key) {
            Some(before) => before.joined(extent),
            None => extent,
        };
        self.blocks.insert(key, extent.clone());
        self.blocks.run_pending_tasks();
        extent
    }

    pub(super) fn forget(&self, object: ObjectKey) {
        for (key, _) in &self.blocks {
            if key.object == object {
                self.blocks.invalidate(&*key);
            }
        }
        self.blocks.run_pending_tasks();
    }

    pub(super) fn clear(&self) {
        self.blocks.invalidate_all();
        self.blocks.run_pending_tasks();
    }

    /// How many bytes the blocks take.
    pub(super) fn bytes(&self) -> u64 {
        self.blocks.run_pending_tasks();
        self.blocks.weighted_size()
    }
}
