//! Looks after vaults that went away: says when the current one's folder is gone, and opens those that come back.

use std::sync::Arc;
use std::time::Duration;

use tracing::{info, warn};
use transfer::engine::{Command, Engine, Snapshot, Version};
use transfer::ids::DestinationId;
use transfer::state::{TransferState, WaitReason};

use super::{Vaults, is_vault};
use crate::notices::Notices;

/// How often it looks: a folder costs a system call.
const ROUND: Duration = Duration::from_secs(3);

/// Goes its rounds for ever.
pub(crate) async fn patrol(vaults: Arc<Vaults>, engine: Engine, notices: Arc<Notices>) {
    let mut was_there = true;
    loop {
        tokio::time::sleep(ROUND).await;
        was_there = vaults.look(was_there, &notices);
        let (back, told) = vaults.open_returned().await;
        told.into_iter().for_each(|sentence| notices.warn(sentence));
        for id in back {
            info!(destination = %id, "a vault came back");
            wake(&engine, &id).await;
        }
    }
}

impl Vaults {
    /// Says once that the folder of the current vault is gone; whether it is there.
    fn look(&self, was_there: bool, notices: &Notices) -> bool {
        let current = self.current();
        let is_there = current.vault.is_err() || is_vault(&current.folder);
        if was_there && !is_there {
            notices.warn(format!(
                "The vault's folder {} is not there any more. What goes there waits; put it back, or start Pawl again.",
                current.folder.display()
            ));
        }
        is_there
    }
}

/// Tells what waits for this destination to try again.
async fn wake(engine: &Engine, destination: &DestinationId) {
    // An engine that has ended has nothing that waits.
    let all = engine.since(Version::default()).await.map(|changes| changes.changed).unwrap_or_default();
    for transfer in all.iter().filter(|transfer| waits_for(transfer, destination)) {
        let woken = engine.command(transfer.id, Command::Retry).await;
        woken.unwrap_or_else(|error| warn!(%error, "a transfer did not hear that its vault came back"));
    }
}

fn waits_for(transfer: &Snapshot, destination: &DestinationId) -> bool {
    let waits = |reason, until: Option<_>| reason == WaitReason::Remote && until.is_none();
    let waits = matches!(&transfer.state, TransferState::Waiting(wait) if waits(wait.reason, wait.until));
    waits && *transfer.destination == *destination
}
