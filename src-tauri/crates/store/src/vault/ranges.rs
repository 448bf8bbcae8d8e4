//! The table of received byte ranges: disjoint, and joined where they touch and agree on the voucher.

use rusqlite::types::FromSqlError;
use rusqlite::{Connection, Row, params};
use server::ports::Marked;
use transfer::layout::ByteRange;

use super::coverage::{Covered, join, within};
use crate::fault::Fault;

pub(super) const VERSION_1: &str = "
CREATE TABLE ranges (
    upload INTEGER NOT NULL REFERENCES uploads (key) ON DELETE CASCADE,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    vouched INTEGER NOT NULL,
    PRIMARY KEY (upload, start),
    CHECK (start < end)
) STRICT, WITHOUT ROWID";

/// Sorted.
pub(super) fn of(connection: &Connection, upload: i64) -> Result<Vec<Covered>, Fault> {
    let select = "SELECT start, end, vouched FROM ranges WHERE upload = ?1 ORDER BY start";
    let mut statement = connection.prepare_cached(select)?;
    let ranges = statement.query_map([upload], read)?.collect::<Result<_, _>>()?;
    Ok(ranges)
}

/// Adds a range. A byte that a digest vouched for once stays vouched for.
pub(super) fn add(connection: &Connection, upload: i64, range: ByteRange, vouched: bool) -> Result<Marked, Fault> {
    if range.is_empty() {
        return Ok(Marked::Duplicate);
    }
    let before = touching(connection, upload, range)?;
    let (after, marked) = join(&before, (range, vouched));
    if after != before {
        replace(connection, upload, &before, &after)?;
    }
    Ok(marked)
}

/// Forgets every byte but those of these chunks, which are in order.
pub(super) fn keep_only(connection: &Connection, upload: i64, keep: &[(u32, ByteRange)]) -> Result<(), Fault> {
    let before = of(connection, upload)?;
    let after = within(&before, keep.iter().map(|(_, range)| *range));
    replace(connection, upload, &before, &after)
}

/// The stored ranges that share a border or a byte with `range`. Only the last that starts before it can: they are
/// disjoint. So nothing else is read, however many there are.
fn touching(connection: &Connection, upload: i64, range: ByteRange) -> Result<Vec<Covered>, Fault> {
    let select = "SELECT start, end, vouched FROM ranges \
                  WHERE upload = ?1 AND end >= ?2 AND start <= ?3 AND start >= coalesce( \
                      (SELECT max(start) FROM ranges WHERE upload = ?1 AND start < ?2), ?2) \
                  ORDER BY start";
    let mut statement = connection.prepare_cached(select)?;
    let ranges = statement.query_map(params![upload, range.start(), range.end()], read)?.collect::<Result<_, _>>()?;
    Ok(ranges)
}

fn replace(connection: &Connection, upload: i64, before: &[Covered], after: &[Covered]) -> Result<(), Fault> {
    let mut delete = connection.prepare_cached("DELETE FROM ranges WHERE upload = ?1 AND start = ?2")?;
    for (range, _) in before {
        delete.execute(params![upload, range.start()])?;
    }
    let insert = "INSERT INTO ranges (upload, start, end, vouched) VALUES (?1, ?2, ?3, ?4)";
    let mut insert = connection.prepare_cached(insert)?;
    for (range, vouched) in after {
        insert.execute(params![upload, range.start(), range.end(), vouched])?;
    }
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<Covered> {
    let range = ByteRange::new(row.get(0)?, row.get(1)?);
    Ok((range.ok_or(FromSqlError::OutOfRange(row.get(1)?))?, row.get(2)?))
}
