//! The vaults of this run: the current one, where new films go and whose films the library shows, and those that
//! unfinished transfers still go to.
//!
//! Owner of every opened vault: [`Vaults`]. Invariants: a vault is opened once, whatever ways lead to its folder; one
//! that cannot be opened is no reason not to start, its transfers wait and say why; a folder that was a vault and is
//! gone is never made anew, for then films would land on the disk below the one that was taken out.

mod opening;
#[cfg(feature = "testing")]
mod parts;
mod patrol;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use headless::compose::OpenVault;
use server::vault::Vault;
use tokio::sync::watch;
use transfer::ids::DestinationId;
use transfer::remote::{Remote, Remotes};

use crate::error::Error;

pub(crate) use opening::Folder;
pub(crate) use patrol::patrol;

/// Every vault of this run.
#[derive(Debug)]
pub(crate) struct Vaults {
    shelf: Mutex<Shelf>,
    current: watch::Sender<Current>,
    /// Held while a vault is opened, so that no folder is opened twice.
    opening: tokio::sync::Mutex<()>,
}

/// The vault to which new films go.
#[derive(Debug, Clone)]
pub(crate) struct Current {
    /// Its name as a destination.
    pub(crate) id: DestinationId,
    /// Its folder.
    pub(crate) folder: PathBuf,
    /// Itself, or why it is not open.
    pub(crate) vault: Result<Vault, String>,
}

#[derive(Debug, Default)]
struct Shelf {
    open: BTreeMap<DestinationId, OpenVault>,
    /// Other names of open ones: by another way to the same folder.
    names: BTreeMap<DestinationId, DestinationId>,
    /// Those that are wanted and could not be opened, and why.
    closed: BTreeMap<DestinationId, String>,
}

impl Vaults {
    /// Opens the folder of the current vault and those of `more`, destinations that unfinished transfers have. What a
    /// person should know of it is told in sentences.
    pub(crate) async fn open(folder: &Folder, more: Vec<DestinationId>) -> (Self, Vec<String>) {
        let id = opening::name_of(folder.path());
        let current = Current { id, folder: folder.path().to_owned(), vault: Err(String::new()) };
        let (shelf, opening) = (Mutex::default(), tokio::sync::Mutex::default());
        let vaults = Self { shelf, current: watch::Sender::new(current), opening };
        let mut told = vaults.open_first(folder).await;
        for id in more {
            told.extend(vaults.open_wanted(&id).await);
        }
        (vaults, told)
    }

    /// The current one, as it is now.
    pub(crate) fn current(&self) -> Current {
        self.current.borrow().clone()
    }

    /// Wakes when another is current, or the current one was opened.
    pub(crate) fn watch(&self) -> watch::Receiver<Current> {
        self.current.subscribe()
    }

    /// The current one, if it is open.
    pub(crate) fn current_vault(&self) -> Result<Vault, Error> {
        self.current().vault.map_err(|why| Error::Other(anyhow::anyhow!("The vault is not open: {why}.")))
    }

    /// The vault of a destination, if it is open.
    pub(crate) fn of(&self, id: &DestinationId) -> Option<Vault> {
        let shelf = self.shelf();
        shelf.opened(id).map(|opened| opened.vault.clone())
    }

    /// Why a vault that is wanted is not open.
    pub(crate) fn trouble(&self, id: &DestinationId) -> Option<String> {
        self.shelf().closed.get(id).cloned()
    }

    /// Closes one that nothing goes to any more, unless it is the current one.
    pub(crate) async fn let_go(&self, id: &DestinationId) {
        let opened = if self.current().id == *id { None } else { self.shelf().forget(id) };
        if let Some(opened) = opened {
            opened.close().await;
        }
    }

    /// Closes all of them.
    pub(crate) async fn close(&self) {
        let open = std::mem::take(&mut self.shelf().open);
        for (_, vault) in open {
            vault.close().await;
        }
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shelf {
    fn forget(&mut self, id: &DestinationId) -> Option<OpenVault> {
        self.closed.remove(id);
        // Under another name it may be somebody's still.
        let named = self.names.values().any(|name| name == id);
        if named { None } else { self.open.remove(id) }
    }

    fn opened(&self, id: &DestinationId) -> Option<&OpenVault> {
        self.open.get(self.names.get(id).unwrap_or(id))
    }
}

impl Remotes for Vaults {
    fn remote(&self, destination: &DestinationId) -> Result<Arc<dyn Remote>, String> {
        let shelf = self.shelf();
        let vault = shelf.opened(destination).map(|opened| wrapped(Arc::new(opened.vault.clone())));
        let why = || shelf.closed.get(destination).cloned();
        vault.ok_or_else(|| why().unwrap_or_else(|| format!("{} is not open now", shown(destination))))
    }
}

#[cfg(not(feature = "testing"))]
fn wrapped(remote: Arc<dyn Remote>) -> Arc<dyn Remote> {
    remote
}

#[cfg(feature = "testing")]
use parts::wrapped;

/// A destination as its folder, where it has one.
fn shown(destination: &DestinationId) -> String {
    opening::folder_of(destination).map_or_else(|| destination.to_string(), |folder| folder.display().to_string())
}

/// Whether a vault was made there before.
fn is_vault(folder: &Path) -> bool {
    folder.join(opening::OWN_FOLDER).is_dir()
}
