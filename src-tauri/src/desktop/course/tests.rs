use transfer::state::{Failure, FailureKind, Wait};

use super::*;
use crate::snapshots::snapshot;

const BEGAN: Timestamp = Timestamp(1_000);

fn changes(changed: Vec<Snapshot>) -> Changes {
    Changes { version: Default::default(), changed, removed: Vec::new(), limit: None }
}

fn failed() -> TransferState {
    TransferState::Failed(Failure { kind: FailureKind::NoSpace, sentence: "The disk is full.".into() })
}

fn waiting(reason: WaitReason) -> TransferState {
    TransferState::Waiting(Wait { reason, sentence: "The card is out.".into(), until: None })
}

#[test]
fn an_end_is_news_once_and_one_of_an_earlier_run_is_none() {
    let (mut course, id) = (Course::new(BEGAN), TransferId::random());
    let old = Snapshot { ended_at: Some(Timestamp(999)), ..snapshot(TransferId::random(), failed(), 0) };
    assert_eq!(course.take(changes(vec![old])), [], "it failed before Pawl started, and was told then");
    course.take(changes(vec![snapshot(id, TransferState::Active, 10)]));
    let news = course.take(changes(vec![snapshot(id, failed(), 10)]));
    assert_eq!(news.len(), 1, "it failed now");
    assert_eq!(news[0].what, What::Failed("The disk is full.".into()), "the reason is told");
    assert_eq!(course.take(changes(vec![snapshot(id, failed(), 10)])), [], "nothing is told twice");
    course.take(changes(vec![snapshot(id, TransferState::Active, 10)]));
    assert_eq!(course.take(changes(vec![snapshot(id, failed(), 10)])).len(), 1, "a second failure is news again");
}

#[test]
fn only_a_wait_for_a_person_is_news() {
    let (mut course, id) = (Course::new(BEGAN), TransferId::random());
    assert_eq!(course.take(changes(vec![snapshot(id, waiting(WaitReason::Network), 0)])), [], "a network comes back");
    let news = course.take(changes(vec![snapshot(id, waiting(WaitReason::Source), 0)]));
    assert_eq!(news[0].what, What::Needed("The card is out.".into()), "a card is put back by a person");
}

#[test]
fn the_share_does_not_fall_when_one_of_several_arrives_and_is_never_whole() {
    let (mut course, one, two) = (Course::new(BEGAN), TransferId::random(), TransferId::random());
    course.take(changes(vec![snapshot(one, TransferState::Active, 90), snapshot(two, TransferState::Queued, 0)]));
    assert_eq!(course.totals().percent, Some(45), "90 of 200 bytes");
    course.take(changes(vec![snapshot(one, TransferState::Completing, 100)]));
    course.take(changes(vec![snapshot(one, failed(), 100), snapshot(two, TransferState::Active, 0)]));
    let totals = course.totals();
    assert_eq!((totals.running, totals.percent), (1, Some(50)), "what set out together stays counted");
    course.take(changes(vec![snapshot(two, TransferState::Completing, 100)]));
    assert_eq!(course.totals().percent, Some(99), "the whole is said when it is verified, not before");
    course.take(changes(vec![snapshot(two, TransferState::Paused, 100)]));
    let totals = course.totals();
    assert_eq!((totals.percent, totals.paused, totals.moving), (None, 1, false), "nothing is on its way");
}
