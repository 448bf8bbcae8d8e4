//! The table of chunks: a digest for every chunk that was ever read whole, a receipt while it is acknowledged.
//!
//! The rows of a finished transfer stay: 45 bytes for 4 MiB that were sent, and nothing reads them at the start.

use std::collections::HashSet;

use rusqlite::{Connection, params};
use transfer::ids::TransferId;
use transfer::journal::{AckedChunk, ChunkRecords};
use transfer::layout::ChunkIndex;
use transfer::remote::ChunkReceipt;
use transfer::tree::Cv;

use super::transfers;
use crate::fault::Fault;

/// Acknowledged: there is a receipt.
pub(super) const VERSION_1: &str = "
CREATE TABLE chunks (
    transfer INTEGER NOT NULL REFERENCES transfers (key) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    cv BLOB NOT NULL,
    receipt TEXT,
    PRIMARY KEY (transfer, number)
) STRICT, WITHOUT ROWID";

/// What is known of the chunks of a transfer, in order.
pub(super) fn of(connection: &Connection, id: TransferId) -> Result<ChunkRecords, Fault> {
    let key = transfers::key(connection, id)?;
    let select = "SELECT number, cv, receipt FROM chunks WHERE transfer = ?1 ORDER BY number";
    let mut statement = connection.prepare_cached(select)?;
    let mut rows = statement.query([key])?;
    let mut records = ChunkRecords::default();
    while let Some(row) = rows.next()? {
        let number = row.get(0)?;
        records.cvs.push((number, Cv(row.get(1)?)));
        let receipt: Option<String> = row.get(2)?;
        records.acked.extend(receipt.map(|receipt| (number, ChunkReceipt(receipt))));
    }
    Ok(records)
}

pub(super) fn ack(connection: &Connection, key: i64, chunks: &[AckedChunk]) -> Result<(), Fault> {
    let insert = "INSERT INTO chunks (transfer, number, cv, receipt) VALUES (?1, ?2, ?3, ?4) \
                  ON CONFLICT DO UPDATE SET cv = excluded.cv, receipt = excluded.receipt";
    let mut statement = connection.prepare_cached(insert)?;
    for chunk in chunks {
        statement.execute(params![key, chunk.index.get(), chunk.cv.0, chunk.receipt.0])?;
    }
    Ok(())
}

/// The digests stay.
pub(super) fn unack(connection: &Connection, id: TransferId, chunks: &[ChunkIndex]) -> Result<(), Fault> {
    let key = transfers::key(connection, id)?;
    let update = "UPDATE chunks SET receipt = NULL WHERE transfer = ?1 AND number = ?2";
    let mut statement = connection.prepare_cached(update)?;
    for index in chunks {
        statement.execute(params![key, index.get()])?;
    }
    Ok(())
}

pub(super) fn forget(connection: &Connection, id: TransferId, digests: bool) -> Result<(), Fault> {
    let statement = match digests {
        true => "DELETE FROM chunks WHERE transfer = ?1",
        false => "UPDATE chunks SET receipt = NULL WHERE transfer = ?1",
    };
    let key = transfers::key(connection, id)?;
    connection.prepare_cached(statement)?.execute([key])?;
    Ok(())
}

/// Forgets all but these; of these nothing.
pub(super) fn keep_only(connection: &Connection, id: TransferId, keep: &[ChunkIndex]) -> Result<(), Fault> {
    let key = transfers::key(connection, id)?;
    let keep: HashSet<u32> = keep.iter().map(|index| index.get()).collect();
    let mut statement = connection.prepare_cached("SELECT number FROM chunks WHERE transfer = ?1")?;
    let there = statement.query_map([key], |row| row.get(0))?.collect::<Result<Vec<u32>, _>>()?;
    let mut delete = connection.prepare_cached("DELETE FROM chunks WHERE transfer = ?1 AND number = ?2")?;
    for number in there.iter().filter(|number| !keep.contains(number)) {
        delete.execute(params![key, number])?;
    }
    Ok(())
}
