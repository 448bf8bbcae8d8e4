//! A database file that may or may not be trusted, and the look at it that decides.
//!
//! Nothing is written to a file before it was found sound. A new database comes into being whole: it is made under
//! another name and renamed. So an empty file under the database's own name is always one that was cut.

use std::ffi::CStr;
use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fs, io};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, MAIN_DB, OpenFlags};

use crate::aside::{Why, orphaned, sync_folder_of, with_end};
use crate::database::Connections;
use crate::fault::Fault;
use crate::obstacle::Obstacle;
use crate::schema::{self, Step};
use crate::wholeness::is_whole;

/// How long a connection waits for another's lock. Ours hold theirs for milliseconds.
const PATIENCE: Duration = Duration::from_secs(5);

/// The index of the log lives in this process's own memory instead of a mapped file, which only costs other processes
/// their access. A mapped file kills the process when its disk fails, and a network file system cannot share one.
const OWN_INDEX: &CStr = c"unix-excl";

/// What makes one database different from the other.
#[derive(Debug)]
pub(crate) struct Plan {
    /// Its file's name.
    pub(crate) name: &'static str,
    /// What made it what it is.
    pub(crate) steps: &'static [Step],
    /// `PRAGMA synchronous`: what a commit promises when the power fails.
    pub(crate) synchronous: &'static str,
    /// Reads everything that the program reads before it can start, so that damage there shows now.
    pub(crate) read_start: fn(&Connection) -> Result<(), Fault>,
}

/// A database that is being opened, under its folder's lock.
pub(crate) struct Candidate<'p> {
    /// Its file; absolute.
    pub(crate) path: PathBuf,
    pub(crate) plan: &'p Plan,
}

impl Candidate<'_> {
    /// The database's connections; it is created if there is none, checked, and brought to the newest version.
    pub(crate) fn open(&self) -> Result<Connections, Obstacle> {
        self.ensure_there()?;
        // SQLite would open a write-protected file for reading, and fail at the first write.
        fs::OpenOptions::new().write(true).open(&self.path)?;
        let mut writer = self.connect(&self.path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        self.check(&mut writer)?;
        self.configure(&writer)?;
        let reader = self.connect(&self.path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        Ok(Connections { writer, reader })
    }

    fn ensure_there(&self) -> Result<(), Obstacle> {
        match fs::metadata(&self.path) {
            Ok(file) if file.len() == 0 => Err(Obstacle::Unusable(Why::Damaged)),
            Ok(_) => Ok(()),
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
            // A new database beside an old log would take the log's pages for its own.
            Err(_) if orphaned(&self.path) => Err(Obstacle::Unusable(Why::Damaged)),
            Err(_) => self.create(),
        }
    }

    fn create(&self) -> Result<(), Obstacle> {
        let made = with_end(&self.path, ".new");
        for leftover in [&made, &with_end(&made, "-journal")] {
            match fs::remove_file(leftover) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
                Ok(()) | Err(_) => {}
            }
        }
        self.write_empty(&made)?;
        fs::rename(&made, &self.path)?;
        Ok(sync_folder_of(&self.path)?)
    }

    fn write_empty(&self, made: &Path) -> Result<(), Obstacle> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
        let mut connection = self.connect(made, flags)?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        let transaction = connection.transaction()?;
        schema::migrate(&transaction, self.plan.steps, 0)?;
        transaction.commit()?;
        connection.close().map_err(|(_, error)| error.into())
    }

    /// A connection that leaves a log alone when it closes, for whether it may be touched is not known yet.
    fn connect(&self, path: &Path, flags: OpenFlags) -> Result<Connection, Obstacle> {
        let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags_and_vfs(path, flags, OWN_INDEX)?;
        connection.busy_timeout(PATIENCE)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        connection.pragma_update(None, "cell_size_check", true)?;
        Ok(connection)
    }

    /// Looks at everything that the start rests on. Migration is part of the same transaction, so that nothing is
    /// written to a database that turns out to be damaged.
    fn check(&self, connection: &mut Connection) -> Result<(), Obstacle> {
        let version = self.known_version(schema::version(connection)?)?;
        // A header that forbids to write is none of ours.
        if connection.is_readonly(MAIN_DB)? || !is_whole(connection, &self.path)? {
            return Err(Obstacle::Unusable(Why::Damaged));
        }
        let transaction = connection.transaction()?;
        schema::migrate(&transaction, self.plan.steps, version)?;
        if !schema::is_complete(&transaction, self.plan.steps)? {
            return Err(Obstacle::Unusable(Why::Damaged));
        }
        (self.plan.read_start)(&transaction)?;
        Ok(transaction.commit()?)
    }

    fn known_version(&self, found: i64) -> Result<usize, Obstacle> {
        let known = self.plan.steps.len();
        match usize::try_from(found) {
            Ok(version) if version <= known => Ok(version),
            Ok(version) => {
                let number = |number| u32::try_from(number).unwrap_or(u32::MAX);
                Err(Obstacle::Unusable(Why::Newer { found: number(version), known: number(known) }))
            }
            Err(_) => Err(Obstacle::Unusable(Why::Damaged)),
        }
    }

    fn configure(&self, connection: &Connection) -> Result<(), Obstacle> {
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
        connection.pragma_update(None, "synchronous", self.plan.synchronous)?;
        // The desk folds the log itself, whole.
        Ok(connection.pragma_update_and_check(None, "wal_autocheckpoint", 0, |_| Ok(()))?)
    }
}
