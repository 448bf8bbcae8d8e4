//! Destinations of a test.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::ids::DestinationId;
use crate::remote::{Remote, Remotes};

/// The drivers of a test's destinations, in memory.
#[derive(Debug)]
pub struct MemoryRemotes {
    by_id: BTreeMap<DestinationId, Arc<dyn Remote>>,
    otherwise: Option<Arc<dyn Remote>>,
}

impl MemoryRemotes {
    /// These destinations and no other.
    pub fn new(remotes: impl IntoIterator<Item = (DestinationId, Arc<dyn Remote>)>) -> Self {
        Self { by_id: remotes.into_iter().collect(), otherwise: None }
    }

    /// This remote, whatever the destination is called.
    pub fn one(remote: Arc<dyn Remote>) -> Self {
        Self { by_id: BTreeMap::new(), otherwise: Some(remote) }
    }
}

impl Remotes for MemoryRemotes {
    fn remote(&self, destination: &DestinationId) -> Result<Arc<dyn Remote>, String> {
        let found = self.by_id.get(destination).or(self.otherwise.as_ref()).cloned();
        found.ok_or_else(|| format!("there is no destination {destination}"))
    }
}
