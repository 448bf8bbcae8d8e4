//! The table of unfinished uploads. A claim is a name and a root in the upload's own row, so it can be taken once.

use rusqlite::{Connection, OptionalExtension, Row, params};
use server::ports::{Amended, Claim, Owner, Stage, Upload, UploadId};
use transfer::ids::ObjectId;
use transfer::name::FileName;
use transfer::remote::Arriving;
use transfer::tree::Root;
use transfer::units::Timestamp;

use crate::columns::{Json, Name};
use crate::fault::Fault;

/// `key` is what other tables refer to. Instants are in milliseconds.
pub(super) const VERSION_1: &str = "
CREATE TABLE uploads (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    object TEXT NOT NULL UNIQUE,
    name BLOB NOT NULL,
    size INTEGER,
    chunk_len INTEGER NOT NULL,
    claimed_name BLOB,
    claimed_root BLOB,
    arriving TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    touched_at INTEGER NOT NULL,
    CHECK ((claimed_name IS NULL) = (claimed_root IS NULL))
) STRICT";

/// What was begun before there were owners is of whoever sits at the machine.
pub(super) const VERSION_3: &str = "ALTER TABLE uploads ADD COLUMN owner TEXT NOT NULL DEFAULT ''";

/// No upload was amended before that was known.
pub(super) const VERSION_5: &str = "ALTER TABLE uploads ADD COLUMN amended_from TEXT";

const COLUMNS: &str = "id, object, name, size, chunk_len, claimed_name, claimed_root, arriving, created_at, touched_at, \
     owner, amended_from";

/// Every upload, oldest first.
pub(super) fn all(connection: &Connection) -> Result<Vec<Upload>, Fault> {
    let select = format!("SELECT {COLUMNS} FROM uploads ORDER BY key");
    let mut statement = connection.prepare_cached(&select)?;
    let uploads = statement.query_map([], read)?.collect::<Result<_, _>>()?;
    Ok(uploads)
}

/// What other tables call it.
pub(super) fn key(connection: &Connection, id: &UploadId) -> Result<Option<i64>, Fault> {
    let mut statement = connection.prepare_cached("SELECT key FROM uploads WHERE id = ?1")?;
    Ok(statement.query_row([&id.0], |row| row.get(0)).optional()?)
}

/// Writes it down unless its id is taken; answers with the one that is there then.
pub(super) fn begin(connection: &Connection, upload: &Upload) -> Result<Upload, Fault> {
    let insert = format!(
        "INSERT INTO uploads ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) ON CONFLICT (id) DO NOTHING"
    );
    let (claimed_name, claimed_root) = match &upload.stage {
        Stage::Receiving => (None, None),
        Stage::Publishing { name, root } => (Some(name.as_bytes()), Some(root.0)),
    };
    connection.prepare_cached(&insert)?.execute(params![
        upload.id.0,
        upload.object.0,
        upload.name.as_bytes(),
        upload.size,
        upload.chunk_len,
        claimed_name,
        claimed_root,
        Json(upload.arriving),
        upload.created_at.0,
        upload.touched_at.0,
        upload.owner.0,
        upload.amended_from.as_ref().map(|object| &object.0),
    ])?;
    let mut statement = connection.prepare_cached(&format!("SELECT {COLUMNS} FROM uploads WHERE id = ?1"))?;
    Ok(statement.query_row([&upload.id.0], read)?)
}

/// It received something. Answers with its key.
pub(super) fn touch(connection: &Connection, id: &UploadId, at: Timestamp) -> Result<Option<i64>, Fault> {
    let mut statement = connection.prepare_cached("UPDATE uploads SET touched_at = ?2 WHERE id = ?1 RETURNING key")?;
    Ok(statement.query_row(params![id.0, at.0], |row| row.get(0)).optional()?)
}

pub(super) fn announce(connection: &Connection, id: &UploadId, arriving: Arriving, at: Timestamp) -> Result<(), Fault> {
    let update = "UPDATE uploads SET arriving = ?2, touched_at = ?3 WHERE id = ?1";
    connection.prepare_cached(update)?.execute(params![id.0, Json(arriving), at.0])?;
    Ok(())
}

/// Its length is known now.
pub(super) fn settle(connection: &Connection, id: &UploadId, size: u64) -> Result<(), Fault> {
    connection.prepare_cached("UPDATE uploads SET size = ?2 WHERE id = ?1")?.execute(params![id.0, size])?;
    Ok(())
}

/// It is that of another file from now on, which its sender means to send, unless it is claimed. Answers with its key.
pub(super) fn amend(connection: &Connection, id: &UploadId, amended: &Amended, at: Timestamp) -> Result<i64, Fault> {
    let update = "UPDATE uploads SET object = ?2, amended_from = ?3, size = ?4, touched_at = ?5, arriving = ?6 \
                  WHERE id = ?1 AND claimed_name IS NULL RETURNING key";
    let values = params![id.0, amended.object.0, amended.from.0, amended.size, at.0, Json(Arriving::Yes)];
    let key = connection.prepare_cached(update)?.query_row(values, |row| row.get(0)).optional()?;
    key.ok_or(Fault::Missing("upload"))
}

/// Takes the claim if nobody has it.
pub(super) fn claim(connection: &Connection, id: &UploadId, name: &FileName, root: &Root) -> Result<Claim, Fault> {
    let update = "UPDATE uploads SET claimed_name = ?2, claimed_root = ?3 WHERE id = ?1 AND claimed_name IS NULL";
    let claimed = connection.prepare_cached(update)?.execute(params![id.0, name.as_bytes(), root.0])?;
    match (claimed, key(connection, id)?) {
        (0, None) => Ok(Claim::Unknown),
        (0, Some(_)) => Ok(Claim::Taken),
        (_, _) => Ok(Claim::Mine),
    }
}

pub(super) fn rename_claim(connection: &Connection, id: &UploadId, name: &FileName) -> Result<(), Fault> {
    let update = "UPDATE uploads SET claimed_name = ?2 WHERE id = ?1 AND claimed_name IS NOT NULL";
    match connection.prepare_cached(update)?.execute(params![id.0, name.as_bytes()])? {
        0 => Err(Fault::Missing("claim")),
        _ => Ok(()),
    }
}

/// What arrived of it goes with it.
pub(super) fn delete(connection: &Connection, id: &UploadId) -> Result<(), Fault> {
    connection.prepare_cached("DELETE FROM uploads WHERE id = ?1")?.execute([&id.0])?;
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<Upload> {
    Ok(Upload {
        id: UploadId(row.get("id")?),
        object: ObjectId(row.get("object")?),
        amended_from: row.get::<_, Option<_>>("amended_from")?.map(ObjectId),
        owner: Owner(row.get("owner")?),
        name: row.get::<_, Name>("name")?.0,
        size: row.get("size")?,
        chunk_len: row.get("chunk_len")?,
        stage: stage(row)?,
        arriving: row.get::<_, Json<_>>("arriving")?.0,
        created_at: Timestamp(row.get("created_at")?),
        touched_at: Timestamp(row.get("touched_at")?),
    })
}

fn stage(row: &Row<'_>) -> rusqlite::Result<Stage> {
    let name: Option<Name> = row.get("claimed_name")?;
    let root = row.get::<_, Option<_>>("claimed_root")?.map(Root);
    Ok(name.zip(root).map_or(Stage::Receiving, |(name, root)| Stage::Publishing { name: name.0, root }))
}
