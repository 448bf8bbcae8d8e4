//! The histories must notice: an engine that makes a mistake on purpose breaks a law within so many of them.

use transfer::engine::Sabotage;

use crate::history::play;

/// In one of the first so many histories a law is broken, and which one says what is wrong.
fn is_caught(by: Sabotage, within: u64, laws: &[&str]) {
    let broken = (0..within).find_map(|seed| Some((seed, play(seed, Some(by), false).0?)));
    let Some((seed, broken)) = broken else { panic!("{by:?} must be noticed within {within} histories") };
    println!("{by:?}: history {seed}: {broken}");
    let named = laws.iter().any(|law| broken.starts_with(law));
    assert!(named, "{by:?} must be noticed for what it is: history {seed}: {broken}");
}

#[test]
fn an_acknowledgement_before_the_reply_is_noticed() {
    is_caught(Sabotage::AckBeforeTheReply, 300, &[""]);
}

#[test]
fn an_invented_acknowledgement_is_noticed() {
    is_caught(Sabotage::InventAcks, 300, &[""]);
}

#[test]
fn acknowledgements_that_a_restart_forgets_is_noticed() {
    is_caught(Sabotage::ForgetAcks, 300, &[""]);
}

#[test]
fn a_handle_that_is_not_written_down_is_noticed() {
    is_caught(Sabotage::ForgetHandle, 300, &[""]);
}

#[test]
fn a_request_before_what_it_follows_from_is_written_down_is_noticed() {
    is_caught(Sabotage::WriteLater, 300, &[""]);
}

#[test]
fn a_remote_that_is_not_asked_is_noticed() {
    is_caught(Sabotage::SkipReconcile, 300, &[""]);
}

#[test]
fn lost_ground_that_is_not_said_is_noticed() {
    is_caught(Sabotage::IgnoreLostGround, 300, &[""]);
}

#[test]
fn a_break_that_is_not_kept_is_noticed() {
    is_caught(Sabotage::ForgetGate, 300, &[""]);
}

#[test]
fn failures_that_are_not_counted_is_noticed() {
    is_caught(Sabotage::NeverCount, 300, &[""]);
}

#[test]
fn a_pause_that_holds_nothing_is_noticed() {
    is_caught(Sabotage::SendWhilePaused, 300, &[""]);
}

#[test]
fn a_chunk_given_to_two_workers_is_noticed() {
    is_caught(Sabotage::DoubleLease, 300, &[""]);
}

#[test]
fn a_lease_that_is_never_given_back_is_noticed() {
    is_caught(Sabotage::LeakLease, 300, &[""]);
}

#[test]
fn a_completion_without_all_chunks_is_noticed() {
    is_caught(Sabotage::CompleteEarly, 300, &[""]);
}

#[test]
fn an_abort_that_is_dropped_is_noticed() {
    is_caught(Sabotage::DropAbort, 300, &[""]);
}

#[test]
fn a_wish_that_is_watched_for_ever_is_noticed() {
    is_caught(Sabotage::LeakWish, 300, &[""]);
}
