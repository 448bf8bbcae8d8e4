//! What goes as it should.

use super::Move;
use crate::remote::Completed;
use crate::state::{Effect, Env, TransferState};

pub(super) fn admit(state: &TransferState) -> Option<Move> {
    only_in(state, &TransferState::Queued, || Move::to(TransferState::Preparing, [Effect::Prepare]))
}

/// The remote said what it has; nothing at all when it just began.
pub(super) fn reconciled(state: &TransferState, all_acked: bool) -> Option<Move> {
    only_in(state, &TransferState::Preparing, || {
        if all_acked {
            Move::to(TransferState::Completing, [Effect::Complete])
        } else {
            Move::to(TransferState::Active, [Effect::LeaseChunks])
        }
    })
}

pub(super) fn chunk_acked(state: &TransferState) -> Option<Move> {
    only_in(state, &TransferState::Active, || Move::to(TransferState::Active, [Effect::LeaseChunks]))
}

pub(super) fn all_acked(state: &TransferState) -> Option<Move> {
    only_in(state, &TransferState::Active, || Move::to(TransferState::Completing, [Effect::Complete]))
}

/// The one road to Done. In Preparing `status` found that only the reply had been lost.
pub(super) fn completed(state: &TransferState, completed: &Completed) -> Option<Move> {
    match state {
        TransferState::Preparing | TransferState::Completing => Move::to(TransferState::Done(completed.clone()), []),
        TransferState::Queued
        | TransferState::Active
        | TransferState::Waiting(_)
        | TransferState::Paused
        | TransferState::Failed(_)
        | TransferState::Cancelling
        | TransferState::Cancelled
        | TransferState::Skipped(_)
        | TransferState::Done(_) => None,
    }
}

pub(super) fn wake(state: &TransferState) -> Option<Move> {
    match state {
        TransferState::Waiting(_) => Move::to(TransferState::Preparing, [Effect::Prepare]),
        TransferState::Cancelling => Move::to(TransferState::Cancelling, [Effect::Abort]),
        TransferState::Queued
        | TransferState::Preparing
        | TransferState::Active
        | TransferState::Completing
        | TransferState::Paused
        | TransferState::Failed(_)
        | TransferState::Cancelled
        | TransferState::Skipped(_)
        | TransferState::Done(_) => None,
    }
}

pub(super) fn aborted(state: &TransferState) -> Option<Move> {
    only_in(state, &TransferState::Cancelling, || Move::to(TransferState::Cancelled, []))
}

/// Nothing is in flight any more. What ran asks the remote again in Preparing, where a Completing whose reply was
/// lost finds its object; what was being cancelled is cancelled.
pub(super) fn restarted(state: &TransferState) -> Option<Move> {
    match state {
        TransferState::Queued
        | TransferState::Preparing
        | TransferState::Active
        | TransferState::Completing
        | TransferState::Waiting(_) => Move::to(TransferState::Queued, []),
        TransferState::Cancelling => Move::to(TransferState::Cancelling, [Effect::Abort]),
        TransferState::Paused
        | TransferState::Failed(_)
        | TransferState::Cancelled
        | TransferState::Skipped(_)
        | TransferState::Done(_) => None,
    }
}

/// What was under way is cut, charged to nobody, and begun again: every call may be repeated. Where a broken chunk goes on
/// at its very byte, that is asked for first.
pub(super) fn interrupted(state: &TransferState, env: &Env) -> Option<Move> {
    match state {
        TransferState::Preparing => Move::to(TransferState::Preparing, [Effect::Prepare]),
        TransferState::Active if env.must_ask => {
            Move::to(TransferState::Preparing, [Effect::DropLeases, Effect::Prepare])
        }
        TransferState::Active => Move::to(TransferState::Active, [Effect::DropLeases, Effect::LeaseChunks]),
        TransferState::Completing => Move::to(TransferState::Completing, [Effect::Complete]),
        TransferState::Cancelling => Move::to(TransferState::Cancelling, [Effect::Abort]),
        TransferState::Queued
        | TransferState::Waiting(_)
        | TransferState::Paused
        | TransferState::Failed(_)
        | TransferState::Cancelled
        | TransferState::Skipped(_)
        | TransferState::Done(_) => None,
    }
}

fn only_in(state: &TransferState, wanted: &TransferState, next: impl FnOnce() -> Option<Move>) -> Option<Move> {
    if state == wanted { next() } else { None }
}
