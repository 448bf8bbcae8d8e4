//! The arrows of the state diagram, one a row, with what is to be done on the way; every other pair stays.

use super::*;

type Arrow = (TransferState, Event, TransferState, Vec<Effect>);

fn arrows() -> Vec<Arrow> {
    use Effect::*;
    use TransferState::{Active, Cancelled, Cancelling, Completing, Done, Paused, Preparing, Queued, Skipped};
    let network = || waiting(WaitReason::Network);
    let credentials = || waiting(WaitReason::Credentials);
    let broken = || failed(FailureKind::Remote);
    let (changed, unreadable) = (|| failed(FailureKind::SourceChanged), || failed(FailureKind::SourceUnreadable));
    let gone = || waiting(WaitReason::Source);
    let mut arrows = vec![
        (Queued, Event::Admit, Preparing, vec![Prepare]),
        (Preparing, Event::Begun, Active, vec![Announce, LeaseChunks]),
        (Preparing, Event::Reconciled { all_acked: false }, Active, vec![Announce, LeaseChunks]),
        (Preparing, Event::Reconciled { all_acked: true }, Completing, vec![Complete]),
        (Preparing, Event::Completed(object()), Done(object()), vec![]),
        (Active, Event::ChunkAcked, Active, vec![LeaseChunks]),
        (Active, Event::AllAcked, Completing, vec![Complete]),
        (Completing, Event::Completed(object()), Done(object()), vec![]),
        (network(), Event::Wake, Preparing, vec![Prepare]),
        (credentials(), Event::Wake, Preparing, vec![Announce, Prepare]),
        (Cancelling, Event::Wake, Cancelling, vec![Abort]),
        (Cancelling, Event::Aborted, Cancelled, vec![]),
        (Cancelling, Event::Restarted, Cancelling, vec![Abort]),
        (Paused, Event::Resume, Queued, vec![Announce]),
        (broken(), Event::Retry, Queued, vec![Announce]),
        (Skipped("taken".to_owned()), Event::Retry, Queued, vec![Announce]),
        (network(), Event::Retry, Preparing, vec![Prepare]),
        (Cancelling, Event::Retry, Cancelling, vec![Abort]),
        (Paused, Event::StartOver, Queued, vec![Announce, Abort, ForgetEverything]),
        (broken(), Event::StartOver, Queued, vec![Announce, Abort, ForgetEverything]),
        (network(), Event::StartOver, Queued, vec![Abort, ForgetEverything]),
        (changed(), Event::SendChanged, Queued, vec![Announce, AmendUpload]),
        (changed(), Event::Located, Queued, vec![Announce, AmendUpload]),
        (unreadable(), Event::Located, Queued, vec![Announce, AmendUpload]),
        (gone(), Event::Located, Queued, vec![AmendUpload]),
        (credentials(), Event::Pause, Paused, vec![Announce, DropLeases]),
        (credentials(), Event::Cancel, Cancelling, vec![DropLeases, Abort]),
        (broken(), Event::Cancel, Cancelling, vec![DropLeases, Abort]),
        (Paused, Event::Cancel, Cancelling, vec![Announce, DropLeases, Abort]),
    ];
    for running in [Queued, Preparing, Active, Completing, network()] {
        arrows.push((running.clone(), Event::Restarted, Queued, vec![Announce]));
        arrows.push((running.clone(), Event::Pause, Paused, vec![Announce, DropLeases]));
        arrows.push((running, Event::Cancel, Cancelling, vec![Announce, DropLeases, Abort]));
    }
    arrows.push((credentials(), Event::Restarted, Queued, vec![Announce]));
    arrows
}

#[test]
fn the_arrows_of_the_diagram_lead_where_they_point() {
    for (from, event, to, effects) in arrows() {
        assert_eq!(step(&from, &event, &env()), (to, effects), "{from:?} and {event:?}");
    }
}

#[test]
fn an_event_that_comes_too_late_changes_nothing() {
    let class_of = |state: &TransferState| std::mem::discriminant(state);
    let known = arrows();
    for state in states() {
        for event in events(1) {
            let drawn = known.iter().any(|(from, on, _, _)| class_of(from) == class_of(&state) && *on == event);
            let fault = matches!(
                event,
                Event::ChunkFailed { .. } | Event::Fault { .. } | Event::SourceFault(_) | Event::NoRemote(_)
            );
            if !drawn && !fault {
                assert_eq!(
                    step(&state, &event, &env()),
                    (state.clone(), vec![]),
                    "{state:?} and {event:?} have no arrow"
                );
            }
        }
    }
}

#[test]
fn cancelling_what_the_remote_never_heard_of_is_over_at_once() {
    let without = Env { has_handle: false, ..env() };
    for state in
        [TransferState::Queued, TransferState::Paused, waiting(WaitReason::Network), failed(FailureKind::NoSpace)]
    {
        let (to, effects) = step(&state, &Event::Cancel, &without);
        assert_eq!(to, TransferState::Cancelled, "{state:?} has nothing at the remote");
        assert!(!effects.contains(&Effect::Abort), "there is nothing to abort");
    }
    let (to, effects) = step(&TransferState::Preparing, &Event::Cancel, &without);
    assert_eq!(to, TransferState::Cancelling, "a begin may be on its way");
    assert!(effects.contains(&Effect::Abort), "the engine aborts what that begin gives");
}

#[test]
fn starting_over_without_an_upload_aborts_none() {
    let (_, effects) = step(&TransferState::Paused, &Event::StartOver, &Env { has_handle: false, ..env() });
    assert_eq!(effects, [Effect::Announce, Effect::ForgetEverything], "there is no upload to abort");
}

#[test]
fn an_empty_file_is_done_without_a_chunk() {
    let road = [Event::Admit, Event::Reconciled { all_acked: true }, Event::Completed(object())];
    let end = road.iter().fold(TransferState::Queued, |state, event| step(&state, event, &env()).0);
    assert_eq!(end, TransferState::Done(object()), "nothing to send is no reason to stop");
}
