//! The life of a transfer as one pure function: what happens to it gives its next state and what is to be done.
//!
//! This is the whole reaction table of the architecture; the engine only carries effects out. An event that makes no
//! sense in a state is late (an acknowledgement after a pause, an alarm of a wait that is over): the state stays and
//! there is no effect. Terminal states stay for ever, and every road to Active passes Preparing, which asks the
//! remote what it has.

use std::time::Duration;

use crate::error::Trouble;
use crate::remote::Arriving;
use crate::state::{Effect, Env, Event, TransferState};

mod chunk;
mod fault;
mod progress;
mod sentence;
#[cfg(test)]
mod tests;
mod user;

/// The next state, and what to do in this order once it is journalled. No effect and the same state: nothing happened.
pub fn step(state: &TransferState, event: &Event, env: &Env) -> (TransferState, Vec<Effect>) {
    let Some(Move { to, mut effects }) = reaction(state, event, env) else {
        return (state.clone(), Vec::new());
    };
    if must_announce(state, &to, event) {
        effects.insert(0, Effect::Announce);
    }
    (to, effects)
}

/// What to tell the readers of an upload whose transfer stands so: the content of [`Effect::Announce`].
pub fn arriving(state: &TransferState) -> Arriving {
    match state {
        TransferState::Queued
        | TransferState::Preparing
        | TransferState::Active
        | TransferState::Completing
        | TransferState::Done(_) => Arriving::Yes,
        // Without a date only a person ends the wait, and nobody knows when.
        TransferState::Waiting(wait) if wait.until.is_none() => Arriving::Failed,
        TransferState::Waiting(_) => Arriving::Yes,
        TransferState::Paused => Arriving::Paused,
        TransferState::Failed(_) | TransferState::Cancelling | TransferState::Cancelled | TransferState::Skipped(_) => {
            Arriving::Failed
        }
    }
}

/// The answer to an event that makes sense: where to, and what to do.
#[derive(Debug)]
struct Move {
    to: TransferState,
    effects: Vec<Effect>,
}

impl Move {
    fn to(to: TransferState, effects: impl Into<Vec<Effect>>) -> Option<Self> {
        Some(Self { to, effects: effects.into() })
    }

    /// Says first what went wrong.
    fn telling(mut self, trouble: &Trouble) -> Self {
        self.effects.insert(0, Effect::Tell(trouble.clone()));
        self
    }
}

fn reaction(state: &TransferState, event: &Event, env: &Env) -> Option<Move> {
    match event {
        Event::Pause => user::pause(state),
        Event::Resume => user::resume(state),
        Event::Cancel => user::cancel(state, env),
        Event::Retry => user::retry(state),
        Event::StartOver => user::start_over(state, env),
        Event::SendChanged => user::send_changed(state),
        Event::Located => user::located(state, env),
        Event::Admit => progress::admit(state),
        Event::Begun => progress::reconciled(state, false),
        Event::Reconciled { all_acked } => progress::reconciled(state, *all_acked),
        Event::ChunkAcked => progress::chunk_acked(state),
        Event::AllAcked => progress::all_acked(state),
        Event::Completed(completed) => progress::completed(state, completed),
        Event::Wake => progress::wake(state),
        Event::Aborted => progress::aborted(state),
        Event::Restarted => progress::restarted(state),
        Event::ChunkFailed { chunk, trouble, attempts } => {
            chunk::failed(state, *chunk, trouble, *attempts, env).map(|next| next.telling(trouble))
        }
        Event::Fault { trouble, attempts } => {
            fault::failed(state, trouble, *attempts, env).map(|next| next.telling(trouble))
        }
        Event::SourceFault(trouble) => fault::source(state, trouble, env),
        Event::NoRemote(sentence) => fault::no_remote(state, sentence),
    }
}

/// When the answer changes; and when chunks begin to travel or the program began again, for the remote may have
/// begun again too and forgotten it.
fn must_announce(from: &TransferState, to: &TransferState, event: &Event) -> bool {
    let begins = *to == TransferState::Active && *from != TransferState::Active;
    let restarts = *event == Event::Restarted && to.is_running();
    begins || restarts || arriving(from) != arriving(to)
}

/// For the effects, which count in milliseconds.
fn millis(delay: Duration) -> u64 {
    u64::try_from(delay.as_millis()).unwrap_or(u64::MAX)
}
