//! Sharing a commit, running out of room, folding the log.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, Instant};

use tokio::task::{JoinHandle, JoinSet};

use super::owner::LOG_LEN;
use super::*;
use crate::folder_lock::FolderLock;

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

/// Keeps the thread busy until the sender is dropped, so that calls queue up. The thread is at it when this returns:
/// before that it would take later calls into the same transaction.
async fn busy(desk: &Arc<Desk>) -> (Sender<()>, JoinHandle<Result<(), Fault>>) {
    let ((go, wait), (begin, mut begun), desk) = (channel::<()>(), mpsc::channel(1), Arc::clone(desk));
    let work = move |_: &Connection| {
        begin.try_send(()).ok();
        // An error means that the sender is gone: that is the sign.
        wait.recv().ok();
        Ok(())
    };
    let asked = tokio::spawn(async move { desk.ask(work).await });
    begun.recv().await.expect("the thread begins");
    (go, asked)
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
    let (go, first) = busy(&desk).await;
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
