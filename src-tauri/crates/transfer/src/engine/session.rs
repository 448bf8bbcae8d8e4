//! The durable part of a transfer, in memory: which chunks are acknowledged, with their receipts and digests.
//!
//! Invariant: every acknowledged chunk has a digest that was made here, so that the file's root never needs the
//! remote's word.

use crate::chunk_map::{Ack, ChunkMap, Lease, Reconciliation};
use crate::journal::{AckedChunk, ChunkRecords};
use crate::layout::{ChunkIndex, ChunkLayout};
use crate::remote::ChunkReceipt;
use crate::tree::{self, Cv, Root};

/// A transfer's chunks.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) map: ChunkMap,
    cvs: Vec<Option<Cv>>,
    receipts: Vec<ChunkReceipt>,
}

impl Session {
    /// Nothing has been sent.
    pub(super) fn new(layout: ChunkLayout) -> Self {
        let count = layout.count() as usize;
        Self { map: ChunkMap::new(layout), cvs: vec![None; count], receipts: vec![ChunkReceipt::default(); count] }
    }

    /// As the journal knows it. An acknowledgement without a digest is left out: the remote will tell of it again.
    pub(super) fn restored(layout: ChunkLayout, records: ChunkRecords) -> Self {
        let mut session = Self::new(layout);
        for (number, cv) in records.cvs {
            if let Some(index) = layout.index(number) {
                session.cvs[index.position()] = Some(cv);
            }
        }
        let mut acked = Vec::new();
        for (number, receipt) in records.acked {
            if let Some(index) = layout.index(number).filter(|index| session.cvs[index.position()].is_some()) {
                session.receipts[index.position()] = receipt;
                acked.push(index);
            }
        }
        session.map.restore(acked);
        session
    }

    /// Takes an acknowledgement: what to journal of it, unless it says nothing new.
    pub(super) fn ack(&mut self, lease: &Lease, receipt: ChunkReceipt, cv: Cv) -> Option<AckedChunk> {
        match self.map.ack(lease) {
            Ack::Fresh => Some(self.note(lease.index, receipt, cv)),
            Ack::Duplicate | Ack::Stale => None,
        }
    }

    /// Takes over what the remote says, with the digests that were made of what it has and we had not hashed. Gives
    /// the difference, and what to journal of the found ones.
    pub(super) fn reconcile(&mut self, standing: &Standing) -> (Reconciliation, Vec<AckedChunk>) {
        let there: Vec<_> = standing.there.iter().map(|(index, _)| *index).collect();
        let difference = self.map.reconcile(&there, &standing.partial);
        let found = standing.there.iter().filter(|(index, _)| difference.found.binary_search(index).is_ok());
        let found = found.map(|(index, cv)| (*index, *cv)).collect::<Vec<_>>();
        let found = found.into_iter().map(|(index, cv)| self.note(index, self.held(index), cv)).collect();
        (difference, found)
    }

    /// What the driver gave for a chunk that is found: nothing where its reply is what was lost. One that was taken for
    /// lost, and is there after all, has what it had: without that it could not be finished with.
    fn held(&self, index: ChunkIndex) -> ChunkReceipt {
        self.receipts[index.position()].clone()
    }

    /// Forgets what the remote had. The digests are the file's and stay.
    pub(super) fn begin_again(&mut self) {
        self.map.begin_again(*self.map.layout());
        self.receipts.fill(ChunkReceipt::default());
    }

    /// What arrived, with the digests of the file that was sent.
    pub(super) fn arrived(&self) -> Vec<(ChunkIndex, Cv)> {
        self.map.acked().filter_map(|index| Some((index, self.cvs[index.position()]?))).collect()
    }

    /// Forgets every chunk but these, which are the same in the new layout: digests and receipts too, for they are those
    /// of another file.
    pub(super) fn amend(&mut self, layout: ChunkLayout, keep: &[ChunkIndex]) {
        let mut amended = Self::new(layout);
        for index in keep {
            let at = index.position();
            (amended.cvs[at], amended.receipts[at]) = (self.cvs[at], std::mem::take(&mut self.receipts[at]));
        }
        self.map.begin_again(layout);
        self.map.restore(keep.iter().copied());
        (self.cvs, self.receipts) = (amended.cvs, amended.receipts);
    }

    /// The digests, to compare with the remote's.
    pub(super) fn cvs(&self) -> &[Option<Cv>] {
        &self.cvs
    }

    /// What the driver gave for each chunk.
    pub(super) fn receipts(&self) -> &[ChunkReceipt] {
        &self.receipts
    }

    /// The file's hash, once every chunk is acknowledged.
    pub(super) fn root(&self) -> Option<Root> {
        let cvs: Option<Vec<_>> = self.cvs.iter().copied().collect();
        cvs.map(|cvs| tree::root(self.map.layout(), &cvs))
    }

    fn note(&mut self, index: ChunkIndex, receipt: ChunkReceipt, cv: Cv) -> AckedChunk {
        self.cvs[index.position()] = Some(cv);
        self.receipts[index.position()] = receipt.clone();
        AckedChunk { index, cv, receipt }
    }
}

/// What the remote has of an upload, checked against the file: each chunk with the digest that was made here.
#[derive(Debug, Default)]
pub(super) struct Standing {
    /// In order.
    pub(super) there: Vec<(ChunkIndex, Cv)>,
    /// Of so many of them the remote itself told the digest.
    pub(super) vouched: u32,
    pub(super) partial: Vec<(ChunkIndex, u64)>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::remote::Order;
    use crate::units::{MIB, Timestamp};

    #[test]
    fn a_chunk_that_was_lost_and_is_found_again_has_its_receipt() {
        let mut session = Session::new(ChunkLayout::new(2 * MIB, MIB).expect("a layout"));
        let lease = session.map.lease(Timestamp(0), &[], Order::AnyOrder).expect("a chunk is free");
        let (receipt, cv) = (ChunkReceipt("etag".to_owned()), Cv([7; 32]));
        session.ack(&lease, receipt.clone(), cv).expect("it is new");
        let (lost, _) = session.reconcile(&Standing::default());
        assert_eq!(lost.lost, [lease.index], "the remote says that it has nothing");
        let there = Standing { there: vec![(lease.index, cv)], ..Standing::default() };
        let (_, found) = session.reconcile(&there);
        assert_eq!(
            found,
            [AckedChunk { index: lease.index, cv, receipt: receipt.clone() }],
            "it was there all the time"
        );
        assert_eq!(
            session.receipts()[lease.index.position()],
            receipt,
            "an object is finished with its parts' receipts"
        );
    }
}
