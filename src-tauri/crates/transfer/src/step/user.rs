//! What the user asks for.

use super::Move;
use crate::state::{Effect, Env, FailureKind, TransferState, WaitReason};

pub(super) fn pause(state: &TransferState) -> Option<Move> {
    if state.is_running() { Move::to(TransferState::Paused, [Effect::DropLeases]) } else { None }
}

pub(super) fn resume(state: &TransferState) -> Option<Move> {
    (*state == TransferState::Paused).then(|| Move::to(TransferState::Queued, []))?
}

/// Gives it up. Where the remote may know of it, the remote is told first: in Preparing a begin may be on its way
/// even though there is no handle yet, and the engine aborts as soon as it knows one.
pub(super) fn cancel(state: &TransferState, env: &Env) -> Option<Move> {
    match state {
        TransferState::Preparing => Move::to(TransferState::Cancelling, [Effect::DropLeases, Effect::Abort]),
        TransferState::Queued
        | TransferState::Active
        | TransferState::Completing
        | TransferState::Waiting(_)
        | TransferState::Paused
        | TransferState::Failed(_) => {
            if env.has_handle {
                Move::to(TransferState::Cancelling, [Effect::DropLeases, Effect::Abort])
            } else {
                Move::to(TransferState::Cancelled, [Effect::DropLeases])
            }
        }
        TransferState::Cancelling | TransferState::Cancelled | TransferState::Skipped(_) | TransferState::Done(_) => {
            None
        }
    }
}

/// Once more; of one that waits: now.
pub(super) fn retry(state: &TransferState) -> Option<Move> {
    match state {
        TransferState::Failed(_) | TransferState::Skipped(_) => Move::to(TransferState::Queued, []),
        TransferState::Waiting(_) | TransferState::Cancelling => super::progress::wake(state),
        TransferState::Queued
        | TransferState::Preparing
        | TransferState::Active
        | TransferState::Completing
        | TransferState::Paused
        | TransferState::Cancelled
        | TransferState::Done(_) => None,
    }
}

/// Forgets what arrived and takes the file as it is now. The old upload is aborted on the way; nobody waits for
/// the answer: an upload that nobody knows any more expires.
pub(super) fn start_over(state: &TransferState, env: &Env) -> Option<Move> {
    match state {
        TransferState::Failed(_) | TransferState::Paused | TransferState::Waiting(_) => {
            let abort = env.has_handle.then_some(Effect::Abort);
            let effects: Vec<_> = abort.into_iter().chain([Effect::ForgetEverything]).collect();
            Move::to(TransferState::Queued, effects)
        }
        TransferState::Queued
        | TransferState::Preparing
        | TransferState::Active
        | TransferState::Completing
        | TransferState::Cancelling
        | TransferState::Cancelled
        | TransferState::Skipped(_)
        | TransferState::Done(_) => None,
    }
}

/// Keeps of what arrived what the file still has. Whether the remote can do that was asked before.
pub(super) fn send_changed(state: &TransferState) -> Option<Move> {
    let changed = matches!(state, TransferState::Failed(failure) if failure.kind == FailureKind::SourceChanged);
    if changed { Move::to(TransferState::Queued, [Effect::AmendUpload]) } else { None }
}

/// Goes on with the file that was found. It is as long as the other and looks like it; what arrived is compared all the
/// same.
pub(super) fn located(state: &TransferState, env: &Env) -> Option<Move> {
    let effect = if env.has_handle { Effect::AmendUpload } else { Effect::ForgetEverything };
    match state {
        TransferState::Waiting(wait) if wait.reason == WaitReason::Source => Move::to(TransferState::Queued, [effect]),
        TransferState::Failed(failure) => match failure.kind {
            FailureKind::SourceChanged | FailureKind::SourceUnreadable => Move::to(TransferState::Queued, [effect]),
            FailureKind::Corrupt { .. } | FailureKind::NoSpace | FailureKind::Remote => None,
        },
        TransferState::Queued
        | TransferState::Preparing
        | TransferState::Active
        | TransferState::Completing
        | TransferState::Waiting(_)
        | TransferState::Paused
        | TransferState::Cancelling
        | TransferState::Cancelled
        | TransferState::Skipped(_)
        | TransferState::Done(_) => None,
    }
}
