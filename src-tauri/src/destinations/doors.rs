//! The drivers of the destinations on the network, and why there is none where there is none.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use headless::destinations::Driver;
use tokio::time::Instant;
use transfer::ids::DestinationId;

/// The pause after the first failure; each further one doubles it.
const FIRST: Duration = Duration::from_secs(5);
/// The longest pause: a keyring that stays locked asks the person each time.
const LONGEST: Duration = Duration::from_secs(300);

/// One way in.
#[derive(Debug)]
enum Door {
    Open(Driver),
    Closed { why: String, again: Instant, pause: Duration },
}

/// All of them.
#[derive(Debug, Default)]
pub(super) struct Doors(Mutex<BTreeMap<DestinationId, Door>>);

impl Doors {
    /// The driver, or why there is none.
    pub(super) fn driver(&self, id: &DestinationId) -> Result<Driver, String> {
        match self.held().get(id) {
            Some(Door::Open(driver)) => Ok(driver.clone()),
            Some(Door::Closed { why, .. }) => Err(why.clone()),
            None => Err("the destination is not open now".to_owned()),
        }
    }

    /// Why it cannot be used; none where it can, or was not tried yet.
    pub(super) fn trouble(&self, id: &DestinationId) -> Option<String> {
        match self.held().get(id) {
            Some(Door::Closed { why, .. }) => Some(why.clone()),
            Some(Door::Open(_)) | None => None,
        }
    }

    /// Whether it is to be opened now.
    pub(super) fn is_due(&self, id: &DestinationId, now: Instant) -> bool {
        match self.held().get(id) {
            Some(Door::Open(_)) => false,
            Some(Door::Closed { again, .. }) => *again <= now,
            None => true,
        }
    }

    /// What opening it again came to.
    pub(super) fn set(&self, id: &DestinationId, opened: Result<Driver, String>, now: Instant) {
        let before = match self.held().get(id) {
            Some(Door::Closed { pause, .. }) => Some(*pause),
            Some(Door::Open(_)) | None => None,
        };
        self.put(id, opened, now, before.map_or(FIRST, |before| (before * 2).min(LONGEST)));
    }

    /// What opening it in a new form came to: how often the old one failed counts no more.
    pub(super) fn reset(&self, id: &DestinationId, opened: Result<Driver, String>, now: Instant) {
        self.put(id, opened, now, FIRST);
    }

    fn put(&self, id: &DestinationId, opened: Result<Driver, String>, now: Instant, pause: Duration) {
        let closed = |why| Door::Closed { why, again: now + pause, pause };
        self.held().insert(id.clone(), opened.map_or_else(closed, Door::Open));
    }

    /// What failed on another network counts no more: the closed ones are due `now`. Gives the drivers of the open ones.
    pub(super) fn begin_anew(&self, now: Instant) -> Vec<Driver> {
        let mut open = Vec::new();
        for door in self.held().values_mut() {
            match door {
                Door::Open(driver) => open.push(driver.clone()),
                Door::Closed { again, pause, .. } => (*again, *pause) = (now, FIRST),
            }
        }
        open
    }

    /// It is no more.
    pub(super) fn forget(&self, id: &DestinationId) {
        self.held().remove(id);
    }

    fn held(&self) -> MutexGuard<'_, BTreeMap<DestinationId, Door>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_stays_closed_is_tried_less_and_less_often_and_says_why() {
        let (doors, id, mut now) = (Doors::default(), DestinationId("a".to_owned()), Instant::now());
        assert!(doors.is_due(&id, now), "one that was never tried is tried at once");
        let mut pauses = Vec::new();
        for _ in 0..9 {
            doors.set(&id, Err("it is away".to_owned()), now);
            let seconds = (1..).find(|seconds| doors.is_due(&id, now + Duration::from_secs(*seconds)));
            pauses.extend(seconds);
            now += Duration::from_secs(1000);
        }
        assert_eq!(pauses, [5, 10, 20, 40, 80, 160, 300, 300, 300], "a keyring that is locked must not be a nuisance");
        assert_eq!(doors.driver(&id).err().as_deref(), Some("it is away"), "what waits for it says this");
        doors.set(&id, Err("it is away".to_owned()), now);
        assert!(!doors.is_due(&id, now), "the pauses are long by now");
        assert!(doors.begin_anew(now).is_empty() && doors.is_due(&id, now), "on another network it is tried at once");
        doors.reset(&id, Err("it is away".to_owned()), now);
        assert!(doors.is_due(&id, now + FIRST), "after an edit it begins anew");
    }
}
