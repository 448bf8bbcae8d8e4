//! `--receipt`: where the receipts of a run go.

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use transfer::engine::Engine;
use transfer::ids::TransferId;

use crate::receipts;

/// Where they go, and as what the destination is known in them.
#[derive(Debug, Clone)]
pub(super) struct Receipts {
    place: Place,
    destination: String,
}

#[derive(Debug, Clone)]
enum Place {
    File(PathBuf),
    Folder(PathBuf),
}

impl Receipts {
    /// Of so many files. A folder that is written as one (`receipts/`) is made. What would not do is refused before anything is sent.
    pub(super) fn at(path: &Path, files: usize, destination: String) -> Result<Self> {
        if path.as_os_str().as_bytes().ends_with(b"/") {
            fs::create_dir_all(path).with_context(|| format!("cannot make the folder {}", path.display()))?;
        }
        if path.is_dir() {
            return Ok(Self { place: Place::Folder(path.to_owned()), destination });
        }
        let shown = path.display();
        ensure!(files == 1, "{shown} is no folder, and {files} films have a receipt each: make it, or name another");
        let above = path.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new("."));
        ensure!(above.is_dir(), "there is no folder {} for the receipt", above.display());
        let is_free = !path.exists() || receipts::read(path).is_ok();
        ensure!(is_free, "{shown} is there already and is no receipt: it is not written over. Name another file");
        Ok(Self { place: Place::File(path.to_owned()), destination })
    }

    /// Writes that of a film that is done; where it is.
    pub(super) async fn write(&self, engine: &Engine, id: TransferId) -> Result<PathBuf> {
        let receipt = engine.receipt(id, self.destination.clone()).await?;
        let path = match &self.place {
            Place::File(path) => path.clone(),
            Place::Folder(folder) => receipts::place_in(folder, &receipt),
        };
        let cannot = || format!("the film is there, and its receipt {} cannot be written", path.display());
        receipts::write(&path, &receipt).with_context(cannot)?;
        Ok(path)
    }
}
