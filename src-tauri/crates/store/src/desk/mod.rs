//! A thread that owns a connection and does, in order, what is asked of it. Callers wait without blocking theirs.
//!
//! What has queued up goes into one transaction, so that many small writes share one commit; everybody is answered
//! after it. When one of them fails, the whole is undone and each is tried alone: nobody pays for another's failure.
//! The thread ends when its desk is dropped or closed, and holds the folder's lock until its connection is closed.

mod owner;
#[cfg(test)]
mod tests;

use std::io;
use std::sync::{Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use crate::fault::Fault;

pub(crate) use owner::{Owned, Role};

/// How many calls may wait; more wait outside.
const QUEUE: usize = 256;

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
        let thread = thread::Builder::new().name(name).spawn(move || owned.serve(queue))?;
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
