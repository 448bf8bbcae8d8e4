//! A chunk failed at the remote: one reaction for each class.

use super::{Move, fault, millis};
use crate::error::{Class, Trouble};
use crate::retry::{Backoff, retry_after};
use crate::state::{Effect, Env, Failure, FailureKind, TransferState};

/// A chunk that arrives wrong so often in a row is not an accident of the link.
const CORRUPT_LIMIT: u32 = 3;

/// Failures of a chunk count in Active alone: everywhere else its lease was taken back, and the remote is asked
/// again before the next one.
pub(super) fn failed(state: &TransferState, chunk: u32, trouble: &Trouble, attempts: u32, env: &Env) -> Option<Move> {
    if *state != TransferState::Active {
        return None;
    }
    let backoff = millis(Backoff::default().delay(attempts, env.jitter));
    match &trouble.class {
        // What arrived of it is kept there, and only the byte after it is taken: to send the chunk from its start again
        // would be refused, after it was sent.
        Class::Transient if env.must_ask => ask_again(release(chunk, backoff, true)),
        Class::Transient => stay([release(chunk, backoff, true), Effect::LeaseChunks]),
        Class::Throttled { after } => {
            let delay_ms = millis(retry_after(*after, env.jitter));
            stay([Effect::CloseGate { delay_ms }, Effect::HalveBudget, release(chunk, 0, false)])
        }
        // Charged and rested although every lease goes: a remote that never agrees must not be asked without end.
        Class::Desync => ask_again(release(chunk, backoff, true)),
        Class::Corrupt if attempts >= CORRUPT_LIMIT => corrupt(chunk, trouble),
        // The pieces before the damaged one are there.
        Class::Corrupt if env.must_ask => ask_again(release(chunk, 0, false)),
        Class::Corrupt => stay([release(chunk, 0, false), Effect::LeaseChunks]),
        Class::Offline
        | Class::Portal
        | Class::Expired
        | Class::Denied
        | Class::TooLarge
        | Class::Taken
        | Class::NoSpace { .. }
        | Class::Fatal => fault::of_transfer(trouble, attempts, env),
    }
}

fn release(chunk: u32, delay_ms: u64, charged: bool) -> Effect {
    Effect::ReleaseChunk { chunk, delay_ms, charged }
}

fn stay(effects: impl Into<Vec<Effect>>) -> Option<Move> {
    Move::to(TransferState::Active, effects)
}

fn ask_again(release: Effect) -> Option<Move> {
    Move::to(TransferState::Preparing, [release, Effect::DropLeases, Effect::Prepare])
}

fn corrupt(chunk: u32, trouble: &Trouble) -> Option<Move> {
    let sentence = super::sentence::corrupt_chunk(chunk, trouble);
    let failure = Failure { kind: FailureKind::Corrupt { chunk }, sentence };
    Move::to(TransferState::Failed(failure), [Effect::DropLeases])
}
