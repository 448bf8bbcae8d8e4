//! A journal in memory: what it was told is "on disk" when the call returns, and a crash is a copy of that.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Mutex, MutexGuard};

use async_trait::async_trait;

use crate::ids::TransferId;
use crate::journal::{Change, ChunkRecords, Journal, JournalError, TransferRecord};
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

    async fn write(&self, changes: &[Change]) -> Result<(), JournalError> {
        let mut inside = self.inside();
        let what = changes.first().map_or("write nothing", Change::what);
        if inside.broken || inside.failures > 0 {
            inside.failures = inside.failures.saturating_sub(1);
            return Err(refused(what, "the test broke the journal"));
        }
        let before: Vec<_> = changes.iter().flat_map(touched).map(|id| (id, inside.rows.get(&id).cloned())).collect();
        for change in changes {
            if let Err(why) = apply(&mut inside.rows, change) {
                before.into_iter().for_each(|(id, row)| put_back(&mut inside.rows, id, row));
                return Err(refused(change.what(), why));
            }
        }
        inside.writes += 1;
        Ok(())
    }
}

/// Whose rows a change may leave different.
fn touched(change: &Change) -> Vec<TransferId> {
    match change {
        Change::Create(records) => records.iter().map(|record| record.id).collect(),
        Change::Save(record) | Change::Forget { record, .. } | Change::Amend { record, .. } => vec![record.id],
        Change::Ack { id, .. } | Change::Unack { id, .. } => vec![*id],
        Change::Remove(ids) => ids.clone(),
    }
}

fn put_back(rows: &mut Rows, id: TransferId, row: Option<Row>) {
    match row {
        Some(row) => drop(rows.insert(id, row)),
        None => drop(rows.remove(&id)),
    }
}

fn apply(rows: &mut Rows, change: &Change) -> Result<(), &'static str> {
    match change {
        Change::Create(records) => records.iter().try_for_each(|record| create(rows, record))?,
        Change::Save(record) => row(rows, record.id)?.record = record.as_ref().clone(),
        Change::Ack { id, chunks, bytes_sent } => {
            let row = row(rows, *id)?;
            row.record.bytes_sent = *bytes_sent;
            row.acked.extend(chunks.iter().map(|chunk| (chunk.index.get(), chunk.receipt.clone())));
            row.cvs.extend(chunks.iter().map(|chunk| (chunk.index.get(), chunk.cv)));
        }
        Change::Unack { id, chunks } => {
            let row = row(rows, *id)?;
            chunks.iter().for_each(|index| drop(row.acked.remove(&index.get())));
        }
        Change::Forget { record, digests } => {
            let row = row(rows, record.id)?;
            row.record = record.as_ref().clone();
            row.acked.clear();
            row.cvs.retain(|_, _| !digests);
        }
        Change::Amend { record, keep } => {
            let row = row(rows, record.id)?;
            row.record = record.as_ref().clone();
            let kept = |number: u32| keep.iter().any(|index| index.get() == number);
            row.acked.retain(|number, _| kept(*number));
            row.cvs.retain(|number, _| kept(*number));
        }
        Change::Remove(ids) => ids.iter().for_each(|id| drop(rows.remove(id))),
    }
    Ok(())
}

fn create(rows: &mut Rows, record: &TransferRecord) -> Result<(), &'static str> {
    let row = Row { record: record.clone(), acked: BTreeMap::new(), cvs: BTreeMap::new() };
    rows.insert(record.id, row).map_or(Ok(()), |_| Err("the transfer is there already"))
}
