//! How a transfer looks from outside: its snapshot, and the picture of its chunks.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use tokio::time::Instant;

use super::actor::Actor;
use super::breaker::Cause;
use super::overview::{Hold, Snapshot};
use super::picture::{Cell, ChunkNote, Picture};
use super::transfer::{Flight, Transfer};
use crate::chunk_map::ChunkMap;
use crate::error::Class;
use crate::ids::TransferId;
use crate::layout::{ChunkIndex, ChunkLayout};
use crate::state::{FailureKind, TransferState};
use crate::units::Timestamp;

impl Actor {
    pub(super) fn snapshot(&self, id: TransferId) -> Option<Snapshot> {
        let transfer = self.transfers.get(&id)?;
        let hold = self.hold(&transfer.label.destination).filter(|_| transfer.record.state.is_running());
        let can_send_changed = transfer.is_changed() && self.can_send_changed(transfer).is_ok();
        Some(Snapshot { can_send_changed, ..transfer.snapshot(hold) })
    }

    pub(super) fn picture(&self, id: TransferId) -> Option<Picture> {
        let transfer = self.transfers.get(&id)?;
        let Some(layout) = transfer.record.layout else {
            return Some(Picture { layout: None, cells: Vec::new(), notes: Vec::new() });
        };
        let hold = self.gates.hold(&transfer.label.destination, Instant::now());
        let throttled = hold.is_some_and(|(_, cause)| cause == Cause::Throttled);
        let artist = Artist { transfer, throttled, steady: self.time.steady() };
        let cells = layout.indices().map(|index| artist.cell(index)).collect();
        let shown = |steady: Timestamp| self.time.shown(self.time.instant(steady));
        Some(Picture { layout: Some(layout), cells, notes: artist.notes(&layout, shown) })
    }
}

impl Transfer {
    fn snapshot(&self, hold: Option<Hold>) -> Snapshot {
        let record = &self.record;
        let (bytes_acked, chunks_acked) = self.acked();
        Snapshot {
            id: record.id,
            batch: record.batch,
            position: record.position,
            path: Arc::clone(&self.label.path),
            name: Arc::clone(&self.label.name),
            folders: Arc::clone(&self.label.folders),
            destination: Arc::clone(&self.label.destination),
            intent: record.intent,
            state: record.state.clone(),
            bytes_total: record.fingerprint.size,
            // What arrived of a file that became shorter is perhaps more than it has.
            bytes_acked: bytes_acked.min(record.fingerprint.size),
            bytes_sent: self.bytes_sent(),
            chunk_len: record.layout.map_or(0, |layout| layout.chunk_len()),
            chunks_total: record.layout.map_or(0, |layout| layout.count()),
            chunks_acked,
            chunks_in_flight: u32::try_from(self.flights.len()).unwrap_or(u32::MAX),
            priority: record.priority,
            hold,
            limited: self.is_held_back(),
            lost_ground: self.misfortune.lost_from.is_some(),
            comparing: self.comparing(),
            can_send_changed: false,
            upload: self.upload_name(),
            handle: record.handle.clone(),
            root: record.root,
            created_at: record.created_at,
            ended_at: record.ended_at,
        }
    }

    /// Bytes and chunks. Of a finished transfer nothing but the layout is kept: there all is acknowledged.
    fn acked(&self) -> (u64, u32) {
        match (&self.session, &self.record.state) {
            (Some(session), _) => (session.map.acked_bytes(), session.map.acked_count()),
            (None, TransferState::Done(_)) => {
                (self.record.fingerprint.size, self.record.layout.map_or(0, |layout| layout.count()))
            }
            (None, _) => (0, 0),
        }
    }
}

/// What is needed to draw one transfer.
struct Artist<'a> {
    transfer: &'a Transfer,
    throttled: bool,
    steady: Timestamp,
}

impl Artist<'_> {
    fn map(&self) -> Option<&ChunkMap> {
        self.transfer.session.as_ref().map(|session| &session.map)
    }

    fn cell(&self, index: ChunkIndex) -> Cell {
        match self.map() {
            Some(map) if map.is_acked(index) => Cell::Acked,
            Some(map) if map.is_leased(index) => Cell::InFlight,
            Some(map) => self.pending_cell(map, index),
            None if matches!(self.transfer.record.state, TransferState::Done(_)) => Cell::Acked,
            None => Cell::Pending,
        }
    }

    fn pending_cell(&self, map: &ChunkMap, index: ChunkIndex) -> Cell {
        let trouble = self.transfer.troubles.get(&index);
        let throttled = trouble.is_some_and(|trouble| matches!(trouble.class, Class::Throttled { .. }));
        if self.is_the_failed_one(index) {
            Cell::Failed
        } else if throttled && self.throttled {
            Cell::Throttled
        } else if map.is_wanted(index, &self.transfer.readers.wishes) {
            Cell::Wanted
        } else if trouble.is_some() {
            Cell::Retrying
        } else {
            Cell::Pending
        }
    }

    fn is_the_failed_one(&self, index: ChunkIndex) -> bool {
        match &self.transfer.record.state {
            TransferState::Failed(failure) => failure.kind == FailureKind::Corrupt { chunk: index.get() },
            TransferState::Queued
            | TransferState::Preparing
            | TransferState::Active
            | TransferState::Completing
            | TransferState::Waiting(_)
            | TransferState::Paused
            | TransferState::Cancelling
            | TransferState::Cancelled
            | TransferState::Skipped(_)
            | TransferState::Done(_) => false,
        }
    }

    /// Those in flight or in trouble, in order.
    fn notes(&self, layout: &ChunkLayout, shown: impl Fn(Timestamp) -> Timestamp) -> Vec<ChunkNote> {
        let Some(map) = self.map() else { return Vec::new() };
        let flights = self.transfer.flights.values().map(|flight| flight.lease.index);
        let mut indices: Vec<_> = flights.chain(self.transfer.troubles.keys().copied()).collect();
        indices.sort_unstable();
        indices.dedup();
        let note = |index: ChunkIndex| ChunkNote {
            chunk: index.get(),
            range: layout.range(index),
            sent: self.flight(index).map_or(0, |flight| flight.trace.sent.load(Ordering::Relaxed)),
            attempts: map.attempts(index).max(map.corrupt_in_a_row(index)),
            trouble: self.transfer.troubles.get(&index).cloned(),
            next_try: map.rest_until(index).filter(|until| *until > self.steady).map(&shown),
        };
        indices.into_iter().map(note).collect()
    }

    fn flight(&self, index: ChunkIndex) -> Option<&Flight> {
        self.transfer.flights.values().find(|flight| flight.lease.index == index)
    }
}
