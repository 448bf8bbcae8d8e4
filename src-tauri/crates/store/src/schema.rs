//! Versions of a database: forward only, one step a version, all missing steps in one transaction.

use rusqlite::{Connection, Result};

/// What leads from one version to the next: statements, a table's in the file of that table. A step that was released
/// is never edited; a change is a new step.
pub(crate) type Step = &'static [&'static str];

/// The version of the database: how many steps were taken. Negative when something else wrote it.
pub(crate) fn version(connection: &Connection) -> Result<i64> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Takes the steps after `from`. The caller owns the transaction.
pub(crate) fn migrate(connection: &Connection, steps: &[Step], from: usize) -> Result<()> {
    let missing = steps.get(from..).unwrap_or_default();
    missing.iter().flat_map(|step| step.iter()).try_for_each(|statement| connection.execute_batch(statement))?;
    match missing {
        [] => Ok(()),
        [_, ..] => connection.pragma_update(None, "user_version", steps.len()),
    }
}

/// Whether the database has everything that `steps` make, to the letter.
pub(crate) fn is_complete(connection: &Connection, steps: &[Step]) -> Result<bool> {
    let fresh = Connection::open_in_memory()?;
    migrate(&fresh, steps, 0)?;
    let found = entries(connection)?;
    Ok(entries(&fresh)?.iter().all(|entry| found.contains(entry)))
}

type Entry = (String, String, Option<String>);

fn entries(connection: &Connection) -> Result<Vec<Entry>> {
    let mut statement = connection.prepare("SELECT type, name, sql FROM sqlite_schema")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    rows.collect()
}
