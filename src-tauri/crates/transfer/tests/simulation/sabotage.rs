//! The histories must notice: an engine that makes a mistake on purpose breaks a law within so many of them.

use transfer::engine::Sabotage;

use crate::history::play;

/// In one of the first so many histories a law is broken, and which one says what is wrong.
fn is_caught(by: Sabotage, within: u64, laws: &[&str]) {
    let broken = (0..within).find_map(|seed| Some((seed, play(seed, Some(by), false).0?)));
    let Some((seed, broken)) = broken else { panic!("{by:?} must be noticed within {within} histories") };
    println!("{by:?}: noticed in history {seed}");
    let named = laws.iter().any(|law| broken.starts_with(law));
    assert!(named, "{by:?} must be noticed for what it is: history {seed}: {broken}");
}

#[test]
fn an_acknowledgement_before_the_reply_is_noticed() {
    is_caught(
        Sabotage::AckBeforeTheReply,
        300,
        &["progress is what the remote acknowledged", "no acknowledgement is written that the remote never gave"],
    );
}

#[test]
fn an_invented_acknowledgement_is_noticed() {
    is_caught(Sabotage::InventAcks, 300, &["no acknowledgement is written that the remote never gave"]);
}

#[test]
fn acknowledgements_that_a_restart_forgets_is_noticed() {
    is_caught(Sabotage::ForgetAcks, 300, &["a restart shows what was written"]);
}

#[test]
fn a_handle_that_is_not_written_down_is_noticed() {
    is_caught(
        Sabotage::ForgetHandle,
        300,
        &[
            "the remote is asked for the upload that is written down",
            "the handle is written down before the first chunk leaves",
        ],
    );
}

#[test]
fn a_request_before_what_it_follows_from_is_written_down_is_noticed() {
    is_caught(
        Sabotage::WriteLater,
        300,
        &[
            "the intent to begin is written down before the request",
            "the remote is asked for the upload that is written down",
        ],
    );
}

#[test]
fn a_remote_that_is_not_asked_is_noticed() {
    is_caught(Sabotage::SkipReconcile, 300, &["every road to Active asks the remote first"]);
}

#[test]
fn lost_ground_that_is_not_said_is_noticed() {
    is_caught(Sabotage::IgnoreLostGround, 300, &["progress goes back only with a word"]);
}

#[test]
fn a_break_that_is_not_kept_is_noticed() {
    is_caught(Sabotage::ForgetGate, 300, &["a break is kept"]);
}

#[test]
fn failures_that_are_not_counted_is_noticed() {
    is_caught(Sabotage::NeverCount, 300, &["failures in a row are counted"]);
}

#[test]
fn a_pause_that_holds_nothing_is_noticed() {
    is_caught(
        Sabotage::SendWhilePaused,
        300,
        &[
            "the handle is written down before the first chunk leaves",
            "every road to Active asks the remote first",
            "nothing leaves for what is held, failed or given up",
            "nothing is in flight for what is held",
        ],
    );
}

#[test]
fn a_chunk_given_to_two_workers_is_noticed() {
    let laws = ["no chunk is under way twice", "what the remote has is not sent again"];
    is_caught(Sabotage::DoubleLease, 300, &laws);
}

#[test]
fn a_lease_that_is_never_given_back_is_noticed() {
    let laws = ["what is wanted is Done, what was given up is Cancelled", "failures in a row are counted"];
    is_caught(Sabotage::LeakLease, 300, &laws);
}

#[test]
fn a_completion_without_all_chunks_is_noticed() {
    is_caught(Sabotage::CompleteEarly, 300, &["Completing means that every chunk is acknowledged"]);
}

#[test]
fn an_abort_that_is_dropped_is_noticed() {
    is_caught(Sabotage::DropAbort, 300, &["nothing of what was given up is left"]);
}

#[test]
fn a_wish_that_is_watched_for_ever_is_noticed() {
    is_caught(Sabotage::LeakWish, 300, &["no wish is left watched"]);
}

#[test]
fn chunks_that_are_kept_unseen_are_noticed() {
    is_caught(Sabotage::KeepUnseen, 300, &["Done means that every byte is there"]);
}

#[test]
fn a_place_in_line_that_is_not_written_down_is_noticed() {
    is_caught(Sabotage::ForgetPlace, 300, &["a priority holds, over restarts too"]);
}
