//! Opening vaults: at the start, when one comes back, when a person chooses another.

use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, bail};
use headless::compose::{OpenVault, vault_id};
use server::vault::Vault;
use transfer::ids::DestinationId;

use super::{Current, Vaults, is_vault};

/// The folder in a vault that holds what is Pawl's own.
pub(super) const OWN_FOLDER: &str = ".pawl";

/// Where the current vault is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Folder {
    /// There; it is made when it is missing.
    Usual(PathBuf),
    /// There, where it was made once: when it is gone, its disk is out, and nothing may take its place.
    Chosen(PathBuf),
}

impl Folder {
    pub(crate) fn path(&self) -> &Path {
        match self {
            Self::Usual(path) | Self::Chosen(path) => path,
        }
    }
}

/// A vault that was opened, and what there is to say of it.
struct Taken {
    id: DestinationId,
    vault: Vault,
    notices: Vec<String>,
    /// It was not open before.
    fresh: bool,
}

impl Vaults {
    /// Opens the vault of the start.
    pub(super) async fn open_first(&self, folder: &Folder) -> Vec<String> {
        let taken = match folder {
            Folder::Usual(path) => self.take(path).await,
            Folder::Chosen(path) => self.take_kept(path).await,
        };
        match taken {
            Ok(taken) => self.make_current(taken),
            Err(error) => {
                let why = sentence(&error);
                let said =
                    format!("The vault in {} is not open: {why}. What goes there waits.", folder.path().display());
                self.current.send_modify(|current| current.vault = Err(why.clone()));
                self.shelf().closed.insert(self.current().id, why);
                vec![said]
            }
        }
    }

    /// Opens the vault of a destination that something waits for; whether it could be opened or not.
    pub(super) async fn open_wanted(&self, id: &DestinationId) -> Vec<String> {
        if self.of(id).is_some() || *id == self.current().id {
            return Vec::new();
        }
        let Some(folder) = folder_of(id) else { return Vec::new() };
        match self.take_kept(&folder).await {
            Ok(taken) => {
                self.also_called(id, &taken.id);
                taken.notices
            }
            Err(error) => {
                let why = sentence(&error);
                let said = format!("The vault in {} is not open: {why}. Its transfers wait.", folder.display());
                self.shelf().closed.insert(id.clone(), why);
                vec![said]
            }
        }
    }

    /// Tries again what could not be opened; what could be now, by the names under which it is wanted.
    pub(super) async fn open_returned(&self) -> (Vec<DestinationId>, Vec<String>) {
        let closed: Vec<DestinationId> = self.shelf().closed.keys().cloned().collect();
        let (mut back, mut told) = (Vec::new(), Vec::new());
        for id in closed {
            let Some(folder) = folder_of(&id).filter(|folder| is_vault(folder)) else { continue };
            match self.take_kept(&folder).await {
                Ok(taken) => {
                    told.extend(taken.notices.iter().cloned());
                    self.returned(&id, taken);
                    back.push(id);
                }
                Err(error) => drop(self.shelf().closed.insert(id, sentence(&error))),
            }
        }
        (back, told)
    }

    /// Makes the vault in `folder` the current one, once `keep` has written that down. When anything fails, nothing is
    /// changed.
    pub(crate) async fn change<F: Future<Output = Result<()>>>(
        &self,
        folder: &Path,
        keep: impl FnOnce(PathBuf) -> F,
    ) -> Result<Vec<String>> {
        refuse_own_folders(folder)?;
        let taken = self.take(folder).await?;
        if let Err(error) = keep(taken.vault.folder().to_owned()).await {
            self.give_back(taken).await;
            return Err(error);
        }
        Ok(self.make_current(taken))
    }

    /// Opens the vault in `folder` beside the current one, and makes it one if it is none yet; its name, and what there
    /// is to say.
    pub(crate) async fn keep(&self, folder: &Path) -> Result<(DestinationId, Vec<String>)> {
        refuse_own_folders(folder)?;
        let taken = self.take(folder).await?;
        Ok((taken.id, taken.notices))
    }

    /// Closes what was opened for nothing.
    async fn give_back(&self, taken: Taken) {
        let opened = if taken.fresh { self.shelf().open.remove(&taken.id) } else { None };
        if let Some(opened) = opened {
            opened.close().await;
        }
    }

    fn returned(&self, id: &DestinationId, taken: Taken) {
        self.also_called(id, &taken.id);
        if self.current().id == *id {
            self.make_current(taken);
        }
    }

    fn make_current(&self, taken: Taken) -> Vec<String> {
        let Taken { id, vault, notices, .. } = taken;
        let folder = vault.folder().to_owned();
        self.current.send_replace(Current { id, folder, vault: Ok(vault) });
        notices
    }

    fn also_called(&self, wanted: &DestinationId, id: &DestinationId) {
        let mut shelf = self.shelf();
        shelf.closed.remove(wanted);
        if wanted != id {
            shelf.names.insert(wanted.clone(), id.clone());
        }
    }

    async fn take_kept(&self, folder: &Path) -> Result<Taken> {
        if !is_vault(folder) {
            bail!("it is not there; when its disk was taken out, plug it in again");
        }
        self.take(folder).await
    }

    /// The vault in a folder, opened if it is not open already.
    async fn take(&self, folder: &Path) -> Result<Taken> {
        let _one_at_a_time = self.opening.lock().await;
        let known = folder.canonicalize().map(|folder| name_of(&folder)).ok();
        if let Some((id, vault)) = known.and_then(|id| Some((id.clone(), self.of(&id)?))) {
            return Ok(Taken { id, vault, notices: Vec::new(), fresh: false });
        }
        let opened = OpenVault::open(folder).await?;
        match vault_id(&opened.vault) {
            Ok(id) => {
                let (vault, notices) = (opened.vault.clone(), opened.notices.clone());
                self.shelf().open.insert(id.clone(), opened);
                Ok(Taken { id, vault, notices, fresh: true })
            }
            Err(error) => {
                opened.close().await;
                Err(error)
            }
        }
    }
}

/// What is below a vault's own folder is the vault's, and is swept.
fn refuse_own_folders(folder: &Path) -> Result<()> {
    let folder = folder.canonicalize().with_context(|| format!("{} is not there", folder.display()))?;
    if folder.components().any(|part| part == Component::Normal(OWN_FOLDER.as_ref())) {
        bail!("{} is inside a vault's own folder, which Pawl keeps for itself: choose another", folder.display());
    }
    Ok(())
}

/// The name of a vault in a folder as a destination.
pub(super) fn name_of(folder: &Path) -> DestinationId {
    let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    DestinationId(format!("vault:{}", folder.display()))
}

/// The folder of a destination that is a vault.
pub(super) fn folder_of(destination: &DestinationId) -> Option<PathBuf> {
    destination.0.strip_prefix("vault:").map(PathBuf::from)
}

/// What went wrong, with its causes, as part of a sentence.
fn sentence(error: &anyhow::Error) -> String {
    format!("{error:#}").trim_end_matches('.').to_owned()
}
