use transfer::engine::{Cause, Hold};
use transfer::error::{Class, Trouble};
use transfer::units::Timestamp;

use super::*;
use crate::snapshots::snapshot;

fn told(sentence: &str) -> What {
    What::Told(Trouble { class: Class::Transient, sentence: sentence.to_owned() })
}

fn happen(chronicle: &Chronicle, id: TransferId, at: i64, what: What) {
    chronicle.note(Happening { id, at: Timestamp(at), what });
}

#[test]
fn the_log_is_bounded_and_says_nothing_twice_in_a_row() {
    let (chronicle, id) = (Chronicle::default(), TransferId::random());
    happen(&chronicle, id, 0, What::Added);
    for at in 1..=5 {
        happen(&chronicle, id, at, told("the connection was reset"));
    }
    assert_eq!(chronicle.of(id).log.len(), 2, "the same again is no news");
    for at in 6..600 {
        happen(&chronicle, id, at, told(&at.to_string()));
    }
    let log = chronicle.of(id).log;
    assert_eq!((log.len(), log[LINES - 1].at), (LINES, 599), "the newest lines are kept");
}

#[test]
fn what_left_the_list_is_forgotten_and_so_are_the_oldest_of_many() {
    let (chronicle, first) = (Chronicle::default(), TransferId::random());
    happen(&chronicle, first, 0, What::Added);
    happen(&chronicle, first, 1, What::Removed);
    assert!(chronicle.of(first).log.is_empty(), "nobody can open its row any more");
    happen(&chronicle, first, 2, What::Added);
    for _ in 0..STORIES {
        happen(&chronicle, TransferId::random(), 3, What::Added);
    }
    assert!(chronicle.of(first).log.is_empty(), "memory is bounded");
    assert_eq!(chronicle.held().of.len(), STORIES, "by so many transfers");
}

#[test]
fn seconds_are_bounded() {
    let mut story = Story::default();
    (0..1000).for_each(|second| story.second(Some(second)));
    assert_eq!((story.throughput.len(), story.throughput.back()), (SECONDS, Some(&Some(999))), "the last five minutes");
}

/// The seconds that are told of a transfer after these looks: its state, and all that had left by then.
fn seconds(added: bool, looks: &[(TransferState, u64)]) -> Vec<Option<u64>> {
    let (chronicle, id) = (Chronicle::default(), TransferId::random());
    if added {
        happen(&chronicle, id, 0, What::Added);
    }
    for (state, sent) in looks {
        chronicle.count(&[Snapshot { bytes_sent: *sent, ..snapshot(id, state.clone(), 0) }]);
    }
    chronicle.of(id).throughput
}

#[test]
fn the_first_second_is_the_first_in_which_something_left() {
    use TransferState::{Active, Preparing, Queued};
    let begun = [(Queued, 0), (Preparing, 0), (Active, 0), (Active, 70), (Active, 70), (Active, 90)];
    let counted = [Some(70), Some(0), Some(20)];
    assert_eq!(seconds(true, &begun), counted, "no second of silence before it, and none left out after it");
    assert_eq!(seconds(true, &[(Active, 70)]), [Some(70)], "of what was added in this run everything is known");
    let looks = [(Active, 70), (Active, 90)];
    assert_eq!(seconds(false, &looks), [Some(20)], "what left before anybody looked belongs to none");
}

#[test]
fn a_second_of_waiting_is_no_second_of_silence() {
    use TransferState::{Active, Paused};
    let looks = [(Active, 10), (Active, 10), (Paused, 15), (Paused, 15), (Active, 15), (Active, 40)];
    let counted = [Some(10), Some(0), Some(5), None, Some(0), Some(25)];
    assert_eq!(seconds(true, &looks), counted, "what still left counts, and then there is a gap");
    let (chronicle, id) = (Chronicle::default(), TransferId::random());
    happen(&chronicle, id, 0, What::Added);
    let hold = Hold { cause: Cause::Throttled, until: Some(Timestamp(9_000)) };
    let look = |sent, hold| Snapshot { bytes_sent: sent, hold, ..snapshot(id, Active, 0) };
    [look(10, None), look(10, Some(hold)), look(20, None)]
        .iter()
        .for_each(|look| _ = chronicle.count(std::slice::from_ref(look)));
    assert_eq!(chronicle.of(id).throughput, [Some(10), None, Some(10)], "a break of the destination is a wait");
}

#[test]
fn a_break_is_a_line_that_says_until_when() {
    let (chronicle, id) = (Chronicle::default(), TransferId::random());
    happen(&chronicle, id, 0, What::Held(Hold { cause: Cause::Throttled, until: Some(Timestamp(9_000)) }));
    let held = LogView::Held { state: StateView::Throttled { until: 9_000 } };
    assert_eq!(chronicle.of(id).log[0].what, held, "as the row says it");
    happen(&chronicle, id, 1, told("the destination is busy"));
    let asked = |until| What::Held(Hold { cause: Cause::Throttled, until: Some(Timestamp(until)) });
    happen(&chronicle, id, 2, asked(12_000));
    let longer = LogView::Held { state: StateView::Throttled { until: 12_000 } };
    assert_eq!(
        (chronicle.of(id).log.len(), &chronicle.of(id).log[0].what),
        (2, &longer),
        "one that is made longer is one"
    );
    happen(&chronicle, id, 13_000, asked(20_000));
    assert_eq!(chronicle.of(id).log.len(), 3, "the next one is another");
}
