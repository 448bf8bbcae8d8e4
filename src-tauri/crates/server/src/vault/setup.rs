//! What a vault is opened with.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use transfer::engine::{Clock, SystemClock};

use crate::ports::{Catalogue, Ledger};

const WEEK: Duration = Duration::from_secs(7 * 24 * 60 * 60);
const MINUTE: Duration = Duration::from_secs(60);

/// Everything that a vault needs of the world.
#[derive(Debug, Clone)]
pub struct VaultSetup {
    /// The folder of films; it must exist.
    pub folder: PathBuf,
    /// What has arrived.
    pub ledger: Arc<dyn Ledger>,
    /// What is finished.
    pub catalogue: Arc<dyn Catalogue>,
    /// The wall clock.
    pub clock: Arc<dyn Clock>,
    /// How long after its last byte an unfinished upload is kept.
    pub expiry: Duration,
    /// How long a read waits for an upload whose sender has not spoken since the vault was opened: "it is arriving" is
    /// then the word of a former life, and its sender may be dead. Once the sender has spoken, reads wait as long as it
    /// says that it goes on.
    pub patience: Duration,
}

impl VaultSetup {
    /// A vault by the system's clock that keeps abandoned uploads for seven days and trusts an old word for a minute.
    pub fn new(folder: PathBuf, ledger: Arc<dyn Ledger>, catalogue: Arc<dyn Catalogue>) -> Self {
        Self { folder, ledger, catalogue, clock: Arc::new(SystemClock), expiry: WEEK, patience: MINUTE }
    }
}
