//! A call that is no chunk failed, or the source did: one reaction for each class.

use std::time::Duration;

use super::{Move, millis, sentence};
use crate::error::{Class, Trouble};
use crate::retry::{Backoff, probe_after, retry_after};
use crate::state::{Effect, Env, Failure, FailureKind, SourceTrouble, TransferState, Wait, WaitReason};

/// How often a source that is gone is looked for.
const SOURCE_LOOK: Duration = Duration::from_secs(2);
/// So often may the remote have something else than was just asked before the upload is taken for another's.
const DESYNC_LIMIT: u32 = 12;
/// So often may the remote find the finished whole corrupt before it is taken at its word.
const CORRUPT_LIMIT: u32 = 3;

pub(super) fn failed(state: &TransferState, trouble: &Trouble, attempts: u32, env: &Env) -> Option<Move> {
    match state {
        TransferState::Preparing | TransferState::Active | TransferState::Completing => {
            of_transfer(trouble, attempts, env)
        }
        TransferState::Cancelling => of_abort(trouble, attempts, env),
        TransferState::Queued
        | TransferState::Waiting(_)
        | TransferState::Paused
        | TransferState::Failed(_)
        | TransferState::Cancelled
        | TransferState::Skipped(_)
        | TransferState::Done(_) => None,
    }
}

/// The reaction of a transfer at work, whatever it was doing.
pub(super) fn of_transfer(trouble: &Trouble, attempts: u32, env: &Env) -> Option<Move> {
    match &trouble.class {
        Class::Transient => wait(WaitReason::Remote, sentence::transient(trouble), backoff(attempts, env), env),
        Class::Throttled { after } => throttled(trouble, retry_after(*after, env.jitter), env),
        Class::Offline => wait(WaitReason::Network, sentence::offline(trouble), probe_after(attempts, env.jitter), env),
        Class::Portal => wait(WaitReason::Network, sentence::portal(trouble), probe_after(attempts, env.jitter), env),
        // Asking again mends the first one. A remote that does not agree is asked ever more rarely, and one that never
        // does has an upload of this name that is none of ours: as with one that is gone, it begins again.
        Class::Desync if attempts >= DESYNC_LIMIT => expired(trouble, env),
        Class::Desync if attempts > 1 => {
            wait(WaitReason::Remote, sentence::transient(trouble), backoff(attempts, env), env)
        }
        Class::Desync => ask_again([]),
        Class::Expired => expired(trouble, env),
        Class::Denied => until_a_person_acts(WaitReason::Credentials, sentence::denied(trouble)),
        Class::Corrupt if attempts >= CORRUPT_LIMIT => fail(FailureKind::Remote, sentence::corrupt_whole(trouble), []),
        Class::Corrupt => ask_again([]),
        Class::TooLarge => too_large(trouble, env),
        Class::Taken => Move::to(TransferState::Skipped(sentence::taken(trouble)), [Effect::DropLeases]),
        Class::NoSpace { needed, free } => fail(FailureKind::NoSpace, sentence::no_space(trouble, *needed, *free), []),
        Class::Fatal => fail(FailureKind::Remote, sentence::fatal(trouble), []),
    }
}

/// The source failed while it was needed. Where it is not, that shows when it is opened again.
pub(super) fn source(state: &TransferState, trouble: &SourceTrouble, env: &Env) -> Option<Move> {
    match state {
        TransferState::Preparing | TransferState::Active | TransferState::Completing => of_source(trouble, env),
        TransferState::Queued
        | TransferState::Waiting(_)
        | TransferState::Paused
        | TransferState::Failed(_)
        | TransferState::Cancelling
        | TransferState::Cancelled
        | TransferState::Skipped(_)
        | TransferState::Done(_) => None,
    }
}

/// Another run may have the destination open, or a person must set it up: nothing is wrong with the transfer. What is
/// being cancelled stays so; the next start, or a retry, asks the destination again.
pub(super) fn no_remote(state: &TransferState, why: &str) -> Option<Move> {
    match state {
        TransferState::Preparing | TransferState::Active | TransferState::Completing => {
            until_a_person_acts(WaitReason::Remote, sentence::no_remote(why))
        }
        TransferState::Queued
        | TransferState::Waiting(_)
        | TransferState::Paused
        | TransferState::Failed(_)
        | TransferState::Cancelling
        | TransferState::Cancelled
        | TransferState::Skipped(_)
        | TransferState::Done(_) => None,
    }
}

fn of_source(trouble: &SourceTrouble, env: &Env) -> Option<Move> {
    match trouble {
        SourceTrouble::Gone(what) => wait(WaitReason::Source, sentence::source_gone(what), SOURCE_LOOK, env),
        SourceTrouble::Changed => fail(FailureKind::SourceChanged, sentence::source_changed(), []),
        SourceTrouble::Unreadable(what) => fail(FailureKind::SourceUnreadable, sentence::source_unreadable(what), []),
    }
}

/// A remote that does not answer is asked again for ever: giving up would leave what arrived lying there. One that
/// does not know the upload, or never will obey, is left alone.
fn of_abort(trouble: &Trouble, attempts: u32, env: &Env) -> Option<Move> {
    let again = |delay: Duration| [Effect::WakeAfter { delay_ms: millis(delay) }];
    let stay = |effects: Vec<Effect>| Move::to(TransferState::Cancelling, effects);
    match &trouble.class {
        Class::Expired | Class::Taken | Class::Fatal => Move::to(TransferState::Cancelled, []),
        Class::Throttled { after } => {
            let delay = retry_after(*after, env.jitter);
            stay([gate(delay).as_slice(), &again(delay)].concat())
        }
        Class::Offline | Class::Portal => stay(again(probe_after(attempts, env.jitter)).into()),
        Class::Transient | Class::Desync | Class::Denied | Class::Corrupt | Class::TooLarge | Class::NoSpace { .. } => {
            stay(again(backoff(attempts, env)).into())
        }
    }
}

fn throttled(trouble: &Trouble, delay: Duration, env: &Env) -> Option<Move> {
    let waiting = wait(WaitReason::Remote, sentence::throttled(trouble), delay, env)?;
    Move::to(waiting.to, [gate(delay).as_slice(), &waiting.effects].concat())
}

fn expired(trouble: &Trouble, env: &Env) -> Option<Move> {
    if env.began_again {
        // The handle is worth nothing any more: a later retry begins with none.
        fail(FailureKind::Remote, sentence::expired(trouble), [Effect::ForgetUpload])
    } else {
        ask_again([Effect::ForgetUpload])
    }
}

/// Begins again with shorter chunks. The upload with the longer ones is aborted before it is forgotten.
fn too_large(trouble: &Trouble, env: &Env) -> Option<Move> {
    if !env.can_shrink {
        return fail(FailureKind::Remote, sentence::too_large(trouble), []);
    }
    let abort = env.has_handle.then_some(Effect::Abort);
    ask_again(abort.into_iter().chain([Effect::ForgetUpload, Effect::ShrinkChunks]))
}

fn until_a_person_acts(reason: WaitReason, sentence: String) -> Option<Move> {
    Move::to(TransferState::Waiting(Wait { reason, sentence, until: None }), [Effect::DropLeases])
}

fn ask_again(first: impl IntoIterator<Item = Effect>) -> Option<Move> {
    let effects: Vec<_> = [Effect::DropLeases].into_iter().chain(first).chain([Effect::Prepare]).collect();
    Move::to(TransferState::Preparing, effects)
}

fn wait(reason: WaitReason, sentence: String, delay: Duration, env: &Env) -> Option<Move> {
    let wait = Wait { reason, sentence, until: Some(env.now.after(delay)) };
    Move::to(TransferState::Waiting(wait), [Effect::DropLeases, Effect::WakeAfter { delay_ms: millis(delay) }])
}

fn fail(kind: FailureKind, sentence: String, more: impl IntoIterator<Item = Effect>) -> Option<Move> {
    let effects: Vec<_> = [Effect::DropLeases].into_iter().chain(more).collect();
    Move::to(TransferState::Failed(Failure { kind, sentence }), effects)
}

fn gate(delay: Duration) -> [Effect; 2] {
    [Effect::CloseGate { delay_ms: millis(delay) }, Effect::HalveBudget]
}

fn backoff(attempts: u32, env: &Env) -> Duration {
    Backoff::default().delay(attempts, env.jitter)
}
