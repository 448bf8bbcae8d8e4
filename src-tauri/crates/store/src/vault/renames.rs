//! The table of renames that were begun: a name for a video whose file is on its way to it.

use rusqlite::{Connection, params};
use server::ports::Rename;
use transfer::ids::ObjectId;

use crate::columns::Name;
use crate::fault::Fault;

/// One a video; it goes with its video.
pub(super) const VERSION_2: &str = "
CREATE TABLE renames (
    object TEXT NOT NULL PRIMARY KEY REFERENCES videos (object) ON DELETE CASCADE,
    name BLOB NOT NULL
) STRICT, WITHOUT ROWID";

pub(super) fn all(connection: &Connection) -> Result<Vec<Rename>, Fault> {
    let mut statement = connection.prepare_cached("SELECT object, name FROM renames ORDER BY object")?;
    let rename = |row: &rusqlite::Row<'_>| Ok(Rename { object: ObjectId(row.get(0)?), name: row.get::<_, Name>(1)?.0 });
    let renames = statement.query_map([], rename)?.collect::<Result<_, _>>()?;
    Ok(renames)
}

/// Instead of what was begun before.
pub(super) fn begin(connection: &Connection, rename: &Rename) -> Result<(), Fault> {
    let insert =
        "INSERT INTO renames (object, name) VALUES (?1, ?2) ON CONFLICT (object) DO UPDATE SET name = excluded.name";
    connection.prepare_cached(insert)?.execute(params![rename.object.0, rename.name.as_bytes()])?;
    Ok(())
}

/// Forgets it; with `moved` the video has that name now.
pub(super) fn end(connection: &Connection, object: &ObjectId, moved: bool) -> Result<(), Fault> {
    if moved {
        let update = "UPDATE videos SET name = renames.name FROM renames \
                      WHERE videos.object = ?1 AND renames.object = ?1";
        connection.prepare_cached(update)?.execute([&object.0])?;
    }
    connection.prepare_cached("DELETE FROM renames WHERE object = ?1")?.execute([&object.0])?;
    Ok(())
}
