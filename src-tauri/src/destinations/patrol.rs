//! Opens what is closed, again and again, less and less often, and wakes what waits for it.

use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;
use headless::destinations::{self, Entry};
use tokio::time::Instant;
use tracing::{info, warn};
use transfer::engine::{Engine, Snapshot, Version};
use transfer::ids::DestinationId;

use super::{Destinations, is_vault};

/// How often it looks whether one is due.
const ROUND: Duration = Duration::from_secs(2);

/// Goes its rounds for ever, the first at once.
pub(crate) async fn patrol(destinations: Arc<Destinations>, engine: Engine) {
    let mut woken: Vec<DestinationId> = Vec::new();
    loop {
        let opened = destinations.open_closed().await;
        // Once more a round later: what found it closed a moment ago may only have begun to wait by then.
        for id in opened.iter().chain(&woken) {
            info!(destination = %id, "a destination is open");
            wake(&engine, id).await;
        }
        woken = opened;
        tokio::time::sleep(ROUND).await;
    }
}

impl Destinations {
    /// Tries those whose time has come, all at once; those that are open now.
    async fn open_closed(&self) -> Vec<DestinationId> {
        let now = Instant::now();
        let due = |entry: &Entry| !is_vault(&entry.id) && self.doors.is_due(&entry.id, now);
        let due: Vec<Entry> = self.contents().entries().iter().filter(|entry| due(entry)).cloned().collect();
        if due.is_empty() {
            return Vec::new();
        }
        let opened = join_all(due.iter().map(|entry| self.open_one(entry))).await;
        self.tell();
        due.into_iter().zip(opened).filter(|(_, open)| *open).map(|(entry, _)| entry.id).collect()
    }

    /// Whether it is still closed, and as it was.
    fn stands(&self, entry: &Entry) -> bool {
        self.entry(&entry.id).as_ref() == Some(entry) && self.doors.driver(&entry.id).is_err()
    }

    /// Whether it is open now. One that was edited meanwhile is the editor's.
    async fn open_one(&self, entry: &Entry) -> bool {
        let secret = {
            // What lets us in at one place must not be sent to another, whose form is just being saved.
            let _one_at_a_time = self.changing.lock().await;
            if !self.stands(entry) {
                return false;
            }
            self.kept(entry).await
        };
        let opened = match secret {
            Ok(secret) => destinations::open(entry, secret.as_ref()).await,
            Err(why) => Err(why),
        };
        let _one_at_a_time = self.changing.lock().await;
        if !self.stands(entry) {
            return false;
        }
        let open = opened.is_ok();
        self.doors.set(&entry.id, opened, Instant::now());
        open
    }
}

/// Tells what waits for this destination to try again.
pub(crate) async fn wake(engine: &Engine, destination: &DestinationId) {
    let told = engine.try_again(destination.clone()).await;
    told.unwrap_or_else(|error| warn!(%error, "nobody hears that a destination is open"));
}

/// How many transfers to it have not ended.
pub(super) async fn unfinished(engine: &Engine, destination: &DestinationId) -> usize {
    let all = all(engine).await;
    all.iter().filter(|transfer| *transfer.destination == *destination && !transfer.state.is_terminal()).count()
}

/// An engine that has ended has none.
pub(super) async fn all(engine: &Engine) -> Vec<Snapshot> {
    engine.since(Version::default()).await.map(|changes| changes.changed).unwrap_or_default()
}
