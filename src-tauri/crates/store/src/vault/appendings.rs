//! The table of what is told of uploads whose bytes come in order. A row outlives its upload: who sent a film may ask for
//! it under its upload's address as long as the film is there.

use rusqlite::{Connection, OptionalExtension, Row, params};
use server::ports::{Appending, Owner, UploadId};
use transfer::ids::ObjectId;

use crate::columns::Json;
use crate::fault::Fault;

/// `role` and `ending` are JSON.
pub(super) const VERSION_4: &str = "
CREATE TABLE appendings (
    id TEXT NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,
    metadata TEXT,
    role TEXT NOT NULL,
    ending TEXT NOT NULL
) STRICT, WITHOUT ROWID";

const COLUMNS: &str = "id, owner, metadata, role, ending";

pub(super) fn insert(connection: &Connection, appending: &Appending) -> Result<(), Fault> {
    let insert = format!("INSERT INTO appendings ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5)");
    connection.prepare_cached(&insert)?.execute(params![
        appending.id.0,
        appending.owner.0,
        appending.metadata,
        Json(&appending.role),
        Json(appending.ending),
    ])?;
    Ok(())
}

/// Those whose uploads are unfinished.
pub(super) fn unfinished(connection: &Connection) -> Result<Vec<Appending>, Fault> {
    let select = format!("SELECT {COLUMNS} FROM appendings WHERE id IN (SELECT id FROM uploads)");
    let mut statement = connection.prepare_cached(&select)?;
    let appendings = statement.query_map([], read)?.collect::<Result<_, _>>()?;
    Ok(appendings)
}

pub(super) fn of(connection: &Connection, id: &UploadId) -> Result<Option<Appending>, Fault> {
    let mut statement = connection.prepare_cached(&format!("SELECT {COLUMNS} FROM appendings WHERE id = ?1"))?;
    Ok(statement.query_row([&id.0], read).optional()?)
}

pub(super) fn delete(connection: &Connection, id: &UploadId) -> Result<(), Fault> {
    connection.prepare_cached("DELETE FROM appendings WHERE id = ?1")?.execute([&id.0])?;
    Ok(())
}

/// The one that brought a video.
pub(super) fn delete_of(connection: &Connection, object: &ObjectId) -> Result<(), Fault> {
    let delete = "DELETE FROM appendings WHERE id IN (SELECT upload FROM videos WHERE object = ?1)";
    connection.prepare_cached(delete)?.execute([&object.0])?;
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<Appending> {
    Ok(Appending {
        id: UploadId(row.get("id")?),
        owner: Owner(row.get("owner")?),
        metadata: row.get("metadata")?,
        role: row.get::<_, Json<_>>("role")?.0,
        ending: row.get::<_, Json<_>>("ending")?.0,
    })
}
