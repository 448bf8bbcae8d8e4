//! Where films can go in this run: the vaults and, on the network, servers and stores, composed into one
//! [`Remotes`] for the engine and one list for the window.
//!
//! Owner of the book, of the secrets and of every driver: [`Destinations`]. Invariants: the list shows what is written in
//! the book; a destination that cannot be opened now is no reason not to start, what goes there waits and says why; an
//! edit holds from the next request on, for what is under way too; no secret is kept in memory but in a driver.

mod doors;
mod editing;
mod forms;
pub(crate) mod links;
mod list;
mod orphans;
mod patrol;
mod switch;
#[cfg(test)]
mod tests;
mod trying;

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use headless::destinations::{Book, Contents, Driver, Entry};
use headless::occasion;
use headless::secrets::Secrets;
use tokio::sync::watch;
use tokio::time::Instant;
use transfer::ids::DestinationId;
use transfer::placing::Placement;
use transfer::remote::{Remote, Remotes};
use transfer::units::Rate;

use crate::error::Error;
use crate::vaults::Vaults;
use doors::Doors;
pub(crate) use list::Names;
pub(crate) use patrol::{patrol, wake};
use switch::Switch;
pub(crate) use trying::recognise;

/// Every destination of this run.
#[derive(Debug)]
pub(crate) struct Destinations {
    vaults: Arc<Vaults>,
    book: Arc<Mutex<Book>>,
    secrets: Secrets,
    doors: Arc<Doors>,
    /// Held while one is changed, so that of two changes none is lost.
    changing: tokio::sync::Mutex<()>,
    /// Wakes when the list is another.
    version: watch::Sender<u64>,
}

impl Destinations {
    /// Those of the book; on the network nothing is opened or asked yet: the patrol does that at once.
    pub(crate) fn of(book: Book, state: &Path, vaults: Arc<Vaults>) -> Self {
        Self {
            vaults,
            book: Arc::new(Mutex::new(book)),
            secrets: Secrets::of(state),
            doors: Arc::default(),
            changing: tokio::sync::Mutex::default(),
            version: watch::Sender::new(0),
        }
    }

    /// Wakes when the list is another.
    pub(crate) fn watch(&self) -> watch::Receiver<u64> {
        self.version.subscribe()
    }

    /// Where films go: to the one that was asked for, or else to the default.
    pub(crate) fn destination(&self, asked: Option<String>) -> Result<DestinationId, Error> {
        let Some(asked) = asked else { return Ok(self.default()) };
        let id = DestinationId(asked);
        let known = self.vaults.current().id == id || self.contents().entry(&id).is_some();
        known.then_some(id).ok_or_else(unknown)
    }

    /// How films are named and placed there. `base`: the folder in which a dropped folder lies.
    pub(crate) fn placement(&self, id: &DestinationId, base: Option<&Path>) -> Placement {
        let (template, taken) = self.entry(id).map(|entry| (entry.template, entry.taken)).unwrap_or_default();
        Placement { template, taken, base: base.map(Path::to_owned), occasion: occasion::now() }
    }

    /// The speed limits of those that have one.
    pub(crate) fn limits(&self) -> HashMap<DestinationId, Rate> {
        let contents = self.contents();
        contents.entries().iter().filter_map(|entry| Some((entry.id.clone(), entry.limit?))).collect()
    }

    /// The driver of a destination on the network.
    pub(crate) fn driver(&self, id: &DestinationId) -> Result<Driver, Error> {
        self.doors.driver(id).map_err(|why| Error::Other(anyhow::anyhow!("{}", sentence(&why))))
    }

    /// The network is another, or the machine slept: what is closed is tried with the patrol's next round, and what is open
    /// uses no connection from before, for what is played as well as for what is sent.
    pub(crate) fn begin_anew(&self) {
        self.doors.begin_anew(Instant::now()).iter().for_each(|driver| driver.remote().forget_connections());
    }

    fn default(&self) -> DestinationId {
        let contents = self.contents();
        let chosen = contents.chosen().filter(|id| contents.entry(id).is_some());
        chosen.cloned().unwrap_or_else(|| self.vaults.current().id)
    }

    fn contents(&self) -> Contents {
        self.book().contents().clone()
    }

    fn entry(&self, id: &DestinationId) -> Option<Entry> {
        self.book().contents().entry(id).cloned()
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self) {
        self.version.send_modify(|version| *version += 1);
    }
}

impl Remotes for Destinations {
    fn remote(&self, destination: &DestinationId) -> Result<Arc<dyn Remote>, String> {
        if is_vault(destination) {
            return self.vaults.remote(destination);
        }
        Ok(Arc::new(Switch::of(destination.clone(), self.doors.clone())?))
    }
}

/// A vault's id tells its folder.
pub(crate) fn is_vault(destination: &DestinationId) -> bool {
    destination.0.starts_with("vault:")
}

fn unknown() -> Error {
    Error::Other(anyhow::anyhow!("There is no such destination any more. Nothing was changed."))
}

/// Half a sentence as a whole one.
fn sentence(half: &str) -> String {
    let mut letters = half.trim_end_matches('.').chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}
