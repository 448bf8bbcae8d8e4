//! The thread's side of a desk: transactions, and the care of the log.

use std::path::PathBuf;
use std::sync::Arc;
use std::{fs, iter};

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::mpsc;

use super::Job;
use crate::aside::with_end;
use crate::fault::Fault;
use crate::folder_lock::FolderLock;

/// How many calls share a transaction at most.
const SHARE: usize = 64;
/// The log is folded into the database beyond this many bytes.
pub(super) const LOG_LEN: u64 = 4 << 20;

/// A connection and what its thread has to know of it.
#[derive(Debug)]
pub(crate) struct Owned {
    pub(crate) connection: Connection,
    /// The database's file.
    pub(crate) path: PathBuf,
    pub(crate) role: Role,
    pub(crate) lock: Arc<FolderLock>,
}

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// The one that writes, and looks after the log.
    Writer,
    /// Reads; each call sees one instant.
    Reader,
}

impl Role {
    fn share(self) -> usize {
        match self {
            Self::Writer => SHARE,
            Self::Reader => 1,
        }
    }

    fn behavior(self) -> TransactionBehavior {
        match self {
            Self::Writer => TransactionBehavior::Immediate,
            Self::Reader => TransactionBehavior::Deferred,
        }
    }
}

impl Owned {
    /// Carries out what comes until nobody can ask any more.
    pub(super) fn serve(mut self, mut queue: mpsc::Receiver<Box<dyn Job>>) {
        while let Some(first) = queue.blocking_recv() {
            let others = iter::from_fn(|| queue.try_recv().ok());
            let jobs = iter::once(first).chain(others).take(self.role.share()).collect();
            self.carry_out(jobs);
            if self.log_len() > LOG_LEN {
                self.fold_log();
            }
        }
        self.end();
    }

    fn carry_out(&mut self, mut jobs: Vec<Box<dyn Job>>) {
        if jobs.len() > 1 && self.together(&mut jobs).unwrap_or(false) {
            jobs.into_iter().for_each(|job| job.answer(Ok(())));
        } else {
            jobs.into_iter().for_each(|job| self.alone(job));
        }
    }

    /// Whether all of them succeeded and are committed; else there is no trace of any.
    fn together(&mut self, jobs: &mut [Box<dyn Job>]) -> rusqlite::Result<bool> {
        let transaction = self.connection.transaction_with_behavior(self.role.behavior())?;
        let fine = jobs.iter_mut().all(|job| job.attempt(&transaction));
        if fine { transaction.commit().map(|()| true) } else { Ok(false) }
    }

    fn alone(&mut self, mut job: Box<dyn Job>) {
        let mut attempt = || {
            let transaction = self.connection.transaction_with_behavior(self.role.behavior())?;
            if job.attempt(&transaction) { transaction.commit() } else { Ok(()) }
        };
        let transaction = attempt().map_err(Fault::from);
        job.answer(transaction);
    }

    fn log_len(&self) -> u64 {
        match self.role {
            Role::Writer => fs::metadata(with_end(&self.path, "-wal")).map_or(0, |log| log.len()),
            Role::Reader => 0,
        }
    }

    /// Folds the log into the database, whole: a log of which a part is in the database already could, cut short,
    /// give a mixture of old and new pages.
    fn fold_log(&self) {
        let folded = self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        if let Err(error) = folded {
            tracing::warn!(%error, path = %self.path.display(), "the database's log stays as it is for now");
        }
    }

    fn end(self) {
        // SQLite refuses to fold a log that was never begun.
        if self.log_len() > 0 {
            self.fold_log();
        }
        if let Err((_, error)) = self.connection.close() {
            tracing::warn!(%error, path = %self.path.display(), "the database did not close; its log is kept");
        }
        drop(self.lock);
    }
}
