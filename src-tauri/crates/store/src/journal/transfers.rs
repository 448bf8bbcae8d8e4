//! The table of transfers: a row each, everything but the chunks.

use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::PathBuf;

use rusqlite::types::FromSqlError;
use rusqlite::{Connection, OptionalExtension, Row, ToSql, params};
use transfer::ids::{BatchId, DestinationId, TransferId};
use transfer::journal::TransferRecord;
use transfer::layout::ChunkLayout;
use transfer::remote::UploadHandle;
use transfer::source::Fingerprint;
use transfer::tree::Root;
use transfer::units::Timestamp;

use crate::columns::{Json, Name};
use crate::fault::Fault;

/// `key` is what other tables refer to: a few bytes, where `id` has sixteen. Instants are in milliseconds.
pub(super) const VERSION_1: &str = "
CREATE TABLE transfers (
    key INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    batch BLOB NOT NULL,
    position INTEGER NOT NULL,
    path BLOB NOT NULL,
    name BLOB NOT NULL,
    destination TEXT NOT NULL,
    source_size INTEGER NOT NULL,
    source_modified_ns BLOB NOT NULL,
    source_sample TEXT NOT NULL,
    layout_size INTEGER,
    layout_chunk_len INTEGER,
    max_chunk_len INTEGER,
    handle TEXT,
    intent TEXT NOT NULL,
    state TEXT NOT NULL,
    root BLOB,
    bytes_sent INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    ended_at INTEGER,
    CHECK ((layout_size IS NULL) = (layout_chunk_len IS NULL))
) STRICT";

/// In which folders a film shall stand, and what to do where its name is taken.
pub(super) const VERSION_2: &str = "ALTER TABLE transfers ADD COLUMN placing TEXT NOT NULL DEFAULT '{}'";

/// Whose turn comes before its place in line.
pub(super) const VERSION_3: &str = "ALTER TABLE transfers ADD COLUMN priority TEXT NOT NULL DEFAULT '\"normal\"'";

/// No file was being compared before that was known.
pub(super) const VERSION_4: &str = "ALTER TABLE transfers ADD COLUMN amending INTEGER NOT NULL DEFAULT 0";

const COLUMNS: &str = "id, batch, position, path, name, destination, source_size, source_modified_ns, source_sample, \
     layout_size, layout_chunk_len, max_chunk_len, handle, intent, state, root, bytes_sent, created_at, ended_at, placing, \
     priority, amending";
const VALUES: &str =
    "?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22";

/// Every transfer, in line order.
pub(super) fn all(connection: &Connection) -> Result<Vec<TransferRecord>, Fault> {
    let mut statement = connection.prepare_cached(&format!("SELECT {COLUMNS} FROM transfers"))?;
    let mut records = statement.query_map([], read)?.collect::<Result<Vec<_>, _>>()?;
    // Sorted here: SQLite would write a long list to a temporary file for that.
    records.sort_by_key(|record| (record.position, record.id));
    Ok(records)
}

/// What other tables call it.
pub(super) fn key(connection: &Connection, id: TransferId) -> Result<i64, Fault> {
    let mut statement = connection.prepare_cached("SELECT key FROM transfers WHERE id = ?1")?;
    known(statement.query_row([id.0], |row| row.get(0)).optional()?)
}

pub(super) fn insert(connection: &Connection, record: &TransferRecord) -> Result<(), Fault> {
    write(connection, &format!("INSERT INTO transfers ({COLUMNS}) VALUES ({VALUES})"), record).map(drop)
}

pub(super) fn update(connection: &Connection, record: &TransferRecord) -> Result<(), Fault> {
    let statement = format!("UPDATE transfers SET ({COLUMNS}) = ({VALUES}) WHERE id = ?1");
    known((write(connection, &statement, record)? > 0).then_some(()))
}

/// Answers with the key.
pub(super) fn set_bytes_sent(connection: &Connection, id: TransferId, bytes: u64) -> Result<i64, Fault> {
    let mut statement =
        connection.prepare_cached("UPDATE transfers SET bytes_sent = ?2 WHERE id = ?1 RETURNING key")?;
    known(statement.query_row(params![id.0, bytes], |row| row.get(0)).optional()?)
}

/// Its chunks go with it.
pub(super) fn delete(connection: &Connection, id: TransferId) -> Result<(), Fault> {
    connection.prepare_cached("DELETE FROM transfers WHERE id = ?1")?.execute([id.0])?;
    Ok(())
}

fn known<T>(found: Option<T>) -> Result<T, Fault> {
    found.ok_or(Fault::Missing("transfer"))
}

fn write(connection: &Connection, statement: &str, record: &TransferRecord) -> Result<usize, Fault> {
    let values: [&dyn ToSql; 22] = [
        &record.id.0,
        &record.batch.0,
        &record.position,
        &record.path.as_os_str().as_bytes(),
        &record.name.as_bytes(),
        &record.destination.0,
        &record.fingerprint.size,
        &record.fingerprint.modified_ns,
        &record.fingerprint.sample,
        &record.layout.map(|layout| layout.size()),
        &record.layout.map(|layout| layout.chunk_len()),
        &record.max_chunk_len,
        &record.handle.as_ref().map(|handle| &handle.0),
        &Json(record.intent),
        &Json(&record.state),
        &record.root.map(|root| root.0),
        &record.bytes_sent,
        &record.created_at.0,
        &record.ended_at.map(|at| at.0),
        &Json(&record.placing),
        &Json(record.priority),
        &record.amending,
    ];
    Ok(connection.prepare_cached(statement)?.execute(&values[..])?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<TransferRecord> {
    Ok(TransferRecord {
        id: TransferId(row.get("id")?),
        batch: BatchId(row.get("batch")?),
        position: row.get("position")?,
        priority: row.get::<_, Json<_>>("priority")?.0,
        path: PathBuf::from(OsString::from_vec(row.get("path")?)),
        name: row.get::<_, Name>("name")?.0,
        placing: row.get::<_, Json<_>>("placing")?.0,
        destination: DestinationId(row.get("destination")?),
        fingerprint: fingerprint(row)?,
        layout: layout(row)?,
        amending: row.get("amending")?,
        max_chunk_len: row.get("max_chunk_len")?,
        handle: row.get::<_, Option<_>>("handle")?.map(UploadHandle),
        intent: row.get::<_, Json<_>>("intent")?.0,
        state: row.get::<_, Json<_>>("state")?.0,
        root: row.get::<_, Option<_>>("root")?.map(Root),
        bytes_sent: row.get("bytes_sent")?,
        created_at: Timestamp(row.get("created_at")?),
        ended_at: row.get::<_, Option<_>>("ended_at")?.map(Timestamp),
    })
}

fn fingerprint(row: &Row<'_>) -> rusqlite::Result<Fingerprint> {
    Ok(Fingerprint {
        size: row.get("source_size")?,
        modified_ns: row.get("source_modified_ns")?,
        sample: row.get("source_sample")?,
    })
}

fn layout(row: &Row<'_>) -> rusqlite::Result<Option<ChunkLayout>> {
    let (size, chunk_len): (Option<u64>, Option<u64>) = (row.get("layout_size")?, row.get("layout_chunk_len")?);
    let layout = size.zip(chunk_len).map(|(size, chunk_len)| ChunkLayout::new(size, chunk_len)).transpose();
    layout.map_err(|error| FromSqlError::other(error).into())
}
