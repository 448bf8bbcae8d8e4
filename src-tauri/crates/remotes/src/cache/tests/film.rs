//! A film at a remote that says what was asked of it.

use std::fmt;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures::{StreamExt, stream};
use tokio::sync::watch;
use transfer::layout::ByteRange;
use transfer::range::{ByteStream, RangeReader, ReadError};

/// Longer than anything takes that happens at all.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a remote does at a byte instead of giving it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    None,
    /// The connection breaks there.
    Breaks(u64),
    /// It says there that it has another version.
    Changes(u64),
    /// It cannot be reached.
    Away,
    /// It takes a request and says nothing.
    Silent,
}

pub(super) struct Film {
    bytes: Bytes,
    validator: String,
    piece: u64,
    trouble: Mutex<Trouble>,
    asked: Mutex<Vec<ByteRange>>,
    given: Arc<AtomicU64>,
    /// Nothing is given from this byte on, until it is moved.
    held_from: watch::Sender<u64>,
    open: Arc<watch::Sender<usize>>,
}

impl fmt::Debug for Film {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Film").field("validator", &self.validator).finish_non_exhaustive()
    }
}

/// A stream that is open; dropped with it.
struct Open(Arc<watch::Sender<usize>>);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.send_modify(|open| *open -= 1);
    }
}

impl Film {
    pub(super) fn new(len: u64) -> Arc<Self> {
        Self::version(len, "v1", 100)
    }

    /// Its bytes depend on the validator; they come in pieces of `piece` bytes.
    pub(super) fn version(len: u64, validator: &str, piece: u64) -> Arc<Self> {
        let mut bytes = vec![0; usize::try_from(len).expect("it is small")];
        blake3::Hasher::new().update(validator.as_bytes()).finalize_xof().fill(&mut bytes);
        Arc::new(Self {
            bytes: bytes.into(),
            validator: validator.to_owned(),
            piece,
            trouble: Mutex::new(Trouble::None),
            asked: Mutex::default(),
            given: Arc::default(),
            held_from: watch::Sender::new(u64::MAX),
            open: Arc::new(watch::Sender::new(0)),
        })
    }

    pub(super) fn of(&self, start: u64, len: u64) -> &[u8] {
        let place = |position: u64| usize::try_from(position).expect("it is small");
        &self.bytes[place(start)..place(start + len)]
    }

    /// Its length in bytes.
    pub(super) fn length(&self) -> u64 {
        self.bytes.len() as u64
    }

    /// The ranges that were asked for since this was called last.
    pub(super) fn asked(&self) -> Vec<ByteRange> {
        std::mem::take(&mut self.asked.lock().expect("nothing panics"))
    }

    /// How many bytes left so far.
    pub(super) fn given(&self) -> u64 {
        self.given.load(Ordering::SeqCst)
    }

    pub(super) fn trouble(&self, trouble: Trouble) {
        *self.trouble.lock().expect("nothing panics") = trouble;
    }

    pub(super) fn hold_from(&self, position: u64) {
        self.held_from.send_replace(position);
    }

    pub(super) fn open(&self) -> usize {
        *self.open.borrow()
    }

    /// Until nobody reads any more.
    pub(super) async fn let_go(&self) {
        let mut open = self.open.subscribe();
        let nobody = tokio::time::timeout(PATIENCE, open.wait_for(|open| *open == 0)).await;
        nobody.expect("a request that nobody follows is ended").expect("the film is here");
    }

    fn reaches(&self, position: u64) -> Result<(), ReadError> {
        match *self.trouble.lock().expect("nothing panics") {
            Trouble::Breaks(at) if at <= position => Err(broken()),
            Trouble::Changes(at) if at <= position => Err(ReadError::Changed),
            Trouble::Away => Err(broken()),
            Trouble::None | Trouble::Silent | Trouble::Breaks(_) | Trouble::Changes(_) => Ok(()),
        }
    }

    fn is_silent(&self) -> bool {
        *self.trouble.lock().expect("nothing panics") == Trouble::Silent
    }

    /// Up to the next place where something happens.
    fn piece_end(&self, position: u64, end: u64) -> u64 {
        let end = end.min(position + self.piece).min(*self.held_from.borrow());
        match *self.trouble.lock().expect("nothing panics") {
            Trouble::Breaks(at) | Trouble::Changes(at) if at > position => end.min(at),
            Trouble::None | Trouble::Away | Trouble::Silent | Trouble::Breaks(_) | Trouble::Changes(_) => end,
        }
    }
}

fn broken() -> ReadError {
    ReadError::Io { context: "the connection broke".to_owned(), source: io::ErrorKind::ConnectionReset.into() }
}

/// As the stream reads it: the film itself cannot be borrowed there.
#[derive(Debug, Clone)]
pub(super) struct Remote(pub(super) Arc<Film>);

#[async_trait]
impl RangeReader for Remote {
    fn len(&self) -> u64 {
        self.0.bytes.len() as u64
    }

    fn validator(&self) -> String {
        self.0.validator.clone()
    }

    async fn read(&self, range: ByteRange) -> Result<ByteStream, ReadError> {
        assert!(range.end() <= self.len(), "{range:?} does not lie in the film");
        let film = Arc::clone(&self.0);
        film.asked.lock().expect("nothing panics").push(range);
        film.reaches(range.start())?;
        film.open.send_modify(|open| *open += 1);
        let open = Open(Arc::clone(&film.open));
        if film.is_silent() {
            std::future::pending::<()>().await;
        }
        Ok(stream::try_unfold((film, range, open), |(film, rest, open)| async move {
            if rest.is_empty() {
                return Ok(None);
            }
            let mut held = film.held_from.subscribe();
            held.wait_for(|held| *held > rest.start()).await.expect("the film is here");
            film.reaches(rest.start())?;
            let len = film.piece_end(rest.start(), rest.end()) - rest.start();
            film.given.fetch_add(len, Ordering::SeqCst);
            let piece = Bytes::copy_from_slice(film.of(rest.start(), len));
            Ok(Some((piece, (film, rest.without_first(len), open))))
        })
        .boxed())
    }
}
