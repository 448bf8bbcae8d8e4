//! From what the core reports to what a row shows.

use transfer::engine::{Cause, Cell, Comparing, Hold, Picture, Snapshot};
use transfer::remote::Proof;
use transfer::state::{FailureKind, Priority, TransferState, Wait, WaitReason};

use crate::view::{ComparingView, FailureView, PriorityView, ProofView, StateView, TransferView, WaitView};

const FAILING: &str =
    "The destination failed several times in a row, so it is left alone for a while. What has arrived is safe.";
const NO_NETWORK: &str = "There is no way to the destination now. What has arrived is safe.";
const REFUSED: &str = "The destination refused its password or key. What has arrived is safe.";

/// Into how many stretches a row's strip is cut.
const STRETCHES: usize = 64;

/// The row of a transfer to a destination that a person calls so.
pub(crate) fn row(snapshot: &Snapshot, destination: String, speed: u64, strip: Vec<u8>) -> TransferView {
    let left = snapshot.bytes_total.saturating_sub(snapshot.bytes_acked);
    TransferView {
        id: snapshot.id.to_string(),
        batch: snapshot.batch.to_string(),
        name: snapshot.name.shown(),
        path: shown_path(&snapshot.path),
        destination,
        destination_id: snapshot.destination.0.clone(),
        state: state(snapshot),
        hold: hold(snapshot),
        position: snapshot.position,
        priority: priority(snapshot.priority),
        bytes_total: snapshot.bytes_total,
        bytes_acked: snapshot.bytes_acked,
        bytes_sent: snapshot.bytes_sent,
        speed,
        seconds_left: left.checked_div(speed),
        chunk_len: snapshot.chunk_len,
        chunks_total: snapshot.chunks_total,
        chunks_acked: snapshot.chunks_acked,
        lost_ground: snapshot.lost_ground,
        comparing: snapshot.comparing.map(|Comparing { bytes, of }| ComparingView { bytes, of }),
        can_send_changed: snapshot.can_send_changed,
        strip,
        created_at: snapshot.created_at.0,
        ended_at: snapshot.ended_at.map(|at| at.0),
    }
}

/// A path that cannot disguise itself: each of its parts as a name is shown.
pub(crate) fn shown_path(path: &std::path::Path) -> String {
    let safe = |c: char| if c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c) { '\u{fffd}' } else { c };
    path.to_string_lossy().chars().map(safe).collect()
}

fn state(snapshot: &Snapshot) -> StateView {
    match &snapshot.state {
        TransferState::Active => uploading(snapshot),
        TransferState::Waiting(wait) => waiting(wait, snapshot.hold),
        other => bare(other),
    }
}

/// What holds back one whose state does not say so.
fn hold(snapshot: &Snapshot) -> Option<StateView> {
    match snapshot.state {
        TransferState::Queued | TransferState::Preparing | TransferState::Completing => snapshot.hold.map(held),
        TransferState::Active
        | TransferState::Waiting(_)
        | TransferState::Paused
        | TransferState::Failed(_)
        | TransferState::Cancelling
        | TransferState::Cancelled
        | TransferState::Skipped(_)
        | TransferState::Done(_) => None,
    }
}

/// It goes on when both its own wait and its destination's are over.
fn waiting(wait: &Wait, hold: Option<Hold>) -> StateView {
    let hold = hold.filter(|_| wait.reason != WaitReason::Source).map(|hold| hold.until);
    let until = hold.map_or(wait.until, |hold| wait.until.zip(hold).map(|(own, hold)| own.max(hold)));
    let until = until.map(|at| at.0);
    StateView::Waiting { reason: reason(wait.reason), sentence: wait.sentence.clone(), until }
}

fn priority(priority: Priority) -> PriorityView {
    match priority {
        Priority::High => PriorityView::High,
        Priority::Normal => PriorityView::Normal,
        Priority::Low => PriorityView::Low,
    }
}

/// A state by itself, without what holds an active transfer just now.
pub(crate) fn bare(state: &TransferState) -> StateView {
    match state {
        TransferState::Queued => StateView::Queued,
        TransferState::Preparing => StateView::Preparing,
        TransferState::Active => StateView::Uploading,
        TransferState::Completing => StateView::Verifying,
        TransferState::Waiting(wait) => waiting(wait, None),
        TransferState::Paused => StateView::Paused,
        TransferState::Failed(failure) => {
            StateView::Failed { kind: kind(&failure.kind), sentence: failure.sentence.clone() }
        }
        TransferState::Cancelling => StateView::Cancelling,
        TransferState::Cancelled => StateView::Cancelled,
        TransferState::Skipped(sentence) => StateView::Skipped { sentence: sentence.clone() },
        TransferState::Done(completed) => {
            StateView::Done { proof: proof(completed.proof), object: completed.object.to_string() }
        }
    }
}

fn uploading(snapshot: &Snapshot) -> StateView {
    match (snapshot.hold, snapshot.limited) {
        (Some(hold), _) => held(hold),
        (None, true) => StateView::Limited,
        (None, false) => StateView::Uploading,
    }
}

/// What all transfers to a destination wait for.
pub(crate) fn held(hold: Hold) -> StateView {
    let until = hold.until.map(|until| until.0);
    let waiting = |reason, sentence: &str| StateView::Waiting { reason, sentence: sentence.to_owned(), until };
    match (hold.cause, until) {
        (Cause::Throttled, Some(until)) => StateView::Throttled { until },
        (Cause::Throttled | Cause::Failing, _) => waiting(WaitView::Remote, FAILING),
        (Cause::Network, _) => waiting(WaitView::Network, NO_NETWORK),
        (Cause::Credentials, _) => waiting(WaitView::Credentials, REFUSED),
    }
}

fn reason(reason: WaitReason) -> WaitView {
    match reason {
        WaitReason::Network => WaitView::Network,
        WaitReason::Credentials => WaitView::Credentials,
        WaitReason::Remote => WaitView::Remote,
        WaitReason::Source => WaitView::Source,
    }
}

fn kind(kind: &FailureKind) -> FailureView {
    match kind {
        FailureKind::SourceChanged => FailureView::SourceChanged,
        FailureKind::SourceUnreadable => FailureView::SourceUnreadable,
        FailureKind::Corrupt { .. } => FailureView::Corrupt,
        FailureKind::NoSpace => FailureView::NoSpace,
        FailureKind::Remote => FailureView::Remote,
    }
}

fn proof(proof: Proof) -> ProofView {
    match proof {
        Proof::Root => ProofView::Root,
        Proof::Parts => ProofView::Parts,
        Proof::ReadBack => ProofView::ReadBack,
        Proof::SizeOnly => ProofView::SizeOnly,
    }
}

/// The strip of a row, where it follows from the counts alone: nothing there, or all of it.
pub(crate) fn plain_strip(snapshot: &Snapshot) -> Option<Vec<u8>> {
    match (snapshot.chunks_acked, matches!(snapshot.state, TransferState::Done(_))) {
        (_, true) => Some(vec![u8::MAX; STRETCHES]),
        (0, false) => Some(vec![0; STRETCHES]),
        (acked, false) if acked == snapshot.chunks_total => Some(vec![u8::MAX; STRETCHES]),
        (_, false) => None,
    }
}

/// The acknowledged share of each stretch, 0 to 255; 255 only when all of it is there.
pub(crate) fn strip(picture: &Picture) -> Vec<u8> {
    let count = picture.cells.len();
    let share = |stretch: usize| {
        let (start, end) = (stretch * count / STRETCHES, ((stretch + 1) * count).div_ceil(STRETCHES));
        let cells = &picture.cells[start..end.max(start)];
        let acked = cells.iter().filter(|cell| **cell == Cell::Acked).count();
        (acked * usize::from(u8::MAX) / cells.len().max(1)) as u8
    };
    (0..STRETCHES).map(share).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(cells: Vec<Cell>) -> Picture {
        Picture { layout: None, cells, notes: Vec::new() }
    }

    #[test]
    fn a_strip_is_full_only_where_all_is_there() {
        let one = strip(&picture(vec![Cell::Acked]));
        assert_eq!(one, vec![255; 64], "one acknowledged chunk is the whole file");
        let mut cells = vec![Cell::Acked; 6400];
        cells[3200] = Cell::InFlight;
        let strip = strip(&picture(cells));
        assert_eq!(strip.iter().filter(|share| **share < 255).count(), 1, "one missing chunk shows in one stretch");
    }

    #[test]
    fn a_file_without_chunks_has_an_empty_strip() {
        assert_eq!(strip(&picture(Vec::new())), vec![0; 64], "nothing is there and nothing divides by zero");
    }

    #[test]
    fn whoever_would_go_says_what_holds_it() {
        use transfer::ids::TransferId;
        use transfer::units::Timestamp;

        use crate::snapshots::snapshot;
        let hold = Hold { cause: Cause::Failing, until: Some(Timestamp(9_000)) };
        let row = |state| {
            row(
                &Snapshot { hold: Some(hold), ..snapshot(TransferId::random(), state, 0) },
                String::new(),
                0,
                Vec::new(),
            )
        };
        for state in [TransferState::Queued, TransferState::Preparing, TransferState::Completing] {
            let told = row(state.clone());
            let until = Some(9_000);
            assert!(
                matches!(told.hold, Some(StateView::Waiting { reason: WaitView::Remote, until: at, .. }) if at == until),
                "{state:?} is held, and says until when: {told:?}"
            );
        }
        let active = row(TransferState::Active);
        assert!(
            active.hold.is_none() && matches!(active.state, StateView::Waiting { .. }),
            "its state says it: {active:?}"
        );
        let wait = |reason| Wait { reason, sentence: "It waits.".to_owned(), until: Some(Timestamp(2_000)) };
        let until = |reason| match row(TransferState::Waiting(wait(reason))).state {
            StateView::Waiting { until, .. } => until,
            other => panic!("it waits: {other:?}"),
        };
        assert_eq!(until(WaitReason::Remote), Some(9_000), "nothing goes before the destination is asked again");
        assert_eq!(until(WaitReason::Source), Some(2_000), "a file is looked for whatever the destination does");
    }

    #[test]
    fn a_path_cannot_disguise_itself() {
        let path = std::path::Path::new("/films/a\u{202e}4pm.\n");
        assert_eq!(shown_path(path), "/films/a\u{fffd}4pm.\u{fffd}", "direction marks and newlines are shown as such");
    }
}
