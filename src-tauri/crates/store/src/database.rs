//! An open database: a thread that writes and one that reads.

use std::io;
use std::path::Path;
use std::sync::Arc;

use rusqlite::Connection;

use crate::desk::{Desk, Owned, Role};
use crate::fault::Fault;
use crate::folder_lock::FolderLock;

/// The connections of a database.
pub(crate) struct Connections {
    pub(crate) writer: Connection,
    pub(crate) reader: Connection,
}

/// An open database.
#[derive(Debug)]
pub(crate) struct Database {
    writer: Desk,
    reader: Desk,
}

impl Database {
    /// Puts connections to work that were checked and configured.
    pub(crate) fn start(connections: Connections, path: &Path, lock: FolderLock) -> io::Result<Self> {
        let lock = Arc::new(lock);
        let desk =
            |role, connection| Desk::start(Owned { connection, path: path.to_owned(), role, lock: Arc::clone(&lock) });
        Ok(Self { writer: desk(Role::Writer, connections.writer)?, reader: desk(Role::Reader, connections.reader)? })
    }

    /// Writes; durable as far as the database promises when it returns.
    pub(crate) async fn write<T, W>(&self, work: W) -> Result<T, Fault>
    where
        T: Send + 'static,
        W: FnMut(&Connection) -> Result<T, Fault> + Send + 'static,
    {
        self.writer.ask(work).await
    }

    /// Reads; sees every write that returned before the call.
    pub(crate) async fn read<T, W>(&self, work: W) -> Result<T, Fault>
    where
        T: Send + 'static,
        W: FnMut(&Connection) -> Result<T, Fault> + Send + 'static,
    {
        self.reader.ask(work).await
    }

    /// Folds the log into the database and closes it. The reader goes first: the last connection removes the log, and
    /// one that only reads cannot.
    pub(crate) async fn close(&self) {
        self.reader.close().await;
        self.writer.close().await;
    }
}
