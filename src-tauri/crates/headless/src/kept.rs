//! Small files that a person may read and mend: read whole, written whole, replaced in one go. Invariant: whoever reads
//! one finds the old or the new, never half of one; one that cannot be read is set aside and never written over.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::Result;
use toml::Table;

/// So many broken files may stand beside one another.
const NAMES: u32 = 1000;

/// Who may read a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readers {
    /// Whoever the system lets.
    Usual,
    /// The person alone (0600).
    Owner,
}

/// The table in a file; an empty one where there is no file.
///
/// # Errors
/// It cannot be read, or is no TOML.
pub fn table(path: &Path) -> Result<Table> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(text.parse()?),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Table::new()),
        Err(error) => Err(error.into()),
    }
}

/// Replaces all of a file.
///
/// # Errors
/// It cannot be written; then the old one is still there.
pub fn replace(path: &Path, text: &str, readers: Readers) -> io::Result<()> {
    let fresh = path.with_extension("toml.new");
    let mut file = created(&fresh, readers)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&fresh, path)
}

/// One that a crash left behind may have let others read.
fn created(path: &Path, readers: Readers) -> io::Result<File> {
    match readers {
        Readers::Usual => File::create(path),
        Readers::Owner => {
            fs::remove_file(path).or_else(|error| if_missing(error, ()))?;
            OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
        }
    }
}

fn if_missing<T>(error: io::Error, value: T) -> io::Result<T> {
    if error.kind() == ErrorKind::NotFound { Ok(value) } else { Err(error) }
}

/// Gives a file that cannot be read another name, and says which: `NAME.broken-1.toml`.
///
/// # Errors
/// It cannot be renamed, or there are a thousand already.
pub fn set_aside(path: &Path) -> io::Result<PathBuf> {
    let name = |number: u32| path.with_extension(format!("broken-{number}.toml"));
    let free = (1..=NAMES).map(name).find(|name| fs::symlink_metadata(name).is_err());
    let kept = free.ok_or(ErrorKind::AlreadyExists)?;
    fs::rename(path, &kept)?;
    Ok(kept)
}
