//! Once nothing fails any more: does what a person would until every transfer has ended.

use std::time::Duration;

use rand::RngExt;
use tokio::time::sleep;
use transfer::engine::{Command, Engine, Snapshot};
use transfer::state::{FailureKind, TransferState};

use super::deeds;
use super::watcher::Watcher;
use crate::world::World;

/// Longer than any break and every backoff together, in looks; the rests between them grow.
const LOOKS: u32 = 400;
const SHORTEST: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(30);

pub(super) async fn nurse(world: &World, engine: &Engine, watcher: &mut Watcher) {
    for look in 0..LOOKS {
        let mut left = false;
        watcher.listen();
        for number in 0..watcher.count() {
            let Some(snapshot) = watcher.look_at(engine, number).await else { return };
            left |= !matches!(snapshot.state, TransferState::Done(_) | TransferState::Cancelled);
            let waits_for_a_person = snapshot.hold.is_some_and(|hold| hold.until.is_none());
            if let Some(remedy) = remedy(world, &snapshot).or(waits_for_a_person.then_some(Command::Retry)) {
                deeds::command(world, engine, number, remedy).await;
            }
        }
        if !left || world.is_broken() {
            return;
        }
        sleep((SHORTEST * look).clamp(SHORTEST, LONGEST)).await;
    }
    // The verdict says which.
}

/// What helps.
fn remedy(world: &World, snapshot: &Snapshot) -> Option<Command> {
    match &snapshot.state {
        TransferState::Paused => Some(Command::Resume),
        TransferState::Failed(failure) if failure.kind == FailureKind::SourceChanged => {
            let again = snapshot.can_send_changed && world.inside().chance.random();
            Some(if again { Command::SendChanged } else { Command::StartOver })
        }
        TransferState::Failed(_) | TransferState::Skipped(_) => Some(Command::Retry),
        TransferState::Waiting(wait) if wait.until.is_none() => Some(Command::Retry),
        TransferState::Waiting(_)
        | TransferState::Queued
        | TransferState::Preparing
        | TransferState::Active
        | TransferState::Completing
        | TransferState::Cancelling
        | TransferState::Cancelled
        | TransferState::Done(_) => None,
    }
}
