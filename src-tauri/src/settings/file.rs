//! The file itself: read whole, written whole, and replaced in one go.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use toml::Table;

const NAME: &str = "settings.toml";
const HEAD: &str = "# What was chosen in Pawl's window. It may be edited while Pawl is closed.\n\n";
/// So many broken files may stand beside one another.
const NAMES: u32 = 1000;

/// The file, and what stands in it.
#[derive(Debug, Default)]
pub(super) struct SettingsFile {
    path: PathBuf,
    table: Table,
}

impl SettingsFile {
    /// Reads it. One that is no settings file is set aside, and a sentence says where.
    pub(super) fn read(folder: &Path) -> (Self, Option<String>) {
        let path = folder.join(NAME);
        let (table, told) = match parsed(&path) {
            Ok(table) => (table, None),
            Err(error) => (Table::new(), Some(set_aside(&path, &error))),
        };
        (Self { path, table }, told)
    }

    pub(super) fn table(&self) -> &Table {
        &self.table
    }

    /// Replaces all of it: whoever reads finds the old or the new, never half of one.
    pub(super) fn write(&mut self, table: Table) -> Result<()> {
        let cannot = || format!("{} cannot be written; nothing was changed", self.path.display());
        replace(&self.path, &format!("{HEAD}{table}")).with_context(cannot)?;
        self.table = table;
        Ok(())
    }
}

fn parsed(path: &Path) -> Result<Table> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(text.parse()?),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Table::new()),
        Err(error) => Err(error.into()),
    }
}

fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    let fresh = path.with_extension("toml.new");
    let mut file = File::create(&fresh)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&fresh, path)
}

fn set_aside(path: &Path, error: &anyhow::Error) -> String {
    tracing::warn!("the settings cannot be read: {error:#}");
    match kept_aside(path) {
        Ok(kept) => format!(
            "The settings could not be read, and the usual ones hold. The file was kept as {}: mend it, and give it its \
             old name while Pawl is closed.",
            kept.display()
        ),
        Err(error) => {
            format!("The settings in {} could not be read ({error}), and the usual ones hold.", path.display())
        }
    }
}

fn kept_aside(path: &Path) -> std::io::Result<PathBuf> {
    let name = |number: u32| path.with_extension(format!("broken-{number}.toml"));
    let free = (1..=NAMES).map(name).find(|name| fs::symlink_metadata(name).is_err());
    let kept = free.ok_or(ErrorKind::AlreadyExists)?;
    fs::rename(path, &kept)?;
    Ok(kept)
}
