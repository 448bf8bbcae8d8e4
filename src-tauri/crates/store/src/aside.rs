//! Setting a database aside: what cannot be trusted, or is from the future, keeps its bytes under another name.

use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::{fmt, io};

use time::OffsetDateTime;
use time::macros::format_description;
use transfer::units::Timestamp;

/// What SQLite keeps beside a database, by the end of its name.
const COMPANIONS: [&str; 3] = ["-wal", "-shm", "-journal"];

/// Why a database was set aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// What it holds cannot be read, or is not what Pawl writes.
    Damaged,
    /// A newer Pawl wrote it.
    Newer {
        /// Its version.
        found: u32,
        /// The newest version that this Pawl knows.
        known: u32,
    },
}

/// A database that was set aside, whole and unchanged. Its `Display` is for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAside {
    /// Where it is now.
    pub path: PathBuf,
    /// Why.
    pub why: Why,
}

impl fmt::Display for SetAside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match self.why {
            Why::Damaged => write!(f, "A database was damaged. It was kept as {path}, and an empty one was begun."),
            Why::Newer { found, known } => write!(
                f,
                "A database is from a newer Pawl (version {found}, this one knows {known}). It was kept as {path}, \
                 and an empty one was begun; the newer Pawl can go on with it under its old name."
            ),
        }
    }
}

/// Renames the database at `path` and what SQLite keeps beside it. The caller holds the folder's lock.
pub(crate) fn set_aside(path: &Path, why: Why, now: Timestamp) -> io::Result<SetAside> {
    let kept = free_name(path, why, now);
    // The database goes first: a log without its database is set aside at the next start, while a database that has
    // lost its log could be taken for a whole one.
    for end in [""].iter().chain(&COMPANIONS) {
        match fs::rename(with_end(path, end), with_end(&kept, end)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
    }
    sync_folder_of(path)?;
    Ok(SetAside { path: kept, why })
}

/// Whether a log or a rollback journal with anything in it stands at `path`, where no database is.
pub(crate) fn orphaned(path: &Path) -> bool {
    let holds_bytes = |end: &str| fs::metadata(with_end(path, end)).is_ok_and(|found| found.len() > 0);
    holds_bytes("-wal") || holds_bytes("-journal")
}

/// `path` with `end` after its name.
pub(crate) fn with_end(path: &Path, end: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(end);
    PathBuf::from(name)
}

/// Makes the names in the folder of `path` durable.
pub(crate) fn sync_folder_of(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}

fn free_name(path: &Path, why: Why, now: Timestamp) -> PathBuf {
    let word = match why {
        Why::Damaged => "damaged",
        Why::Newer { .. } => "newer",
    };
    let first = with_end(path, &format!(".{word}-{}", stamp(now)));
    let taken = |name: &PathBuf| [""].iter().chain(&COMPANIONS).any(|end| with_end(name, end).exists());
    let numbered = (2..).map(|number: u64| with_end(&first, &format!("-{number}")));
    std::iter::once(first.clone()).chain(numbered).find(|name| !taken(name)).unwrap_or(first)
}

/// `YYYYMMDD-HHMMSS` in UTC.
fn stamp(now: Timestamp) -> String {
    let format = format_description!("[year][month][day]-[hour][minute][second]");
    let at = OffsetDateTime::from_unix_timestamp(now.0.div_euclid(1000)).ok().and_then(|at| at.format(&format).ok());
    at.unwrap_or_else(|| now.0.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_was_set_aside_is_ever_overwritten() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("journal.db");
        let now = Timestamp(1_763_937_901_000);
        let once = |text: &str| {
            fs::write(&path, text).expect("a database");
            fs::write(with_end(&path, "-wal"), text).expect("its log");
            set_aside(&path, Why::Damaged, now).expect("it is set aside").path
        };
        let (first, second) = (once("first"), once("second"));
        assert!(first.ends_with("journal.db.damaged-20251123-224501"), "the name says what and when: {first:?}");
        for (kept, text) in [(first, "first"), (second, "second")] {
            assert_eq!(fs::read_to_string(&kept).expect("kept"), text, "two in one second are two files");
            assert_eq!(fs::read_to_string(with_end(&kept, "-wal")).expect("kept"), text, "its log stays beside it");
        }
        assert!(!path.exists() && !orphaned(&path), "nothing stays under the old name");
    }
}
