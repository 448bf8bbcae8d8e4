//! How long a look may take, and how it is called off. Owned by the caller; the look's thread asks it between steps.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use crate::error::MediaError;

/// Between two questions whether to go on.
pub(crate) const BREATH: Duration = Duration::from_millis(20);
/// What a pipeline may need to end by itself once its time is up, before it is left to itself.
const LAST_BREATH: Duration = Duration::from_millis(500);

/// Calls looks off. Its clones are one and the same.
#[derive(Debug, Clone, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// Calls off every look that was given it, now and later.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it was called off.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// How far one look may go.
#[derive(Debug, Clone)]
pub struct Limit {
    /// The longest that it may take.
    pub time: Duration,
    /// What calls it off earlier.
    pub cancel: Cancel,
}

impl Limit {
    /// A limit of time alone.
    pub fn of(time: Duration) -> Self {
        Self { time, cancel: Cancel::default() }
    }
}

/// A limit that began to run.
#[derive(Debug, Clone)]
pub(crate) struct Running {
    limit: Limit,
    since: Instant,
}

impl Running {
    /// Whether the look may go on.
    pub(crate) fn check(&self) -> Result<(), MediaError> {
        if self.limit.cancel.is_cancelled() {
            return Err(MediaError::Cancelled);
        }
        let over = self.since.elapsed() > self.limit.time;
        if over { Err(MediaError::TooSlow(self.limit.time)) } else { Ok(()) }
    }

    /// What is left of the time.
    pub(crate) fn left(&self) -> Duration {
        self.limit.time.saturating_sub(self.since.elapsed())
    }
}

/// Runs a look on a thread of its own and waits for it within the limit. A thread that is stuck in a decoder is left
/// to itself: it holds nothing of the caller's, and no way exists to end it from outside.
pub(crate) fn apart<T: Send + 'static>(
    limit: &Limit,
    look: impl FnOnce(&Running) -> Result<T, MediaError> + Send + 'static,
) -> Result<T, MediaError> {
    let running = Running { limit: limit.clone(), since: Instant::now() };
    let (answer, answered) = mpsc::sync_channel(1);
    let theirs = running.clone();
    let thread = thread::Builder::new().name("film".to_owned());
    // Nobody takes the answer of a look that was left to itself.
    let started = thread.spawn(move || drop(answer.send(look(&theirs))));
    started.map_err(|error| MediaError::Unavailable(error.to_string()))?;
    let mut overdue: Option<(Instant, MediaError)> = None;
    loop {
        match answered.recv_timeout(BREATH) {
            Ok(answer) => return answer,
            Err(RecvTimeoutError::Disconnected) => return Err(MediaError::NotAFilm("the look failed".to_owned())),
            Err(RecvTimeoutError::Timeout) => match overdue.take() {
                Some((since, why)) if since.elapsed() > LAST_BREATH => return Err(why),
                Some(waited) => overdue = Some(waited),
                None => overdue = running.check().err().map(|why| (Instant::now(), why)),
            },
        }
    }
}

/// Only regular files with something in them are handed to a pipeline: a FIFO would hold it for ever.
pub(crate) fn regular(path: &Path) -> Result<u64, MediaError> {
    let unreadable = |source| MediaError::Unreadable { path: path.to_owned(), source };
    let found = std::fs::metadata(path).map_err(unreadable)?;
    match found.len() {
        _ if !found.is_file() => Err(unreadable(std::io::Error::other("it is no regular file"))),
        0 => Err(MediaError::NotAFilm("it is empty".to_owned())),
        size => Ok(size),
    }
}
