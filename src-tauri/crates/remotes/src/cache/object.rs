//! One version of one object, as all its readers share it: what is near, and what is on its way. Invariant: a byte that is
//! on its way, or near, is not asked for by anybody else.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use bytes::Bytes;
use transfer::layout::ByteRange;
use transfer::range::RangeReader;

use super::block::Extent;
use super::counting::Origin;
use super::fetch::{Demand, Fetch};
use super::key::{ObjectKey, Standing};
use super::near::Near;

/// How far one request reaches, in blocks: what lies behind is looked for when it is reached.
const REACH: u64 = 2048;
/// A part of a block ends a run only when it has at least this share of the block and the block's end: a round trip costs
/// more than a few bytes that come twice.
const WORTH: u64 = 8;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Lifetime {
    /// It is known again when it is opened again.
    Lasting,
    /// It has no strong validator, so that nothing of it outlives its reader.
    Passing,
}

pub(super) struct CachedObject {
    near: Arc<Near>,
    key: ObjectKey,
    lifetime: Lifetime,
    len: u64,
    standing: Standing,
    fetches: Mutex<Vec<Weak<Fetch>>>,
}

/// Where a byte is.
pub(super) enum Place {
    Here(Bytes, Origin),
    Coming(Arc<Fetch>),
}

impl fmt::Debug for CachedObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CachedObject").field("key", &self.key).field("len", &self.len).finish_non_exhaustive()
    }
}

impl Drop for CachedObject {
    fn drop(&mut self) {
        if self.lifetime == Lifetime::Passing {
            self.near.memory.forget(self.key);
        }
    }
}

impl CachedObject {
    /// One that is known again by this key.
    pub(super) fn lasting(near: Arc<Near>, key: ObjectKey, len: u64) -> Self {
        Self::new(near, key, Lifetime::Lasting, len)
    }

    /// One that nobody knows again.
    pub(super) fn passing(near: Arc<Near>, len: u64) -> Self {
        Self::new(near, ObjectKey::passing(), Lifetime::Passing, len)
    }

    fn new(near: Arc<Near>, key: ObjectKey, lifetime: Lifetime, len: u64) -> Self {
        Self { near, key, lifetime, len, standing: Standing::new(), fetches: Mutex::default() }
    }

    pub(super) fn near(&self) -> &Near {
        &self.near
    }

    /// Under which what is read from now on is kept.
    pub(super) fn standing(&self) -> Standing {
        self.standing.now()
    }

    /// Finds the first byte of the range, or begins to fetch it, and at most the range.
    pub(super) async fn place(
        self: &Arc<Self>,
        reader: &Arc<dyn RangeReader>,
        range: ByteRange,
        demand: Demand,
    ) -> Place {
        let position = range.start();
        if let Some(bytes) = self.in_memory(position) {
            return Place::Here(bytes, Origin::Memory);
        }
        if let Some(fetch) = self.on_its_way(position, &self.fetches()) {
            return Place::Coming(fetch);
        }
        let on_disk = self.near.on_disk(self.key, position).await;
        if let Some(bytes) = on_disk.and_then(|extent| extent.from(position)) {
            return Place::Here(bytes, Origin::Disk);
        }
        self.fetched(reader, range, demand)
    }

    /// Between the looks above and this one, another reader may have been here.
    fn fetched(self: &Arc<Self>, reader: &Arc<dyn RangeReader>, range: ByteRange, demand: Demand) -> Place {
        let mut fetches = self.fetches();
        if let Some(fetch) = self.on_its_way(range.start(), &fetches) {
            return Place::Coming(fetch);
        }
        if let Some(bytes) = self.in_memory(range.start()) {
            return Place::Here(bytes, Origin::Memory);
        }
        let run = ByteRange::at(range.start(), self.run_end(range, &fetches) - range.start());
        let fetch = Fetch::begin(Arc::clone(self), Arc::clone(reader), run, demand);
        fetches.retain(|fetch| fetch.strong_count() > 0);
        fetches.push(Arc::downgrade(&fetch));
        Place::Coming(fetch)
    }

    fn fetches(&self) -> std::sync::MutexGuard<'_, Vec<Weak<Fetch>>> {
        self.fetches.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn in_memory(&self, position: u64) -> Option<Bytes> {
        self.near.memory.get(self.near.key(self.key, position))?.from(position)
    }

    fn on_its_way(&self, position: u64, fetches: &[Weak<Fetch>]) -> Option<Arc<Fetch>> {
        let patience = self.near.shape.block_len.get();
        fetches.iter().filter_map(Weak::upgrade).find(|fetch| fetch.reaches(position, patience))
    }

    /// Where a run ends that begins with the range: at what is near, at what another fetch began with, or with the range.
    fn run_end(&self, range: ByteRange, fetches: &[Weak<Fetch>]) -> u64 {
        let len = self.near.shape.block_len;
        let reach = len.end_of(range.start()).saturating_add(REACH * len.get()).min(range.end());
        let others =
            fetches.iter().filter_map(Weak::upgrade).filter(|fetch| fetch.is_live()).map(|fetch| fetch.start());
        let mut end = others.filter(|start| *start > range.start()).fold(reach, u64::min);
        let mut at = range.start();
        while at < end {
            end = self.worth(at).map(ByteRange::start).filter(|stop| *stop > range.start()).fold(end, u64::min);
            at = len.end_of(at);
        }
        end
    }

    /// The end of a run of which `rest` is still to come, now that it comes to a new block.
    pub(super) fn still_missing(&self, rest: ByteRange) -> u64 {
        let begins_here = |range: ByteRange| range.start() <= rest.start();
        if rest.is_empty() || self.worth(rest.start()).any(begins_here) {
            return rest.start();
        }
        let fetches = self.fetches();
        let others = || fetches.iter().filter_map(Weak::upgrade).filter(|fetch| fetch.is_live());
        if others().any(|fetch| fetch.start() == rest.start()) {
            return rest.start();
        }
        let block = ByteRange::new(rest.start(), self.near.shape.block_len.end_of(rest.start()).min(rest.end()));
        let stop = block.map_or(rest.end(), |block| self.run_end(block, &fetches));
        if block.is_some_and(|block| stop < block.end()) { stop } else { rest.end() }
    }

    /// What is near of the block of `position`, where it is worth ending a run for.
    fn worth(&self, position: u64) -> impl Iterator<Item = ByteRange> {
        let len = self.near.shape.block_len;
        let end = len.end_of(position).min(self.len);
        let (start, least) = (end.saturating_sub(1) / len.get() * len.get(), len.get() / WORTH);
        let worth = move |range: &ByteRange| range.end() == end && (range.len() >= least || range.start() == start);
        self.near.ranges(self.key, position).into_iter().flatten().filter(worth)
    }

    /// Keeps what came of a block, unless the object was found to be another meanwhile.
    pub(super) fn keep(&self, extent: Extent, standing: &Standing) {
        if !standing.holds() {
            return;
        }
        let kept = self.near.memory.keep(self.near.key(self.key, extent.start), extent);
        match (&self.near.disk, self.lifetime) {
            (Some(disk), Lifetime::Lasting) => disk.keep(self.key, kept, standing.clone()),
            (None, _) | (Some(_), Lifetime::Passing) => {}
        }
    }

    /// The object is another now: nothing of this one is kept, nor of what is still coming.
    pub(super) async fn forget(&self) {
        self.standing.end();
        self.near.memory.forget(self.key);
        if let Some(disk) = &self.near.disk {
            disk.forget(self.key).await;
        }
    }
}
