//! Who changed when: a count that grows with every change, and each transfer's latest place in it.
//!
//! Invariant: a transfer that is in the list has exactly one place, so that what changed since a version costs only
//! what changed since it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use tokio::sync::watch;

use super::overview::Version;
use crate::ids::TransferId;

/// The engine's history, as much of it as anybody can ask for.
#[derive(Debug)]
pub(super) struct News {
    count: u64,
    changed: BTreeMap<u64, TransferId>,
    latest: HashMap<TransferId, u64>,
    removed: BTreeMap<u64, TransferId>,
    progressed: BTreeSet<TransferId>,
    told: watch::Sender<Version>,
}

impl News {
    pub(super) fn new() -> Self {
        Self {
            count: 0,
            changed: BTreeMap::new(),
            latest: HashMap::new(),
            removed: BTreeMap::new(),
            progressed: BTreeSet::new(),
            told: watch::Sender::new(Version(0)),
        }
    }

    pub(super) fn subscribe(&self) -> watch::Receiver<Version> {
        self.told.subscribe()
    }

    /// Something that no transfer owns changed.
    pub(super) fn all_changed(&mut self) {
        self.count += 1;
    }

    /// A transfer changed, and everyone shall know now.
    pub(super) fn changed(&mut self, id: TransferId) {
        self.count += 1;
        self.progressed.remove(&id);
        self.changed.insert(self.count, id);
        if let Some(before) = self.latest.insert(id, self.count) {
            self.changed.remove(&before);
        }
    }

    /// A transfer went on; that may be told a little later, with others.
    pub(super) fn progressed(&mut self, id: TransferId) {
        self.progressed.insert(id);
    }

    /// A transfer left the list.
    pub(super) fn removed(&mut self, id: TransferId) {
        self.count += 1;
        self.progressed.remove(&id);
        if let Some(before) = self.latest.remove(&id) {
            self.changed.remove(&before);
        }
        self.removed.insert(self.count, id);
    }

    /// Makes the progress that waits a change.
    pub(super) fn publish_progress(&mut self) {
        for id in std::mem::take(&mut self.progressed) {
            self.changed(id);
        }
    }

    /// Wakes those who watch, if there is anything new.
    pub(super) fn tell(&self) {
        let version = self.version();
        self.told.send_if_modified(|told| std::mem::replace(told, version) != version);
    }

    pub(super) fn version(&self) -> Version {
        Version(self.count)
    }

    /// The transfers that changed after `version`, and those that were removed. Who knows nothing yet has nothing
    /// to remove.
    pub(super) fn since(&self, version: Version) -> (Vec<TransferId>, Vec<TransferId>) {
        let later = version.0.saturating_add(1)..;
        let changed = self.changed.range(later.clone()).map(|(_, id)| *id).collect();
        let removed = match version {
            Version(0) => Vec::new(),
            Version(_) => self.removed.range(later).map(|(_, id)| *id).collect(),
        };
        (changed, removed)
    }
}
