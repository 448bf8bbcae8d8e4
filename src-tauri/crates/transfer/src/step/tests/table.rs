//! The reaction table, a row for each class, seen from each place where it can strike.

use super::*;

/// Where a failure leads.
#[derive(Debug, Clone)]
enum To {
    Here,
    Preparing,
    /// Until so many milliseconds from now, or without an end.
    Waiting(WaitReason, Option<u64>),
    Failed(FailureKind),
    Cancelled,
    Skipped,
}

/// One reaction: where to, and what is done after it is told.
type Reaction = (To, Vec<Effect>);

struct Row {
    class: Class,
    attempts: u32,
    env: Env,
    /// A chunk failed in Active.
    chunk: Reaction,
    /// A call failed in Preparing or Completing (or one of the whole transfer in Active).
    call: Reaction,
    /// The abort failed in Cancelling.
    abort: Reaction,
}

const BACKOFF: u64 = 50;
const PROBE: u64 = 5_000;
const BREAK: u64 = 7_000;

fn release(delay_ms: u64, charged: bool) -> Effect {
    Effect::ReleaseChunk { chunk: 3, delay_ms, charged }
}

fn waits(reason: WaitReason, delay_ms: u64) -> Reaction {
    (To::Waiting(reason, Some(delay_ms)), vec![Effect::DropLeases, Effect::WakeAfter { delay_ms }])
}

fn fails(kind: FailureKind, then: &[Effect]) -> Reaction {
    (To::Failed(kind), [&[Effect::DropLeases], then].concat())
}

fn prepares(effects: &[Effect]) -> Reaction {
    (To::Preparing, [effects, &[Effect::Prepare]].concat())
}

fn here(effects: &[Effect]) -> Reaction {
    (To::Here, effects.to_vec())
}

fn asks_abort_again(delay_ms: u64) -> Reaction {
    here(&[Effect::WakeAfter { delay_ms }])
}

/// A class whose reaction is the same for a chunk and for a call.
fn either(class: Class, env: Env, reaction: Reaction, abort: Reaction) -> Row {
    Row { class, attempts: 1, env, chunk: reaction.clone(), call: reaction, abort }
}

fn rows() -> Vec<Row> {
    [links(), disagreements(), refusals()].into_iter().flatten().collect()
}

fn links() -> Vec<Row> {
    use Effect::*;
    let gate = [CloseGate { delay_ms: BREAK }, HalveBudget];
    let network = || waits(WaitReason::Network, PROBE);
    vec![
        Row {
            class: Class::Transient,
            attempts: 4,
            env: env(),
            chunk: here(&[release(BACKOFF, true), LeaseChunks]),
            call: waits(WaitReason::Remote, BACKOFF),
            abort: asks_abort_again(BACKOFF),
        },
        Row {
            class: Class::Transient,
            attempts: 4,
            env: Env { must_ask: true, ..env() },
            chunk: prepares(&[release(BACKOFF, true), DropLeases]),
            call: waits(WaitReason::Remote, BACKOFF),
            abort: asks_abort_again(BACKOFF),
        },
        Row {
            class: Class::Throttled { after: Some(Duration::from_secs(7)) },
            attempts: 1,
            env: env(),
            chunk: here(&[&gate[..], &[release(0, false)]].concat()),
            call: (
                To::Waiting(WaitReason::Remote, Some(BREAK)),
                [&gate[..], &[DropLeases, WakeAfter { delay_ms: BREAK }]].concat(),
            ),
            abort: here(&[&gate[..], &[WakeAfter { delay_ms: BREAK }]].concat()),
        },
        either(Class::Offline, env(), network(), asks_abort_again(PROBE)),
        either(Class::Portal, env(), network(), asks_abort_again(PROBE)),
    ]
}

fn disagreements() -> Vec<Row> {
    use Effect::*;
    let again = Env { began_again: true, ..env() };
    vec![
        Row {
            class: Class::Desync,
            attempts: 1,
            env: env(),
            chunk: prepares(&[release(BACKOFF, true), DropLeases]),
            call: prepares(&[DropLeases]),
            abort: asks_abort_again(BACKOFF),
        },
        Row {
            class: Class::Desync,
            attempts: 2,
            env: env(),
            chunk: prepares(&[release(BACKOFF, true), DropLeases]),
            call: waits(WaitReason::Remote, BACKOFF),
            abort: asks_abort_again(BACKOFF),
        },
        Row {
            class: Class::Desync,
            attempts: 12,
            env: env(),
            chunk: prepares(&[release(BACKOFF, true), DropLeases]),
            call: prepares(&[DropLeases, ForgetUpload]),
            abort: asks_abort_again(BACKOFF),
        },
        either(Class::Expired, env(), prepares(&[DropLeases, ForgetUpload]), (To::Cancelled, vec![])),
        either(Class::Expired, again, fails(FailureKind::Remote, &[ForgetUpload]), (To::Cancelled, vec![])),
        Row {
            class: Class::Corrupt,
            attempts: 2,
            env: env(),
            chunk: here(&[release(0, false), LeaseChunks]),
            call: prepares(&[DropLeases]),
            abort: asks_abort_again(BACKOFF),
        },
        Row {
            class: Class::Corrupt,
            attempts: 2,
            env: Env { must_ask: true, ..env() },
            chunk: prepares(&[release(0, false), DropLeases]),
            call: prepares(&[DropLeases]),
            abort: asks_abort_again(BACKOFF),
        },
        Row {
            class: Class::Corrupt,
            attempts: 3,
            env: env(),
            chunk: fails(FailureKind::Corrupt { chunk: 3 }, &[]),
            call: fails(FailureKind::Remote, &[]),
            abort: asks_abort_again(BACKOFF),
        },
    ]
}

fn refusals() -> Vec<Row> {
    use Effect::*;
    let shrinks = Env { can_shrink: true, ..env() };
    let smaller = prepares(&[DropLeases, Abort, ForgetUpload, ShrinkChunks]);
    let full = Class::NoSpace { needed: None, free: Some(3) };
    let credentials = (To::Waiting(WaitReason::Credentials, None), vec![DropLeases]);
    vec![
        either(Class::Denied, env(), credentials, asks_abort_again(BACKOFF)),
        either(Class::TooLarge, shrinks, smaller, asks_abort_again(BACKOFF)),
        either(Class::TooLarge, env(), fails(FailureKind::Remote, &[]), asks_abort_again(BACKOFF)),
        either(full, env(), fails(FailureKind::NoSpace, &[]), asks_abort_again(BACKOFF)),
        either(Class::Taken, env(), (To::Skipped, vec![DropLeases]), (To::Cancelled, vec![])),
        either(Class::Fatal, env(), fails(FailureKind::Remote, &[]), (To::Cancelled, vec![])),
    ]
}

fn check(from: &TransferState, event: &Event, env: &Env, expected: &Reaction) {
    let (to, effects) = step(from, event, env);
    let place = format!("{from:?} and {event:?}");
    match (&expected.0, &to) {
        (To::Here, to) => assert_eq!(to, from, "{place}: it stays"),
        (To::Preparing, to) => assert_eq!(*to, TransferState::Preparing, "{place}: the remote is asked again"),
        (To::Waiting(reason, delay), TransferState::Waiting(wait)) => {
            let until = delay.map(|delay| NOW.after(Duration::from_millis(delay)));
            assert_eq!((wait.reason, wait.until), (*reason, until), "{place}: what for and how long");
        }
        (To::Failed(kind), TransferState::Failed(failure)) => assert_eq!(failure.kind, *kind, "{place}: the kind"),
        (To::Cancelled, to) => assert_eq!(*to, TransferState::Cancelled, "{place}: it is over"),
        (To::Skipped, TransferState::Skipped(_)) => {}
        (To::Waiting(..) | To::Failed(_) | To::Skipped, to) => panic!("{place}: {to:?} instead of {:?}", expected.0),
    }
    let carried: Vec<_> = effects.into_iter().filter(|effect| *effect != Effect::Announce).collect();
    assert_eq!(carried, expected.1, "{place}: what is to be done, in this order");
}

#[test]
fn every_class_has_its_one_reaction() {
    let telling = |trouble: &Trouble, reaction: &Reaction| {
        (reaction.0.clone(), [&[Effect::Tell(trouble.clone())], &reaction.1[..]].concat())
    };
    for Row { class, attempts, env, chunk, call, abort } in rows() {
        let trouble = trouble(class);
        let on_chunk = Event::ChunkFailed { chunk: 3, trouble: trouble.clone(), attempts };
        let fault = Event::Fault { trouble: trouble.clone(), attempts };
        check(&TransferState::Active, &on_chunk, &env, &telling(&trouble, &chunk));
        for at_work in [TransferState::Preparing, TransferState::Active, TransferState::Completing] {
            check(&at_work, &fault, &env, &telling(&trouble, &call));
        }
        check(&TransferState::Cancelling, &fault, &env, &telling(&trouble, &abort));
    }
}

#[test]
fn the_table_knows_every_class() {
    let known: Vec<_> = rows().iter().map(|row| std::mem::discriminant(&row.class)).collect();
    assert!(classes().iter().all(|class| known.contains(&std::mem::discriminant(class))), "no class without a row");
}

#[test]
fn a_failure_of_work_that_was_stopped_is_nothing_any_more() {
    let idle = states()
        .into_iter()
        .filter(|state| !matches!(state, TransferState::Preparing | TransferState::Active | TransferState::Completing));
    for state in idle {
        for event in events(3) {
            let of_transfer = matches!(event, Event::ChunkFailed { .. } | Event::SourceFault(_) | Event::NoRemote(_));
            let of_call = matches!(event, Event::Fault { .. }) && state != TransferState::Cancelling;
            if of_transfer || of_call {
                assert_eq!(step(&state, &event, &env()), (state.clone(), vec![]), "{state:?}: {event:?} came too late");
            }
        }
    }
    for class in classes() {
        let late = Event::ChunkFailed { chunk: 3, trouble: trouble(class), attempts: 1 };
        for state in [TransferState::Preparing, TransferState::Completing] {
            assert_eq!(step(&state, &late, &env()), (state.clone(), vec![]), "its lease was taken back before");
        }
    }
}

#[test]
fn a_source_that_is_gone_is_waited_for_and_one_that_differs_is_not() {
    let gone = waits(WaitReason::Source, 2_000);
    let rows = [
        (SourceTrouble::Gone("film.mov is not there".to_owned()), gone),
        (SourceTrouble::Changed, fails(FailureKind::SourceChanged, &[])),
        (SourceTrouble::Unreadable("no permission".to_owned()), fails(FailureKind::SourceUnreadable, &[])),
    ];
    for (trouble, reaction) in rows {
        for state in [TransferState::Preparing, TransferState::Active, TransferState::Completing] {
            check(&state, &Event::SourceFault(trouble.clone()), &env(), &reaction);
        }
    }
}

#[test]
fn a_destination_without_a_driver_is_waited_for_until_a_person_acts() {
    let gone = Event::NoRemote("this build has no such destination".to_owned());
    for state in [TransferState::Preparing, TransferState::Active, TransferState::Completing] {
        check(&state, &gone, &env(), &(To::Waiting(WaitReason::Remote, None), vec![Effect::DropLeases]));
    }
    let cancelling = TransferState::Cancelling;
    assert_eq!(step(&cancelling, &gone, &env()), (cancelling.clone(), vec![]), "the next start tries the abort again");
}
