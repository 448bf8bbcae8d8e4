//! What an engine is built from. Everything of the world that it touches comes in here, clock and chance included.

use std::collections::HashMap;
use std::fmt;
use std::num::NonZeroUsize;
use std::sync::Arc;

use rand::TryRng;
use rand::rngs::SysRng;

#[cfg(feature = "testing")]
use super::sabotage::Sabotage;
use crate::ids::DestinationId;
use crate::journal::Journal;
use crate::remote::Remotes;
use crate::source::Sources;
use crate::units::{Rate, Timestamp};

const PARALLEL: NonZeroUsize = NonZeroUsize::new(8).expect("eight is not zero");
const ACTIVE: NonZeroUsize = NonZeroUsize::new(2).expect("two is not zero");

/// The wall clock: for what is stored and shown. Waiting is measured with tokio's own clock.
pub trait Clock: Send + Sync + fmt::Debug {
    /// The instant.
    fn now(&self) -> Timestamp;
}

/// The clock of the system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// Everything that the engine needs of the world.
#[derive(Debug, Clone)]
pub struct Setup {
    /// Where transfers are remembered.
    pub journal: Arc<dyn Journal>,
    /// The drivers.
    pub remotes: Arc<dyn Remotes>,
    /// The way to the files.
    pub sources: Arc<dyn Sources>,
    /// Chunks in flight at once at most, over all transfers; how many it is follows from what brings more.
    pub parallel: NonZeroUsize,
    /// Transfers that are prepared or active at once.
    pub active: NonZeroUsize,
    /// The speed limit at the start; none: as fast as it goes.
    pub limit: Option<Rate>,
    /// The speed limits of single destinations at the start.
    pub limits: HashMap<DestinationId, Rate>,
    /// The wall clock.
    pub clock: Arc<dyn Clock>,
    /// For the jitter of backoffs: the same seed gives the same history.
    pub seed: u64,
    /// The mistake that it shall make, for a test that must notice it.
    #[cfg(feature = "testing")]
    pub sabotage: Option<Sabotage>,
}

impl Setup {
    /// Eight chunks and two transfers at once at most, no limit, the system's clock and chance.
    pub fn new(journal: Arc<dyn Journal>, remotes: Arc<dyn Remotes>, sources: Arc<dyn Sources>) -> Self {
        Self {
            journal,
            remotes,
            sources,
            parallel: PARALLEL,
            active: ACTIVE,
            limit: None,
            limits: HashMap::new(),
            clock: Arc::new(SystemClock),
            // A system without randomness still uploads: its backoffs are merely not spread.
            seed: SysRng.try_next_u64().unwrap_or_default(),
            #[cfg(feature = "testing")]
            sabotage: None,
        }
    }
}
