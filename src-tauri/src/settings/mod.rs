//! `settings.toml`: what a person chose, kept in the state folder as text that a person can read and mend.
//!
//! Owner of the file and of what holds now: [`Settings`]. Invariants: what holds is what is written, or was said not to
//! be; a file that cannot be read is set aside and never overwritten; a word that this Pawl does not know stays there.

mod chosen;
mod file;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;
use tokio::sync::watch;
use toml::Table;

pub(crate) use chosen::{Chosen, Parallel};
use file::SettingsFile;

/// The settings of this run.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    file: Arc<Mutex<SettingsFile>>,
    chosen: watch::Sender<Chosen>,
}

impl Settings {
    /// Reads the file in `folder`. What cannot hold is told in sentences, and the default holds.
    pub(crate) fn open(folder: &Path) -> (Self, Vec<String>) {
        let (file, broken) = SettingsFile::read(folder);
        let (chosen, odd) = Chosen::read(file.table());
        (Self::of(file, chosen), broken.into_iter().chain(odd).collect())
    }

    /// The usual ones, where there is no folder: nothing can be changed.
    pub(crate) fn usual() -> Self {
        Self::of(SettingsFile::default(), Chosen::default())
    }

    fn of(file: SettingsFile, chosen: Chosen) -> Self {
        Self { file: Arc::new(Mutex::new(file)), chosen: watch::Sender::new(chosen) }
    }

    /// What holds now.
    pub(crate) fn chosen(&self) -> Chosen {
        self.chosen.borrow().clone()
    }

    /// What holds now and from now on.
    pub(crate) fn watch(&self) -> watch::Receiver<Chosen> {
        self.chosen.subscribe()
    }

    /// Writes a change down; it holds once it is on disk.
    pub(crate) async fn change(&self, change: impl FnOnce(&mut Chosen) + Send + 'static) -> Result<()> {
        let settings = self.clone();
        tokio::task::spawn_blocking(move || settings.write(change)).await?
    }

    fn write(&self, change: impl FnOnce(&mut Chosen)) -> Result<()> {
        // Held from the reading to the writing, so that of two changes none is lost.
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let mut chosen = self.chosen();
        change(&mut chosen);
        let mut table: Table = file.table().clone();
        chosen.write(&mut table)?;
        file.write(table)?;
        self.chosen.send_replace(chosen);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
