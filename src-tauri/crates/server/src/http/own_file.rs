//! A small file of the server's own beside the vault's database: replaced whole, read again when it changes, so that a
//! command can change it while the server runs. Only its user may read it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use rand::TryRng;
use rand::rngs::SysRng;
use serde::Serialize;
use serde::de::DeserializeOwned;
use thiserror::Error;

/// Why a file of the server's own does not serve.
#[derive(Debug, Error)]
pub enum OwnFileError {
    /// It cannot be understood.
    #[error("{path} cannot be understood")]
    Broken {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        #[source]
        source: toml::de::Error,
    },
    /// It cannot be read or written.
    #[error("cannot read or write {path}")]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

/// A file that holds a `C` as TOML; none where it is missing.
#[derive(Debug)]
pub(super) struct OwnFile<C> {
    path: PathBuf,
    known: Mutex<Known<C>>,
}

#[derive(Debug, Default)]
struct Known<C> {
    state: Option<State>,
    contents: C,
}

/// Tells a file from the one that took its place, however coarse its times are: each is a new file.
type State = (SystemTime, u64, u64);

impl<C: Serialize + DeserializeOwned + Default> OwnFile<C> {
    pub(super) fn at(path: PathBuf) -> Self {
        Self { path, known: Mutex::default() }
    }

    /// What `look` finds in the file as it is now; none where it is missing. One that cannot be read is as if empty, this
    /// time: a process may be out of open files for a moment.
    pub(super) fn look<T>(&self, look: impl FnOnce(&C) -> Option<T>) -> Option<T> {
        let meta = fs::metadata(&self.path).ok()?;
        let state = (meta.modified().ok()?, meta.ino(), meta.len());
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.state != Some(state) {
            match self.read() {
                Ok(contents) => *known = Known { state: Some(state), contents },
                Err(error) => {
                    tracing::warn!(%error, "nothing is known");
                    return look(&C::default());
                }
            }
        }
        look(&known.contents)
    }

    /// Two commands at once must not undo each other. Held until it is dropped.
    pub(super) fn alone(&self) -> Result<File, OwnFileError> {
        let lock = OpenOptions::new().create(true).write(true).truncate(false).open(self.path.with_extension("lock"));
        let locked = lock.and_then(|file| file.lock().map(|()| file));
        locked.map_err(|source| self.io(source))
    }

    pub(super) fn read(&self) -> Result<C, OwnFileError> {
        let broken = |source| OwnFileError::Broken { path: self.path.clone(), source };
        match fs::read_to_string(&self.path) {
            Ok(text) => toml::from_str(&text).map_err(broken),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(C::default()),
            Err(error) => Err(self.io(error)),
        }
    }

    pub(super) fn write(&self, contents: &C) -> Result<(), OwnFileError> {
        let text = toml::to_string(contents).map_err(|error| self.io(io::Error::other(error)))?;
        replace(&self.path, text.as_bytes()).map_err(|source| self.io(source))
    }

    /// 256 random bits.
    pub(super) fn random(&self) -> Result<[u8; 32], OwnFileError> {
        let mut bits = [0; 32];
        SysRng.try_fill_bytes(&mut bits).map_err(|error| self.io(io::Error::other(error)))?;
        Ok(bits)
    }

    fn io(&self, source: io::Error) -> OwnFileError {
        OwnFileError::Io { path: self.path.clone(), source }
    }
}

/// A reader sees the old file or the new one, and only its user does.
fn replace(path: &Path, contents: &[u8]) -> io::Result<()> {
    let fresh = path.with_extension("new");
    // What a crash left of that name may be open to others.
    fs::remove_file(&fresh)
        .or_else(|error| if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) })?;
    let mut file: File = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&fresh)?;
    file.write_all(contents)?;
    file.sync_all()?;
    fs::rename(fresh, path)?;
    File::open(path.parent().unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_read_that_failed_is_tried_again_though_the_file_is_the_same() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = OwnFile::<toml::Table>::at(folder.path().join("own.toml"));
        let write = |text: &str| {
            fs::write(&file.path, text).expect("written");
            let written = OpenOptions::new().write(true).open(&file.path).expect("it is there");
            written.set_modified(SystemTime::UNIX_EPOCH).expect("a time");
        };
        let find = || file.look(|table| table.get("a").and_then(toml::Value::as_integer));
        write("a = ]");
        assert_eq!(find(), None, "nothing can be read");
        write("a = 1");
        assert_eq!(find(), Some(1), "what could not be read once is not believed to be empty");
    }
}
