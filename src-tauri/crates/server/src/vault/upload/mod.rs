//! One unfinished upload in memory: its chunks, its standing, its file, and those who wait for it to change.
//!
//! The lock is held for bookkeeping only, never across an await or a call to the disk: readers look at it as well.

mod amended;
mod puts;
mod sight;

use std::fs::{File, OpenOptions};
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use transfer::ids::ObjectId;
use transfer::layout::ChunkLayout;
use transfer::name::FileName;
use transfer::remote::{Arriving, UploadHandle};
use transfer::units::Timestamp;

use super::chunks::Chunks;
use super::wishes::WishBoard;
use super::{Count, Unfinished, disk, owned};
use crate::ports::{self, Arrived, Owner, Stage, UploadId};

pub(super) use amended::Succession;
pub(super) use sight::Sight;

/// An upload that is not finished, or was not when its holder got it.
#[derive(Debug)]
pub(super) struct Upload {
    pub(super) id: UploadId,
    pub(super) object: ObjectId,
    /// The object that it was to become until it was amended.
    pub(super) amended_from: Option<ObjectId>,
    pub(super) owner: Owner,
    pub(super) name: FileName,
    pub(super) layout: ChunkLayout,
    pub(super) wishes: Arc<WishBoard>,
    created_at: Timestamp,
    in_order: bool,
    part: PathBuf,
    file: OnceLock<Arc<File>>,
    state: Mutex<State>,
    changed: watch::Sender<()>,
}

/// Where an upload stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Standing {
    /// As the ledger has it.
    Unfinished(Stage),
    /// It is a film.
    Finished,
    /// It was given up or has expired.
    Gone,
}

#[derive(Debug)]
struct State {
    chunks: Chunks,
    standing: Standing,
    arriving: Arriving,
    heard: bool,
    touched_at: Timestamp,
    preallocated: bool,
}

impl Upload {
    /// The upload of a ledger's row, with what had arrived of it.
    pub(super) fn new(row: ports::Upload, layout: ChunkLayout, arrived: &Arrived, part: PathBuf) -> Self {
        let state = State {
            chunks: Chunks::new(layout, &arrived.cvs),
            standing: Standing::Unfinished(row.stage),
            arriving: row.arriving,
            heard: false,
            touched_at: row.touched_at,
            preallocated: false,
        };
        Self {
            id: row.id,
            object: row.object,
            amended_from: row.amended_from,
            owner: row.owner,
            name: row.name,
            layout,
            wishes: WishBoard::new(),
            created_at: row.created_at,
            in_order: false,
            part,
            file: OnceLock::new(),
            state: Mutex::new(state),
            changed: watch::Sender::new(()),
        }
    }

    /// The same of one whose bytes come in order (`append`): it takes no chunks, and who takes its bytes lets it go.
    pub(super) fn in_order(row: ports::Upload, layout: ChunkLayout, arrived: &Arrived, part: PathBuf) -> Self {
        Self { in_order: true, ..Self::new(row, layout, arrived, part) }
    }

    pub(super) fn is_in_order(&self) -> bool {
        self.in_order
    }

    /// Its file, opened at the first need: a vault may hold more unfinished uploads than a process may open files.
    /// It stays open when the part becomes a film.
    pub(super) async fn file(self: &Arc<Self>) -> io::Result<Arc<File>> {
        if let Some(file) = self.file.get() {
            return Ok(file.clone());
        }
        let part = self.part.clone();
        let opened = disk::blocking_io(move || OpenOptions::new().read(true).write(true).open(part)).await?;
        Ok(self.file.get_or_init(|| Arc::new(opened)).clone())
    }

    pub(super) fn standing(&self) -> Standing {
        self.state().standing.clone()
    }

    /// Moves on, and wakes everyone who waits.
    pub(super) fn stand(&self, standing: Standing) {
        self.state().standing = standing;
        self.changed.send_replace(());
    }

    /// Gives the upload up: nobody writes any more, readers end.
    pub(super) fn end(&self) {
        self.state().chunks.stop_writers();
        self.stand(Standing::Gone);
    }

    /// Its sender spoke: it lives.
    pub(super) fn hear(&self) {
        let heard_before = std::mem::replace(&mut self.state().heard, true);
        if !heard_before {
            self.changed.send_replace(());
        }
    }

    /// Its sender says nothing now: readers wait for it as for one that was never heard.
    pub(super) fn fall_silent(&self) {
        self.state().heard = false;
        self.changed.send_replace(());
    }

    /// Its sender says what it is about.
    pub(super) fn announce(&self, arriving: Arriving, at: Timestamp) {
        {
            let mut state = self.state();
            (state.arriving, state.heard, state.touched_at) = (arriving, true, at);
        }
        self.changed.send_replace(());
    }

    /// The upload for a list; none once it is finished or gone.
    pub(super) fn view(&self) -> Option<Unfinished> {
        let state = self.state();
        matches!(state.standing, Standing::Unfinished(_)).then(|| Unfinished {
            object: self.object.clone(),
            handle: owned::together(&UploadHandle(self.id.0.clone()), &self.object),
            owner: self.owner.clone(),
            name: self.name.clone(),
            size: self.layout.size(),
            received: state.chunks.received(),
            created_at: self.created_at,
            heard_at: state.touched_at,
        })
    }

    /// How much is there; none once it is finished or gone.
    pub(super) fn count(&self) -> Option<Count> {
        let state = self.state();
        let (received, chunks) = (state.chunks.received(), state.chunks.count());
        matches!(state.standing, Standing::Unfinished(_)).then_some(Count { received, chunks })
    }

    /// Wakes whenever what [`Upload::sight`] gives may be another.
    pub(super) fn changes(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }

    /// The whole of its bytes is reserved on the disk.
    pub(super) fn set_preallocated(&self) {
        self.state().preallocated = true;
    }

    /// Bytes that have not arrived.
    pub(super) fn missing(&self) -> u64 {
        self.layout.size() - self.state().chunks.received()
    }

    /// Bytes that it will still take from the disk.
    pub(super) fn outstanding(&self) -> u64 {
        let preallocated = self.state().preallocated;
        if preallocated { 0 } else { self.missing() }
    }

    /// Whether it takes bytes and got none for so long.
    pub(super) fn is_abandoned(&self, now: Timestamp, expiry: Duration) -> bool {
        let state = self.state();
        !self.in_order
            && state.standing == Standing::Unfinished(Stage::Receiving)
            && now.since(state.touched_at) >= expiry
    }

    /// Nothing panics in the middle of a change, so what a panicking holder left is whole.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
