//! A thread that owns a connection and does, in order, what is asked of it. Callers wait without blocking theirs.
//!
//! What has queued up goes into one transaction, so that many small writes share one commit; everybody is answered
//! after it. When one of them fails, the whole is undone and each is tried alone: nobody pays for another's failure.
//! The thread ends when its desk is dropped or closed, and holds the folder's lock until its connection is closed.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::{mpsc, oneshot};

use crate::aside::with_end;
use crate::fault::Fault;
use crate::folder_lock::FolderLock;

/// How many calls may wait; more wait outside.
const QUEUE: usize = 256;
/// How many calls share a transaction at most.
const SHARE: usize = 64;
/// The log is folded into the database beyond this many bytes.
const LOG_LEN: u64 = 4 << 20;

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

/// The way to a connection's thread.
#[derive(Debug)]
pub(crate) struct Desk {
    /// None once it is closed.
    open: Mutex<Option<Open>>,
}

#[derive(Debug)]
struct Open {
    jobs: mpsc::Sender<Box<dyn Job>>,
    thread: JoinHandle<()>,
}

impl Desk {
    /// Gives the connection a thread.
    pub(crate) fn start(owned: Owned) -> io::Result<Self> {
        let (jobs, queue) = mpsc::channel(QUEUE);
        let name = format!("sqlite {:?}", owned.role);
        let thread = thread::Builder::new().name(name).spawn(move || serve(owned, queue))?;
        Ok(Self { open: Mutex::new(Some(Open { jobs, thread })) })
    }

    /// Does `work` in a transaction and gives its answer once that is committed. `work` may be done again from the
    /// start when the transaction was undone. A caller that goes away does not stop it.
    pub(crate) async fn ask<T, W>(&self, work: W) -> Result<T, Fault>
    where
        T: Send + 'static,
        W: FnMut(&Connection) -> Result<T, Fault> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let jobs = self.jobs().ok_or(Fault::Closed)?;
        jobs.send(Box::new(Request { work, outcome: None, reply })).await.map_err(|_| Fault::Closed)?;
        drop(jobs);
        answer.await.unwrap_or(Err(Fault::Closed))
    }

    /// Ends the thread after what was asked before, and waits for that. Later calls find it closed.
    pub(crate) async fn close(&self) {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(Open { jobs, thread }) = open else { return };
        drop(jobs);
        match tokio::task::spawn_blocking(|| thread.join()).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) => tracing::error!("a database's thread panicked"),
            Err(error) => tracing::warn!(%error, "a database's thread is left to end alone"),
        }
    }

    fn jobs(&self) -> Option<mpsc::Sender<Box<dyn Job>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map(|open| open.jobs.clone())
    }
}

/// A call on its way, whatever its answer's type.
trait Job: Send {
    /// Does the work in the open transaction. Whether that may be committed.
    fn attempt(&mut self, connection: &Connection) -> bool;

    /// Answers with what `attempt` found, or with what befell the transaction.
    fn answer(self: Box<Self>, transaction: Result<(), Fault>);
}

struct Request<T, W> {
    work: W,
    outcome: Option<Result<T, Fault>>,
    reply: oneshot::Sender<Result<T, Fault>>,
}

impl<T: Send, W: FnMut(&Connection) -> Result<T, Fault> + Send> Job for Request<T, W> {
    fn attempt(&mut self, connection: &Connection) -> bool {
        self.outcome.insert((self.work)(connection)).is_ok()
    }

    fn answer(self: Box<Self>, transaction: Result<(), Fault>) {
        let Self { outcome, reply, .. } = *self;
        let answer = transaction.and_then(|()| outcome.unwrap_or(Err(Fault::Closed)));
        // Whoever went away does not want to know.
        reply.send(answer).ok();
    }
}

fn serve(mut owned: Owned, mut queue: mpsc::Receiver<Box<dyn Job>>) {
    while let Some(first) = queue.blocking_recv() {
        let others = std::iter::from_fn(|| queue.try_recv().ok());
        let jobs: Vec<_> = std::iter::once(first).chain(others).take(owned.role.share()).collect();
        owned.carry_out(jobs);
        if owned.log_len() > LOG_LEN {
            owned.fold_log();
        }
    }
    owned.end();
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
        match self.role {
            Role::Writer => self.fold_log(),
            Role::Reader => {}
        }
        if let Err((_, error)) = self.connection.close() {
            tracing::warn!(%error, path = %self.path.display(), "the database did not close; its log is kept");
        }
        drop(self.lock);
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::mpsc::{Sender, channel};
    use std::time::{Duration, Instant};

    use tokio::task::{JoinHandle, JoinSet};

    use super::*;

    fn numbers(folder: &Path) -> Arc<Desk> {
        let path = folder.join("numbers.db");
        let connection = Connection::open(&path).expect("a database");
        let table = "PRAGMA journal_mode=WAL; CREATE TABLE numbers (n INTEGER UNIQUE, weight BLOB) STRICT";
        connection.execute_batch(table).expect("a table");
        let lock = Arc::new(FolderLock::take(folder).expect("a lock"));
        Arc::new(Desk::start(Owned { connection, path, role: Role::Writer, lock }).expect("a thread"))
    }

    async fn insert(desk: &Desk, n: u32, weight: usize) -> Result<(), Fault> {
        let statement = "INSERT INTO numbers VALUES (?1, zeroblob(?2))";
        desk.ask(move |c| Ok(c.execute(statement, (n, weight)).map(drop)?)).await
    }

    async fn count(desk: &Desk) -> usize {
        desk.ask(|c| Ok(c.query_row("SELECT count(*) FROM numbers", [], |row| row.get(0))?)).await.expect("a count")
    }

    /// Keeps the thread busy until the sender is dropped, so that calls queue up.
    fn busy(desk: &Arc<Desk>) -> (Sender<()>, JoinHandle<Result<(), Fault>>) {
        let ((go, wait), desk) = (channel::<()>(), Arc::clone(desk));
        // An error means that the sender is gone: that is the sign.
        (go, tokio::spawn(async move { desk.ask(move |_| Ok(wait.recv().unwrap_or(()))).await }))
    }

    async fn until_queued(desk: &Desk, calls: usize) {
        let began = Instant::now();
        while QUEUE - desk.jobs().expect("an open desk").capacity() < calls {
            assert!(began.elapsed() < Duration::from_secs(30), "{calls} calls must queue up behind the busy one");
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn a_failure_among_queued_writes_is_nobody_elses() {
        let folder = tempfile::tempdir().expect("a folder");
        let desk = numbers(folder.path());
        let (go, first) = busy(&desk);
        let mut writes = JoinSet::new();
        for n in 0..40 {
            let desk = Arc::clone(&desk);
            writes.spawn(async move { insert(&desk, n / 2, 1).await });
        }
        until_queued(&desk, 40).await;
        drop(go);
        first.await.expect("no panic").expect("the busy one ends");
        let answers = writes.join_all().await;
        assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 20, "each number is taken once");
        assert_eq!(count(&desk).await, 20, "what was answered is what is there");
    }

    #[tokio::test]
    async fn a_full_database_says_so_and_the_thread_lives_on() {
        let folder = tempfile::tempdir().expect("a folder");
        let desk = numbers(folder.path());
        let limit =
            |pages: u32| desk.ask(move |c| Ok(c.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))?));
        limit(10).await.expect("a limit");
        insert(&desk, 1, 100).await.expect("room for a little");
        let refused = insert(&desk, 2, 1 << 20).await;
        assert!(matches!(refused, Err(Fault::Full(_))), "no room is told apart from other failures: {refused:?}");
        limit(1 << 20).await.expect("room was made");
        insert(&desk, 2, 1 << 20).await.expect("the thread goes on where the failed write left no trace");
        assert_eq!(count(&desk).await, 2, "what was acknowledged is there");
    }

    #[tokio::test]
    async fn the_log_is_folded_whole_when_it_is_long_and_gone_at_the_end() {
        let folder = tempfile::tempdir().expect("a folder");
        let desk = numbers(folder.path());
        desk.ask(|c| Ok(c.pragma_update_and_check(None, "wal_autocheckpoint", 0, |_| Ok(()))?)).await.expect("our own");
        let log = folder.path().join("numbers.db-wal");
        insert(&desk, 1, 1 << 20).await.expect("a write");
        let short = fs::metadata(&log).expect("a log").len();
        assert!(short > 1 << 20, "a short log stays: {short} bytes");
        insert(&desk, 2, LOG_LEN as usize).await.expect("a write");
        assert_eq!(count(&desk).await, 2, "this answer comes after the folding");
        assert_eq!(fs::metadata(&log).expect("a log").len(), 0, "nothing of it may stay half in the database");
        desk.close().await;
        assert!(!log.exists(), "after a clean end the database is one file");
        assert!(matches!(insert(&desk, 3, 1).await, Err(Fault::Closed)), "a closed desk says so");
        FolderLock::take(folder.path()).expect("the folder is free once it is closed");
    }
}
