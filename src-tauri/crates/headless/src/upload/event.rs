//! What `--json` prints: one object a line, one kind an `event`.

use std::path::Path;

use serde_json::{Value, json};
use transfer::engine::{Snapshot, Voucher};
use transfer::ids::TransferId;
use transfer::state::TransferState;

/// A change of state, or the end.
pub(super) fn state(snapshot: &Snapshot, already: bool) -> Value {
    match &snapshot.state {
        TransferState::Done(completed) => with(
            snapshot,
            json!({
                "event": "done",
                "object": completed.object,
                "proof": completed.proof,
                "blake3": snapshot.root.map(|root| root.to_string()),
                "already": already,
            }),
        ),
        TransferState::Failed(failure) => {
            with(snapshot, json!({ "event": "failed", "reason": kind(snapshot), "message": failure.sentence }))
        }
        TransferState::Cancelled => {
            with(snapshot, json!({ "event": "failed", "reason": "cancelled", "message": "it was given up" }))
        }
        TransferState::Skipped(sentence) => with(snapshot, json!({ "event": "skipped", "message": sentence })),
        TransferState::Waiting(wait) => with(
            snapshot,
            json!({ "event": "state", "state": "waiting", "reason": wait.reason, "message": wait.sentence }),
        ),
        TransferState::Queued
        | TransferState::Preparing
        | TransferState::Active
        | TransferState::Completing
        | TransferState::Paused
        | TransferState::Cancelling => with(snapshot, json!({ "event": "state", "state": snapshot.state.word() })),
    }
}

/// Acknowledged bytes grew.
pub(super) fn progress(snapshot: &Snapshot) -> Value {
    with(snapshot, json!({ "event": "progress" }))
}

/// Its receipt was written.
pub(super) fn receipt(snapshot: &Snapshot, path: &Path) -> Value {
    with(snapshot, json!({ "event": "receipt", "receipt": path.to_string_lossy() }))
}

/// A file went on, and these chunks were found in their place.
pub(super) fn proven(id: TransferId, chunks: u32, by: Voucher) -> Value {
    json!({ "event": "proven", "transfer": id, "chunks": chunks, "by": by })
}

/// What had arrived was compared with a file that was changed.
pub(super) fn compared(id: TransferId, same: u32, changed: u32) -> Value {
    json!({ "event": "compared", "transfer": id, "same": same, "changed": changed })
}

/// A file that was not taken.
pub(super) fn refused(file: &str, message: &str) -> Value {
    json!({ "event": "failed", "transfer": null, "file": file, "reason": "refused", "message": message })
}

/// Something to know.
pub(super) fn notice(message: &str) -> Value {
    json!({ "event": "notice", "message": message })
}

/// The kind of a failure as serde writes it: a word, or an object whose one key is the word.
fn kind(snapshot: &Snapshot) -> Value {
    let TransferState::Failed(failure) = &snapshot.state else { return Value::Null };
    match serde_json::to_value(&failure.kind) {
        Ok(Value::Object(fields)) => fields.keys().next().map_or(Value::Null, |word| json!(word)),
        Ok(word) => word,
        Err(_) => Value::Null,
    }
}

/// Adds who it is and how far.
fn with(snapshot: &Snapshot, mut event: Value) -> Value {
    let common = json!({
        "transfer": snapshot.id,
        "file": snapshot.path.to_string_lossy(),
        "bytes_total": snapshot.bytes_total,
        "bytes_acked": snapshot.bytes_acked,
        "bytes_sent": snapshot.bytes_sent,
    });
    if let (Value::Object(fields), Value::Object(common)) = (&mut event, common) {
        fields.extend(common);
    }
    event
}
