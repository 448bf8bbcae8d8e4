//! Uploads whose bytes come in order, one after the other, and whose length may be unknown at first: what tus and the
//! IETF's resumable uploads are made of.
//!
//! Owner of an upload's bytes: whoever has its [`turn::Turn`]. Invariants: the offset that is told is durable; what came
//! before a broken body is kept; bytes with a checksum are kept all or not at all. Once its length is known, an upload is
//! in the register like any other, readable while it arrives; its last byte makes it a film as any other upload becomes
//! one (`publish`). Parts that others are put together from are never in it.

mod admission;
mod assembly;
mod begin;
mod conclusion;
mod digests;
mod error;
mod list;
mod look;
mod owned;
mod promise;
mod recovery;
mod removal;
mod settling;
mod taking;
mod turn;
mod writing;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use transfer::ids::ObjectId;
use transfer::layout::ChunkLayout;
use transfer::tree::Cv;
use transfer::units::Timestamp;
use wire::uploads::BEST_CHUNK;

use super::upload::Upload;
use crate::ports::{self, Appending, Arrived, Ending, Owner, Role, UploadId};
use turn::Turns;

pub(super) use assembly::take_up_all;
pub(super) use begin::{Begun, begin};
pub(super) use conclusion::publish;
pub use error::AppendError;
pub(super) use list::Appends;
pub use look::{AppendStage, AppendView};
pub use owned::{NewAppend, NewRole};
pub(super) use promise::{Promising, promise};
pub(super) use recovery::take_up;
pub(super) use removal::{discard, look_round};
pub(super) use settling::{Settling, settle};
pub use taking::AppendBody;

/// An unfinished upload whose bytes come in order.
#[derive(Debug)]
pub(super) struct Append {
    pub(super) id: UploadId,
    pub(super) owner: Owner,
    pub(super) told: Appending,
    /// As the database has it, but for its length.
    row: ports::Upload,
    part: PathBuf,
    turns: Turns,
    state: Mutex<State>,
    changed: watch::Sender<()>,
}

#[derive(Debug)]
struct State {
    length: Option<u64>,
    /// Bytes that are durable and written down.
    offset: u64,
    /// Bytes that a request may bring it to while its length is unknown.
    promised: u64,
    touched_at: Timestamp,
    gone: bool,
    /// The same upload for readers and the library; once its length is known, and if it is to be a film.
    upload: Option<Arc<Upload>>,
}

impl Append {
    /// The upload of a row, of which so many bytes are there.
    fn new(row: ports::Upload, told: Appending, offset: u64, part: PathBuf) -> Self {
        let state =
            State { length: row.size, offset, promised: 0, touched_at: row.touched_at, gone: false, upload: None };
        Self {
            id: row.id.clone(),
            owner: row.owner.clone(),
            told,
            row,
            part,
            turns: Turns::default(),
            state: Mutex::new(state),
            changed: watch::Sender::new(()),
        }
    }

    /// The film that it becomes.
    pub(super) fn object(&self) -> &ObjectId {
        &self.row.object
    }

    fn length(&self) -> Option<u64> {
        self.state().length
    }

    fn offset(&self) -> u64 {
        self.state().offset
    }

    /// Bytes that it will have, or has while that is unknown.
    fn foreseen(&self) -> u64 {
        let state = self.state();
        state.length.unwrap_or(state.offset)
    }

    /// Bytes that count as its owner's: those that it will have, or may have by now while that is unknown.
    fn counted(&self) -> u64 {
        let state = self.state();
        state.length.unwrap_or(state.offset.max(state.promised))
    }

    fn promise(&self, bytes: u64) {
        self.state().promised = bytes;
    }

    /// Whether every byte is there.
    fn is_whole(&self) -> bool {
        let state = self.state();
        state.length == Some(state.offset)
    }

    /// Whether every byte is there and nobody needs to say that it is complete.
    fn is_complete(&self) -> bool {
        self.is_whole() && self.told.ending == Ending::WithLength && self.told.role != Role::Part
    }

    fn is_gone(&self) -> bool {
        self.state().gone
    }

    /// Whether it is put together from others.
    fn is_assembly(&self) -> bool {
        matches!(self.told.role, Role::Assembly { .. })
    }

    /// For readers and the library.
    pub(super) fn upload(&self) -> Option<Arc<Upload>> {
        self.state().upload.clone()
    }

    /// Its length is known. What is in the register from now on, if it is to be a film; `cvs` are the digests of the
    /// whole chunks that are there.
    fn settle(&self, length: u64, cvs: Vec<(u32, Cv)>) -> Option<Arc<Upload>> {
        let layout = layout(length)?;
        let upload = match self.told.role {
            Role::Part => None,
            Role::Whole | Role::Assembly { .. } => {
                let row = ports::Upload { size: Some(length), ..self.row.clone() };
                let arrived = Arrived { cvs, ..Arrived::default() };
                Some(Arc::new(Upload::in_order(row, layout, &arrived, self.part.clone())))
            }
        };
        {
            let mut state = self.state();
            state.length = Some(length);
            state.upload.clone_from(&upload);
        }
        self.changed.send_replace(());
        upload
    }

    /// So many bytes are durable and written down.
    fn keep(&self, offset: u64, chunks: &[(u32, Cv)], at: Timestamp) {
        let upload = {
            let mut state = self.state();
            state.offset = offset;
            state.touched_at = state.touched_at.max(at);
            state.upload.clone()
        };
        if let Some(upload) = upload {
            let known = chunks.iter().filter_map(|(number, cv)| Some((upload.layout.index(*number)?, *cv)));
            known.for_each(|(index, cv)| upload.keep(index, cv, at));
        }
        self.changed.send_replace(());
    }

    /// It is a film, or was given up: whoever waits for it looks again.
    fn end(&self) {
        self.state().gone = true;
        self.changed.send_replace(());
    }

    /// When it is given up, if nothing more comes.
    fn expires(&self, expiry: Duration) -> Timestamp {
        let millis = i64::try_from(expiry.as_millis()).unwrap_or(i64::MAX);
        Timestamp(self.state().touched_at.0.saturating_add(millis))
    }

    fn is_abandoned(&self, now: Timestamp, expiry: Duration) -> bool {
        now.since(self.state().touched_at) >= expiry
    }

    /// Nothing panics in the middle of a change.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The chunks of so many bytes; none where that is more than anybody has.
fn layout(length: u64) -> Option<ChunkLayout> {
    ChunkLayout::new(length, BEST_CHUNK).ok()
}
