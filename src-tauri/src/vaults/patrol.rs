//! Looks after vaults that went away: says when the current one's folder is gone, and opens those that come back.

use std::sync::Arc;
use std::time::Duration;

use tracing::info;
use transfer::engine::Engine;

use super::{Vaults, is_vault};
use crate::destinations::wake;
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
