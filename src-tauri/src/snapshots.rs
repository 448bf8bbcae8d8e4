//! Transfers as the engine reports them, for tests: whole, and unremarkable but for what a test says.

use std::path::PathBuf;
use std::sync::Arc;

use transfer::engine::Snapshot;
use transfer::ids::{BatchId, DestinationId, TransferId};
use transfer::name::FileName;
use transfer::state::{Intent, Priority, TransferState};
use transfer::units::Timestamp;

/// One of 100 bytes that stands so, with as many acknowledged; a failed one ended at second two.
pub(crate) fn snapshot(id: TransferId, state: TransferState, acked: u64) -> Snapshot {
    let ended_at = matches!(state, TransferState::Failed(_)).then_some(Timestamp(2_000));
    Snapshot {
        id,
        batch: BatchId::random(),
        position: 0,
        path: Arc::new(PathBuf::from("/films/a.mov")),
        name: Arc::new(FileName::new("a.mov").expect("a plain name")),
        folders: std::sync::Arc::default(),
        destination: Arc::new(DestinationId("vault:/v".into())),
        intent: Intent::Run,
        state,
        bytes_total: 100,
        bytes_acked: acked,
        bytes_sent: acked,
        chunk_len: 0,
        chunks_total: 0,
        chunks_acked: 0,
        chunks_in_flight: 0,
        priority: Priority::Normal,
        hold: None,
        limited: false,
        lost_ground: false,
        comparing: None,
        can_send_changed: false,
        upload: id,
        handle: None,
        root: None,
        created_at: Timestamp(0),
        ended_at,
    }
}
