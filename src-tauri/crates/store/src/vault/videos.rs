//! The table of finished videos: the catalogue.

use rusqlite::{Connection, OptionalExtension, Row, params};
use server::ports::{Owner, UploadId, Video};
use transfer::ids::ObjectId;
use transfer::name::FileName;
use transfer::tree::Root;
use transfer::units::Timestamp;

use crate::columns::Name;
use crate::fault::Fault;

/// One upload makes one video, and one name is one file. Instants are in milliseconds.
pub(super) const VERSION_1: &str = "
CREATE TABLE videos (
    object TEXT NOT NULL UNIQUE,
    upload TEXT NOT NULL UNIQUE,
    name BLOB NOT NULL UNIQUE,
    size INTEGER NOT NULL,
    root BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX videos_by_age ON videos (created_at, object)";

/// What came before there were owners is of whoever sits at the machine.
pub(super) const VERSION_3: &str = "ALTER TABLE videos ADD COLUMN owner TEXT NOT NULL DEFAULT '';
CREATE INDEX videos_by_owner ON videos (owner, size)";

const COLUMNS: &str = "object, upload, name, size, root, created_at, owner";

/// Newest first, after `after` in that order (nothing when there is no such video), at most `limit`.
pub(super) fn after(connection: &Connection, after: Option<&ObjectId>, limit: u32) -> Result<Vec<Video>, Fault> {
    let select = format!(
        "SELECT {COLUMNS} FROM videos \
         WHERE ?1 IS NULL OR (created_at, object) < (SELECT created_at, object FROM videos WHERE object = ?1) \
         ORDER BY created_at DESC, object DESC LIMIT ?2"
    );
    let mut statement = connection.prepare_cached(&select)?;
    let after = after.map(|object| &object.0);
    let videos = statement.query_map(params![after, limit], read)?.collect::<Result<_, _>>()?;
    Ok(videos)
}

pub(super) fn by_object(connection: &Connection, object: &ObjectId) -> Result<Option<Video>, Fault> {
    let mut statement = connection.prepare_cached(&format!("SELECT {COLUMNS} FROM videos WHERE object = ?1"))?;
    Ok(statement.query_row([&object.0], read).optional()?)
}

pub(super) fn by_upload(connection: &Connection, upload: &UploadId) -> Result<Option<Video>, Fault> {
    let mut statement = connection.prepare_cached(&format!("SELECT {COLUMNS} FROM videos WHERE upload = ?1"))?;
    Ok(statement.query_row([&upload.0], read).optional()?)
}

pub(super) fn by_name(connection: &Connection, name: &FileName) -> Result<Option<Video>, Fault> {
    let mut statement = connection.prepare_cached(&format!("SELECT {COLUMNS} FROM videos WHERE name = ?1"))?;
    Ok(statement.query_row([name.as_bytes()], read).optional()?)
}

/// Bytes of all videos of an owner.
pub(super) fn kept_of(connection: &Connection, owner: &Owner) -> Result<u64, Fault> {
    let mut statement = connection.prepare_cached("SELECT coalesce(sum(size), 0) FROM videos WHERE owner = ?1")?;
    Ok(statement.query_row([&owner.0], |row| row.get(0))?)
}

/// Its begun rename goes with it.
pub(super) fn delete(connection: &Connection, object: &ObjectId) -> Result<(), Fault> {
    connection.prepare_cached("DELETE FROM videos WHERE object = ?1")?.execute([&object.0])?;
    Ok(())
}

/// Adds a video; the same again changes nothing. A video of the same name loses its row: its file was taken away, or
/// the new one could not have got the name, and its id must not read another film.
pub(super) fn insert(connection: &Connection, video: &Video) -> Result<(), Fault> {
    let delete = "DELETE FROM videos WHERE name = ?1 AND object <> ?2";
    connection.prepare_cached(delete)?.execute(params![video.name.as_bytes(), video.object.0])?;
    let insert =
        format!("INSERT INTO videos ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (object) DO NOTHING");
    connection.prepare_cached(&insert)?.execute(params![
        video.object.0,
        video.upload.0,
        video.name.as_bytes(),
        video.size,
        video.root.0,
        video.created_at.0,
        video.owner.0,
    ])?;
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<Video> {
    Ok(Video {
        object: ObjectId(row.get("object")?),
        upload: UploadId(row.get("upload")?),
        owner: Owner(row.get("owner")?),
        name: row.get::<_, Name>("name")?.0,
        size: row.get("size")?,
        root: Root(row.get("root")?),
        created_at: Timestamp(row.get("created_at")?),
    })
}
