//! Which chunk is acknowledged, which is under way, which may go next. Owned by the engine's actor.
//!
//! The acknowledged set (persisted) and the leases (memory only) are the truth here; *pending* is derived, never
//! stored. A chunk is never leased twice at once, and never once it is acknowledged. Asking for the next chunk costs
//! the same at the start and at the end of a file of a million chunks: see `chunk_map/bits.rs`.

use std::collections::BTreeMap;

use crate::layout::{ByteRange, ChunkIndex, ChunkLayout};
use crate::remote::Order;
use crate::units::Timestamp;

mod bits;
mod exceptions;
mod haste;
mod lease;
mod pick;
#[cfg(test)]
mod tests;

use bits::Bits;
use exceptions::Exceptions;
use haste::Haste;
pub use lease::{Ack, Lease, Reconciliation};

/// The chunks of one transfer.
#[derive(Debug, Clone)]
pub struct ChunkMap {
    layout: ChunkLayout,
    acked: Bits,
    acked_bytes: u64,
    leases: BTreeMap<ChunkIndex, Lease>,
    exceptions: Exceptions,
    haste: Haste,
    /// Acknowledged, leased or resting: an index that makes "the next one" cheap.
    taken: Bits,
    next_serial: u64,
    /// Leases below this serial were given before the remote last said what it has.
    first_valid: u64,
}

impl ChunkMap {
    /// Nothing acknowledged, nothing leased.
    pub fn new(layout: ChunkLayout) -> Self {
        Self {
            layout,
            acked: Bits::new(layout.count()),
            acked_bytes: 0,
            leases: BTreeMap::new(),
            exceptions: Exceptions::default(),
            haste: Haste::default(),
            taken: Bits::new(layout.count()),
            next_serial: 0,
            first_valid: 0,
        }
    }

    /// The layout whose chunks these are.
    pub fn layout(&self) -> &ChunkLayout {
        &self.layout
    }

    /// Takes over what the journal knows as acknowledged.
    pub fn restore(&mut self, acked: impl IntoIterator<Item = ChunkIndex>) {
        for index in acked {
            self.settle(index);
        }
    }

    /// Forgets everything for an upload that begins again, perhaps with another layout. Acknowledgements of leases
    /// from before are [`Ack::Stale`], which a new map could not know. What a person hastened is no less urgent for it,
    /// while it is the same chunk.
    pub fn begin_again(&mut self, layout: ChunkLayout) {
        let haste = if layout == self.layout { std::mem::take(&mut self.haste) } else { Haste::default() };
        *self = Self { next_serial: self.next_serial, first_valid: self.next_serial, haste, ..Self::new(layout) };
    }

    /// Replaces the acknowledged set by what the remote says, drops every lease, and tells the differences. With
    /// `partial` a chunk is known to be there up to that many bytes from its start; its next lease begins there.
    pub fn reconcile(&mut self, there: &[ChunkIndex], partial: &[(ChunkIndex, u64)]) -> Reconciliation {
        self.drop_leases();
        self.first_valid = self.next_serial;
        let mut said = Bits::new(self.layout.count());
        // A remote may remember a longer layout than this one: only chunks of ours count.
        there.iter().filter(|index| index.get() < self.layout.count()).for_each(|index| _ = said.set(index.get()));
        let lost: Vec<_> = self.acked().filter(|index| !said.has(index.get())).collect();
        let found: Vec<_> = self.indices_in(&said).filter(|index| !self.is_acked(*index)).collect();
        lost.iter().for_each(|index| self.unsettle(*index));
        found.iter().for_each(|index| self.settle(*index));
        let advanced = self.take_heads(partial);
        if advanced {
            self.ease();
        }
        Reconciliation { lost, found, advanced }
    }

    /// The next chunk to send, if one may go now: what a person hastened (the last click first), what readers wait for
    /// (the newest wish first), the last chunk and the first, then the file's order; where the remote wants an order, that one before all. Never one that is
    /// acknowledged, under way, or rests longer than `now`.
    pub fn lease(&mut self, now: Timestamp, wishes: &[ByteRange], order: Order) -> Option<Lease> {
        self.wake(now);
        let index = pick::next(self, wishes, order)?;
        let known = self.exceptions.of(index);
        let lease = Lease {
            index,
            range: self.layout.range(index).without_first(known.head),
            attempt: known.attempts.saturating_add(1),
            serial: self.next_serial,
        };
        self.next_serial += 1;
        self.taken.set(index.get());
        self.leases.insert(index, lease.clone());
        Some(lease)
    }

    /// Whether a person hastened this chunk, or a reader waits for bytes of it.
    pub fn is_wanted(&self, index: ChunkIndex, wishes: &[ByteRange]) -> bool {
        let chunk = self.layout.range(index);
        let wished = || wishes.iter().any(|wish| wish.intersection(chunk).is_some());
        !self.is_acked(index) && (self.haste.has(index) || wished())
    }

    /// A person wants this chunk now: its rest ends, and until it is acknowledged it goes before all others. One that
    /// fails again rests again, for a click does not mend a link.
    pub fn hasten(&mut self, index: ChunkIndex) {
        if !self.is_acked(index) {
            self.retry_now(index);
            self.haste.add(index);
        }
    }

    /// What a person hastened and is not acknowledged, the last click first.
    pub fn hastened(&self) -> impl Iterator<Item = ChunkIndex> + '_ {
        self.haste.all()
    }

    /// The remote said that the chunk of this lease is durable. Another lease on the same chunk ends with it.
    pub fn ack(&mut self, lease: &Lease) -> Ack {
        if lease.serial < self.first_valid {
            Ack::Stale
        } else if self.is_acked(lease.index) {
            Ack::Duplicate
        } else {
            self.settle(lease.index);
            Ack::Fresh
        }
    }

    /// Takes one lease back. Its chunk is pending again and rests `until` then; `charged` counts a failure. A lease
    /// that ended already changes nothing.
    pub fn release(&mut self, lease: &Lease, until: Option<Timestamp>, charged: bool) {
        if self.leases.get(&lease.index).is_none_or(|held| held.serial != lease.serial) {
            return;
        }
        self.leases.remove(&lease.index);
        self.taken.clear(lease.index.get());
        if charged {
            self.exceptions.charge(lease.index);
        }
        if let Some(until) = until {
            self.exceptions.rest(lease.index, until);
            self.taken.set(lease.index.get());
        }
    }

    /// Takes every lease back. Nothing is charged and nothing rests for it.
    pub fn drop_leases(&mut self) {
        for index in std::mem::take(&mut self.leases).into_keys() {
            self.taken.clear(index.get());
        }
    }

    /// Something of this transfer was acknowledged, or arrived in part: the link works, so no chunk's failures count any more. How often
    /// a chunk arrived corrupt still counts: other chunks prove nothing about that.
    pub fn ease(&mut self) {
        self.exceptions.forget_attempts();
    }

    /// A person wants it tried again: forgets every failure, corrupt ones too, and every rest.
    pub fn forgive(&mut self) {
        self.wake(Timestamp(i64::MAX));
        self.exceptions.forget_failures();
    }

    /// The way there is another one: no chunk rests any more, and none pays for what went wrong on the old one. How often
    /// one arrived corrupt still counts.
    pub fn retry_all_now(&mut self) {
        self.wake(Timestamp(i64::MAX));
        self.ease();
    }

    /// The chunk arrived corrupt once more: gives how often in a row.
    pub fn note_corrupt(&mut self, index: ChunkIndex) -> u32 {
        if self.is_acked(index) { 0 } else { self.exceptions.note_corrupt(index) }
    }

    /// How often the chunk arrived corrupt in a row.
    pub fn corrupt_in_a_row(&self, index: ChunkIndex) -> u32 {
        self.exceptions.of(index).corrupt
    }

    /// The charged failures of the chunk since anything was last acknowledged.
    pub fn attempts(&self, index: ChunkIndex) -> u32 {
        self.exceptions.of(index).attempts
    }

    /// Until when the chunk rests, if it does; the instant may have passed since the last [`ChunkMap::lease`].
    pub fn rest_until(&self, index: ChunkIndex) -> Option<Timestamp> {
        self.exceptions.of(index).rest_until
    }

    /// When the first of the chunks that rest longer than `now` may go.
    pub fn next_rest(&self, now: Timestamp) -> Option<Timestamp> {
        self.exceptions.next_rest(now)
    }

    /// Ends the rest of a chunk.
    pub fn retry_now(&mut self, index: ChunkIndex) {
        if self.exceptions.end_rest(index) {
            self.taken.clear(index.get());
        }
    }

    /// Whether the remote said that it is durable.
    pub fn is_acked(&self, index: ChunkIndex) -> bool {
        self.acked.has(index.get())
    }

    /// Whether it is under way.
    pub fn is_leased(&self, index: ChunkIndex) -> bool {
        self.leases.contains_key(&index)
    }

    /// Whether nothing is left to send. True from the start for an empty file.
    pub fn all_acked(&self) -> bool {
        self.acked_count() == self.layout.count()
    }

    /// How many chunks are acknowledged.
    pub fn acked_count(&self) -> u32 {
        self.acked.count()
    }

    /// Bytes of acknowledged chunks.
    pub fn acked_bytes(&self) -> u64 {
        self.acked_bytes
    }

    /// How many chunks are under way.
    pub fn leased_count(&self) -> u32 {
        self.leases.len() as u32
    }

    /// What is under way, in the file's order.
    pub fn leases(&self) -> impl Iterator<Item = &Lease> {
        self.leases.values()
    }

    /// What is acknowledged, in the file's order.
    pub fn acked(&self) -> impl Iterator<Item = ChunkIndex> + '_ {
        self.indices_in(&self.acked)
    }

    fn indices_in<'a>(&'a self, set: &'a Bits) -> impl Iterator<Item = ChunkIndex> + 'a {
        set.iter().filter_map(|number| self.layout.index(number))
    }

    fn settle(&mut self, index: ChunkIndex) {
        if !self.acked.set(index.get()) {
            return;
        }
        self.acked_bytes += self.layout.range(index).len();
        self.leases.remove(&index);
        self.exceptions.forget(index);
        self.haste.forget(index);
        self.taken.set(index.get());
    }

    fn unsettle(&mut self, index: ChunkIndex) {
        self.acked.clear(index.get());
        self.taken.clear(index.get());
        self.acked_bytes -= self.layout.range(index).len();
    }

    fn take_heads(&mut self, partial: &[(ChunkIndex, u64)]) -> bool {
        let heads = partial.iter().filter_map(|(index, head)| {
            let index = self.layout.index(index.get()).filter(|index| !self.acked.has(index.get()))?;
            // A head as long as the chunk would leave nothing to send, and nobody called the chunk whole: send it all.
            (*head < self.layout.range(index).len()).then_some((index, *head))
        });
        self.exceptions.replace_heads(heads)
    }

    /// Ends the rests that are over.
    fn wake(&mut self, now: Timestamp) {
        while let Some(index) = self.exceptions.rested(now) {
            self.retry_now(index);
        }
    }
}
