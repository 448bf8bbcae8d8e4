//! The reaction table and the state diagram, written down a second time as data, and what must hold over all of it.

use proptest::prelude::*;

use super::*;
use crate::error::Class;
use crate::ids::ObjectId;
use crate::remote::{Completed, Proof};
use crate::state::{Failure, FailureKind, SourceTrouble, Wait, WaitReason};
use crate::units::Timestamp;

mod diagram;
mod laws;
mod sentences;
mod table;

const NOW: Timestamp = Timestamp(1_000_000);

/// A moment without luck: jitter 0 gives each delay its least value.
fn env() -> Env {
    Env { now: NOW, jitter: 0.0, has_handle: true, began_again: false, can_shrink: false, must_ask: false }
}

fn trouble(class: Class) -> Trouble {
    Trouble { class, sentence: "the disk is read-only".to_owned() }
}

fn object() -> Completed {
    Completed { object: ObjectId("film".to_owned()), proof: Proof::Root }
}

fn waiting(reason: WaitReason) -> TransferState {
    let until = (reason != WaitReason::Credentials).then_some(Timestamp(7));
    TransferState::Waiting(Wait { reason, sentence: "why".to_owned(), until })
}

fn failed(kind: FailureKind) -> TransferState {
    TransferState::Failed(Failure { kind, sentence: "why".to_owned() })
}

fn states() -> Vec<TransferState> {
    let waits = [WaitReason::Network, WaitReason::Credentials, WaitReason::Remote, WaitReason::Source].map(waiting);
    let failures = [
        FailureKind::SourceChanged,
        FailureKind::SourceUnreadable,
        FailureKind::Corrupt { chunk: 3 },
        FailureKind::NoSpace,
        FailureKind::Remote,
    ]
    .map(failed);
    let plain = [
        TransferState::Queued,
        TransferState::Preparing,
        TransferState::Active,
        TransferState::Completing,
        TransferState::Paused,
        TransferState::Cancelling,
        TransferState::Cancelled,
        TransferState::Skipped("taken".to_owned()),
        TransferState::Done(object()),
    ];
    waits.into_iter().chain(failures).chain(plain).collect()
}

fn classes() -> Vec<Class> {
    vec![
        Class::Transient,
        Class::Throttled { after: None },
        Class::Throttled { after: Some(Duration::from_secs(7)) },
        Class::Offline,
        Class::Portal,
        Class::Desync,
        Class::Expired,
        Class::Denied,
        Class::Corrupt,
        Class::TooLarge,
        Class::Taken,
        Class::NoSpace { needed: Some(9), free: None },
        Class::Fatal,
    ]
}

/// Every event, the failing ones with each class.
fn events(attempts: u32) -> Vec<Event> {
    let plain = [
        Event::Admit,
        Event::Begun,
        Event::Reconciled { all_acked: false },
        Event::Reconciled { all_acked: true },
        Event::ChunkAcked,
        Event::AllAcked,
        Event::Completed(object()),
        Event::Wake,
        Event::Pause,
        Event::Resume,
        Event::Cancel,
        Event::Retry,
        Event::StartOver,
        Event::SendChanged,
        Event::Located,
        Event::Aborted,
        Event::Restarted,
        Event::NoRemote("no such folder".to_owned()),
    ];
    let source =
        [SourceTrouble::Gone("it".to_owned()), SourceTrouble::Changed, SourceTrouble::Unreadable("it".to_owned())];
    let chunks = classes().into_iter().map(|class| Event::ChunkFailed { chunk: 3, trouble: trouble(class), attempts });
    let faults = classes().into_iter().map(|class| Event::Fault { trouble: trouble(class), attempts });
    plain.into_iter().chain(source.map(Event::SourceFault)).chain(chunks).chain(faults).collect()
}

fn envs() -> impl Strategy<Value = Env> {
    (any::<i64>(), 0.0..1.0f64, any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>()).prop_map(
        |(now, jitter, has_handle, began_again, can_shrink, must_ask)| Env {
            now: Timestamp(now),
            jitter,
            has_handle,
            began_again,
            can_shrink,
            must_ask,
        },
    )
}

fn any_state() -> impl Strategy<Value = TransferState> {
    prop::sample::select(states())
}

fn any_event() -> impl Strategy<Value = Event> {
    (0..6u32, any::<prop::sample::Index>()).prop_map(|(attempts, at)| at.get(&events(attempts)).clone())
}
