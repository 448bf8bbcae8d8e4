//! `journal.db`: transfers, what is acknowledged of each, and a few settings.
//!
//! It is synced when its log is folded, not at every commit (`synchronous=NORMAL`): a kill loses nothing, a power cut
//! at worst the last moments, and never consistency. The remote is the truth about what arrived.

mod chunks;
mod settings;
mod transfers;

use std::path::Path;

use async_trait::async_trait;
use rusqlite::Connection;
use transfer::ids::TransferId;
use transfer::journal::{Change, ChunkRecords, Journal, JournalError, TransferRecord};

use crate::candidate::Plan;
use crate::database::Database;
use crate::error::OpenError;
use crate::fault::Fault;
use crate::open::{Opened, open};
use crate::schema::Step;

const STEPS: &[Step] = &[
    &[transfers::VERSION_1, chunks::VERSION_1, settings::VERSION_1],
    &[transfers::VERSION_2],
    &[transfers::VERSION_3],
    &[transfers::VERSION_4],
];

static PLAN: Plan = Plan { name: "journal.db", steps: STEPS, synchronous: "NORMAL", read_start };

/// The journal in SQLite.
#[derive(Debug)]
pub struct SqliteJournal {
    database: Database,
}

impl SqliteJournal {
    /// Opens the journal in `folder`, or creates both. It takes the folder's lock and holds it until it is closed, or
    /// dropped and done with what was asked of it.
    ///
    /// # Errors
    /// See [`OpenError`]. A journal that is damaged or from a newer Pawl is none: it is set aside.
    pub async fn open(folder: &Path) -> Result<Opened<Self>, OpenError> {
        Ok(open(folder, &PLAN).await?.map(|database| Self { database }))
    }

    /// The setting under `key`, if it was ever set.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub async fn setting(&self, key: &str) -> Result<Option<String>, JournalError> {
        let key = key.to_owned();
        self.read("read a setting", move |connection| settings::get(connection, &key)).await
    }

    /// Keeps `value` under `key`.
    ///
    /// # Errors
    /// When the journal cannot be written.
    pub async fn set_setting(&self, key: &str, value: &str) -> Result<(), JournalError> {
        let (key, value) = (key.to_owned(), value.to_owned());
        self.change("save a setting", move |connection| settings::set(connection, &key, &value)).await
    }

    /// Ends it after the calls that are under way, leaves one file and frees the folder. Later calls fail.
    pub async fn close(&self) {
        self.database.close().await;
    }

    async fn read<T, W>(&self, what: &'static str, work: W) -> Result<T, JournalError>
    where
        T: Send + 'static,
        W: FnMut(&Connection) -> Result<T, Fault> + Send + 'static,
    {
        self.database.read(work).await.map_err(|fault| JournalError { what, source: fault.into() })
    }

    async fn change<T, W>(&self, what: &'static str, work: W) -> Result<T, JournalError>
    where
        T: Send + 'static,
        W: FnMut(&Connection) -> Result<T, Fault> + Send + 'static,
    {
        self.database.write(work).await.map_err(|fault| JournalError { what, source: fault.into() })
    }
}

/// The list, and the chunks of what will go on.
fn read_start(connection: &Connection) -> Result<(), Fault> {
    let records = transfers::all(connection)?;
    let mut unfinished = records.iter().filter(|record| !record.state.is_terminal());
    unfinished.try_for_each(|record| chunks::of(connection, record.id).map(drop))
}

#[async_trait]
impl Journal for SqliteJournal {
    async fn transfers(&self) -> Result<Vec<TransferRecord>, JournalError> {
        self.read("list the transfers", transfers::all).await
    }

    async fn chunks(&self, id: TransferId) -> Result<ChunkRecords, JournalError> {
        self.read("load chunks", move |connection| chunks::of(connection, id)).await
    }

    async fn write(&self, changes: &[Change]) -> Result<(), JournalError> {
        let what = changes.first().map_or("write nothing", Change::what);
        let changes = changes.to_vec();
        let apply = move |connection: &Connection| changes.iter().try_for_each(|change| apply(connection, change));
        self.change(what, apply).await
    }
}

fn apply(connection: &Connection, change: &Change) -> Result<(), Fault> {
    match change {
        Change::Create(records) => records.iter().try_for_each(|record| transfers::insert(connection, record)),
        Change::Save(record) => transfers::update(connection, record),
        Change::Ack { id, chunks, bytes_sent } => {
            let key = transfers::set_bytes_sent(connection, *id, *bytes_sent)?;
            chunks::ack(connection, key, chunks)
        }
        Change::Unack { id, chunks } => chunks::unack(connection, *id, chunks),
        Change::Forget { record, digests } => {
            transfers::update(connection, record)?;
            chunks::forget(connection, record.id, *digests)
        }
        Change::Amend { record, keep } => {
            transfers::update(connection, record)?;
            chunks::keep_only(connection, record.id, keep)
        }
        Change::Remove(ids) => ids.iter().try_for_each(|id| transfers::delete(connection, *id)),
    }
}
