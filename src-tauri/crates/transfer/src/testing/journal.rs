//! A journal in memory: what it was told is "on disk" when the call returns, and a crash is a copy of that.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Mutex, MutexGuard};

use async_trait::async_trait;

use crate::ids::TransferId;
use crate::journal::{AckedChunk, ChunkRecords, Journal, JournalError, TransferRecord};
use crate::layout::ChunkIndex;
use crate::remote::ChunkReceipt;
use crate::tree::Cv;

/// The persistence port in memory.
#[derive(Debug, Default)]
pub struct MemoryJournal {
    inside: Mutex<Inside>,
}

#[derive(Debug, Default)]
struct Inside {
    rows: Rows,
    broken: bool,
    failures: u32,
    writes: u64,
}

type Rows = BTreeMap<TransferId, Row>;

#[derive(Debug, Clone)]
struct Row {
    record: TransferRecord,
    acked: BTreeMap<u32, ChunkReceipt>,
    cvs: BTreeMap<u32, Cv>,
}

impl MemoryJournal {
    /// An empty journal.
    pub fn new() -> Self {
        Self::default()
    }

    /// What the next start would find if the process died now: a healthy copy of everything written so far.
    #[must_use]
    pub fn as_on_disk(&self) -> Self {
        let rows = self.inside().rows.clone();
        Self { inside: Mutex::new(Inside { rows, ..Inside::default() }) }
    }

    /// Lets the next `count` writes fail without effect.
    pub fn fail_next(&self, count: u32) {
        self.inside().failures = count;
    }

    /// While `broken`, every call fails without effect.
    pub fn broken(&self, broken: bool) {
        self.inside().broken = broken;
    }

    /// How many writes took effect.
    pub fn writes(&self) -> u64 {
        self.inside().writes
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().expect("nothing panics while it holds the lock")
    }

    fn read<T>(&self, what: &'static str, read: impl FnOnce(&Rows) -> T) -> Result<T, JournalError> {
        let inside = self.inside();
        if inside.broken { Err(refused(what, "the test broke the journal")) } else { Ok(read(&inside.rows)) }
    }

    /// All of `write`, or nothing of it.
    fn write(
        &self,
        what: &'static str,
        write: impl FnOnce(&mut Rows) -> Result<(), &'static str>,
    ) -> Result<(), JournalError> {
        let mut inside = self.inside();
        if inside.broken || inside.failures > 0 {
            inside.failures = inside.failures.saturating_sub(1);
            return Err(refused(what, "the test broke the journal"));
        }
        write(&mut inside.rows).map_err(|why| refused(what, why))?;
        inside.writes += 1;
        Ok(())
    }
}

fn refused(what: &'static str, why: &'static str) -> JournalError {
    JournalError { what, source: io::Error::other(why).into() }
}

fn row(rows: &mut Rows, id: TransferId) -> Result<&mut Row, &'static str> {
    rows.get_mut(&id).ok_or("there is no such transfer")
}

#[async_trait]
impl Journal for MemoryJournal {
    async fn transfers(&self) -> Result<Vec<TransferRecord>, JournalError> {
        self.read("list the transfers", |rows| {
            let mut records: Vec<_> = rows.values().map(|row| row.record.clone()).collect();
            records.sort_by_key(|record| (record.position, record.id));
            records
        })
    }

    async fn chunks(&self, id: TransferId) -> Result<ChunkRecords, JournalError> {
        let found = self.read("load chunks", |rows| rows.get(&id).cloned())?;
        let row = found.ok_or_else(|| refused("load chunks", "there is no such transfer"))?;
        Ok(ChunkRecords { acked: row.acked.into_iter().collect(), cvs: row.cvs.into_iter().collect() })
    }

    async fn create(&self, records: &[TransferRecord]) -> Result<(), JournalError> {
        self.write("add transfers", |rows| {
            let mut added = Rows::new();
            for record in records {
                let row = Row { record: record.clone(), acked: BTreeMap::new(), cvs: BTreeMap::new() };
                if rows.contains_key(&record.id) || added.insert(record.id, row).is_some() {
                    return Err("the transfer is there already");
                }
            }
            rows.append(&mut added);
            Ok(())
        })
    }

    async fn save(&self, record: &TransferRecord) -> Result<(), JournalError> {
        self.write("save a transfer", |rows| row(rows, record.id).map(|row| row.record = record.clone()))
    }

    async fn ack(&self, id: TransferId, chunks: &[AckedChunk], bytes_sent: u64) -> Result<(), JournalError> {
        self.write("write down acknowledged chunks", |rows| {
            let row = row(rows, id)?;
            row.record.bytes_sent = bytes_sent;
            row.acked.extend(chunks.iter().map(|chunk| (chunk.index.get(), chunk.receipt.clone())));
            row.cvs.extend(chunks.iter().map(|chunk| (chunk.index.get(), chunk.cv)));
            Ok(())
        })
    }

    async fn unack(&self, id: TransferId, chunks: &[ChunkIndex]) -> Result<(), JournalError> {
        self.write("take acknowledgements back", |rows| {
            let row = row(rows, id)?;
            chunks.iter().for_each(|index| drop(row.acked.remove(&index.get())));
            Ok(())
        })
    }

    async fn forget_chunks(&self, record: &TransferRecord, digests: bool) -> Result<(), JournalError> {
        self.write("forget chunks", |rows| {
            let row = row(rows, record.id)?;
            row.record = record.clone();
            row.acked.clear();
            row.cvs.retain(|_, _| !digests);
            Ok(())
        })
    }

    async fn amend(&self, record: &TransferRecord, keep: &[ChunkIndex]) -> Result<(), JournalError> {
        self.write("amend a transfer", |rows| {
            let row = row(rows, record.id)?;
            row.record = record.clone();
            let kept = |number: u32| keep.iter().any(|index| index.get() == number);
            row.acked.retain(|number, _| kept(*number));
            row.cvs.retain(|number, _| kept(*number));
            Ok(())
        })
    }

    async fn remove(&self, ids: &[TransferId]) -> Result<(), JournalError> {
        self.write("forget transfers", |rows| {
            ids.iter().for_each(|id| drop(rows.remove(id)));
            Ok(())
        })
    }
}
