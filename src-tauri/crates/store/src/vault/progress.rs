//! What has arrived of an upload, over the tables that know it.

use rusqlite::Connection;
use server::ports::{Amended, Arrived, Mark, Marked, UploadId};
use transfer::units::Timestamp;

use super::{cvs, ranges, uploads};
use crate::fault::Fault;

pub(super) fn arrived(connection: &Connection, id: &UploadId) -> Result<Arrived, Fault> {
    match uploads::key(connection, id)? {
        Some(key) => Ok(Arrived { ranges: ranges::of(connection, key)?, cvs: cvs::of(connection, key)? }),
        None => Ok(Arrived::default()),
    }
}

pub(super) fn mark(connection: &Connection, id: &UploadId, mark: &Mark, at: Timestamp) -> Result<Marked, Fault> {
    let Some(key) = uploads::touch(connection, id, at)? else { return Ok(Marked::Duplicate) };
    if let Some((number, cv)) = &mark.cv {
        cvs::keep(connection, key, *number, cv)?;
    }
    ranges::add(connection, key, mark.range, mark.vouched)
}

pub(super) fn amend(connection: &Connection, id: &UploadId, amended: &Amended, at: Timestamp) -> Result<(), Fault> {
    let key = uploads::amend(connection, id, amended, at)?;
    cvs::keep_only(connection, key, &amended.keep)?;
    ranges::keep_only(connection, key, &amended.keep)
}
