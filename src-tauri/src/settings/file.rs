//! The file itself, as `headless::kept` keeps it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use headless::kept::{self, Readers};
use toml::Table;

const NAME: &str = "settings.toml";
const HEAD: &str = "# What was chosen in Pawl's window. It may be edited while Pawl is closed.\n\n";

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
        let (table, told) = match kept::table(&path) {
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
        kept::replace(&self.path, &format!("{HEAD}{table}"), Readers::Usual).with_context(cannot)?;
        self.table = table;
        Ok(())
    }
}

fn set_aside(path: &Path, error: &anyhow::Error) -> String {
    tracing::warn!("the settings cannot be read: {error:#}");
    match kept::set_aside(path) {
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
