//! The table of the digests of whole chunks.

use std::collections::HashSet;

use rusqlite::{Connection, params};
use transfer::layout::ByteRange;
use transfer::tree::Cv;

use crate::fault::Fault;

pub(super) const VERSION_1: &str = "
CREATE TABLE cvs (
    upload INTEGER NOT NULL REFERENCES uploads (key) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    cv BLOB NOT NULL,
    PRIMARY KEY (upload, number)
) STRICT, WITHOUT ROWID";

/// By number.
pub(super) fn of(connection: &Connection, upload: i64) -> Result<Vec<(u32, Cv)>, Fault> {
    let mut statement = connection.prepare_cached("SELECT number, cv FROM cvs WHERE upload = ?1 ORDER BY number")?;
    let cvs = statement.query_map([upload], |row| Ok((row.get(0)?, Cv(row.get(1)?))))?.collect::<Result<_, _>>()?;
    Ok(cvs)
}

/// Keeps a chunk's digest. The first stays: acknowledged bytes never change.
pub(super) fn keep(connection: &Connection, upload: i64, number: u32, cv: &Cv) -> Result<(), Fault> {
    let insert = "INSERT INTO cvs (upload, number, cv) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
    connection.prepare_cached(insert)?.execute(params![upload, number, cv.0])?;
    Ok(())
}

/// Forgets all but these.
pub(super) fn keep_only(connection: &Connection, upload: i64, keep: &[(u32, ByteRange)]) -> Result<(), Fault> {
    let keep: HashSet<u32> = keep.iter().map(|(number, _)| *number).collect();
    let mut delete = connection.prepare_cached("DELETE FROM cvs WHERE upload = ?1 AND number = ?2")?;
    for (number, _) in of(connection, upload)?.iter().filter(|(number, _)| !keep.contains(number)) {
        delete.execute(params![upload, number])?;
    }
    Ok(())
}
