//! Whether a database file is all there, and hangs together.
//!
//! Cut off: SQLite reads pages past the end of a file as zeros and, while a log stands
//! beside it, does not complain. A page of digests would be silently wrong.
//!
//! What makes this exact: logs are only ever checkpointed whole ([`crate::desk`]), so a page is in the file, or in the
//! log, or lost.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, BufReader, ErrorKind, Read};
use std::path::Path;

use rusqlite::Connection;

use crate::aside::with_end;
use crate::obstacle::Obstacle;

/// Up to this many bytes SQLite checks the whole structure, in about a tenth of a second. Beyond, reading what the
/// start reads must do: a check of 10,000 finished transfers with their chunks (130 MB) took half a second.
const CHECKED_LEN: u64 = 32 << 20;
const LOG_HEADER_LEN: usize = 32;
const FRAME_HEADER_LEN: usize = 24;
/// SQLite locks bytes of the page at this offset and never writes it.
const LOCK_BYTES_AT: u64 = 1 << 30;

/// Whether every page that the database at `path` counts is there, and the pages hang together.
pub(crate) fn is_whole(connection: &Connection, path: &Path) -> Result<bool, Obstacle> {
    let number = |pragma| connection.pragma_query_value::<u64, _>(None, pragma, |row| row.get(0));
    let (page_len, pages) = (number("page_size")?, number("page_count")?);
    let in_file = fs::metadata(path)?.len() / page_len;
    Ok(holds(path, page_len, in_file, pages)? && (page_len * pages > CHECKED_LEN || hangs_together(connection)?))
}

fn hangs_together(connection: &Connection) -> rusqlite::Result<bool> {
    connection.query_row("PRAGMA quick_check(1)", [], |row| Ok(row.get_ref(0)?.as_str().is_ok_and(|word| word == "ok")))
}

fn holds(path: &Path, page_len: u64, in_file: u64, pages: u64) -> io::Result<bool> {
    if in_file >= pages {
        return Ok(true);
    }
    let logged = logged_pages(&with_end(path, "-wal"), page_len)?;
    let never_written = LOCK_BYTES_AT / page_len + 1;
    Ok((in_file + 1..=pages).all(|page| page == never_written || logged.contains(&page)))
}

/// The numbers of the pages in the committed part of a log (file format, section 4.1).
fn logged_pages(log: &Path, page_len: u64) -> io::Result<HashSet<u64>> {
    let mut reader = match File::open(log) {
        Ok(file) => BufReader::new(file),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(HashSet::new()),
        Err(error) => return Err(error),
    };
    let Some(header) = next::<LOG_HEADER_LEN>(&mut reader)? else { return Ok(HashSet::new()) };
    let (mut committed, mut open) = (HashSet::new(), Vec::new());
    while let Some(frame) = next::<FRAME_HEADER_LEN>(&mut reader)? {
        // Another salt: what follows was left by an earlier use of the file.
        if frame[8..16] != header[16..24] || !skip(&mut reader, page_len)? {
            break;
        }
        open.push(u64::from(number(&frame[0..4])));
        if number(&frame[4..8]) != 0 {
            committed.extend(open.drain(..));
        }
    }
    Ok(committed)
}

fn number(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |number, byte| number << 8 | u32::from(*byte))
}

/// The next `N` bytes, or none when the file ends before.
fn next<const N: usize>(reader: &mut impl Read) -> io::Result<Option<[u8; N]>> {
    let mut bytes = [0; N];
    match reader.read_exact(&mut bytes) {
        Ok(()) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether there were `len` more bytes.
fn skip(reader: &mut impl Read, len: u64) -> io::Result<bool> {
    Ok(io::copy(&mut reader.take(len), &mut io::sink())? == len)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE_LEN: u64 = 4096;

    /// A database of some 60 pages, with its log; the connection keeps it from being folded.
    fn logged(path: &Path) -> (Connection, u64) {
        let connection = Connection::open(path).expect("a database");
        let statements = "PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0; CREATE TABLE films (film BLOB);
                          INSERT INTO films VALUES (randomblob(120000)); INSERT INTO films VALUES (randomblob(120000))";
        connection.execute_batch(statements).expect("its films");
        let pages = connection.pragma_query_value(None, "page_count", |row| row.get(0)).expect("its length");
        (connection, pages)
    }

    #[test]
    fn a_page_is_in_the_file_or_in_the_log_or_lost() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("films.db");
        let (connection, pages) = logged(&path);
        for in_file in [0, 1, pages / 2, pages - 1, pages] {
            assert!(
                holds(&path, PAGE_LEN, in_file, pages).expect("a look"),
                "the log has what the file lacks: {in_file}"
            );
        }
        connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").expect("the log is folded");
        for in_file in [0, 1, pages / 2, pages - 1] {
            assert!(!holds(&path, PAGE_LEN, in_file, pages).expect("a look"), "nothing else has them: {in_file}");
        }
        assert!(holds(&path, PAGE_LEN, pages, pages).expect("a look"), "every page is in the file");
    }

    #[test]
    fn what_was_not_committed_is_not_in_the_log() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("films.db");
        let (_connection, pages) = logged(&path);
        let cut = folder.path().join("cut.db");
        let log = fs::read(with_end(&path, "-wal")).expect("the log");
        fs::write(with_end(&cut, "-wal"), &log[..log.len() - 1]).expect("a cut log");
        assert!(!holds(&cut, PAGE_LEN, 1, pages).expect("a look"), "the last commit lacks a byte, so it is none");
        let found = logged_pages(&with_end(&cut, "-wal"), PAGE_LEN).expect("a look");
        assert!(found.len() as u64 > pages / 3, "the commits before it count: {}", found.len());
    }

    #[test]
    fn the_page_of_the_lock_bytes_is_missed_by_nobody() {
        let folder = tempfile::tempdir().expect("a folder");
        let lock_page = LOCK_BYTES_AT / PAGE_LEN + 1;
        let held = holds(&folder.path().join("none.db"), PAGE_LEN, lock_page - 1, lock_page);
        assert!(held.expect("a look"), "SQLite never writes it");
    }
}
