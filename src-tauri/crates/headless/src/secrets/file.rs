//! `secrets.toml`: a secret a line, readable by its owner alone. Whoever can read the person's files can read it: that is
//! why a keyring goes first, and why the window says which of the two it is.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result};
use toml::{Table, Value};
use transfer::ids::DestinationId;

use crate::kept::{self, Readers};

const NAME: &str = "secrets.toml";
const HEAD: &str = "# What lets Pawl in at its destinations, because no keyring answered. Show it to nobody.\n\n";

/// The file. Clones are the same file.
#[derive(Debug, Clone)]
pub(super) struct SecretFile {
    path: Arc<PathBuf>,
    /// Held from the reading to the writing, so that of two changes none is lost.
    writing: Arc<Mutex<()>>,
}

impl SecretFile {
    pub(super) fn of(folder: &Path) -> Self {
        Self { path: Arc::new(folder.join(NAME)), writing: Arc::default() }
    }

    pub(super) async fn keep(&self, id: &DestinationId, secret: String) -> Result<()> {
        let id = id.0.clone();
        self.change(move |table| table.insert(id, Value::String(secret)).is_none_or(|_| true)).await
    }

    pub(super) async fn forget(&self, id: &DestinationId) -> Result<()> {
        let id = id.0.clone();
        self.change(move |table| table.remove(&id).is_some()).await
    }

    pub(super) async fn read(&self, id: &DestinationId) -> Result<Option<String>> {
        let (path, id) = (Arc::clone(&self.path), id.0.clone());
        let read = move || Ok(table(&path)?.get(&id).and_then(Value::as_str).map(str::to_owned));
        tokio::task::spawn_blocking(read).await?
    }

    /// Writes the table anew, if `change` says that it changed it.
    async fn change(&self, change: impl FnOnce(&mut Table) -> bool + Send + 'static) -> Result<()> {
        let file = self.clone();
        let changed = move || {
            let _one_at_a_time = file.writing.lock().unwrap_or_else(PoisonError::into_inner);
            let mut table = table(&file.path)?;
            if change(&mut table) {
                let cannot = || format!("{} cannot be written; nothing was changed", file.path.display());
                kept::replace(&file.path, &format!("{HEAD}{table}"), Readers::Owner).with_context(cannot)?;
            }
            Ok(())
        };
        tokio::task::spawn_blocking(changed).await?
    }
}

/// A parser's error quotes the line, and the line is a secret: it is not passed on.
fn table(path: &Path) -> Result<Table> {
    kept::table(path).map_err(|error| match error.downcast::<std::io::Error>() {
        Ok(error) => anyhow::Error::new(error).context(format!("{} cannot be read", path.display())),
        Err(_) => anyhow::anyhow!("{} is not as Pawl wrote it; mend it, or take it away", path.display()),
    })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use tempfile::TempDir;

    use super::*;

    fn id(name: &str) -> DestinationId {
        DestinationId(name.to_owned())
    }

    #[tokio::test]
    async fn a_secret_in_the_file_is_its_owners_alone_and_is_forgotten_for_good() {
        let folder = TempDir::new().expect("a folder");
        let file = SecretFile::of(folder.path());
        let path = folder.path().join(NAME);
        std::fs::write(path.with_extension("toml.new"), "left by a crash, for all to read").expect("a file");
        file.keep(&id("a"), "one".to_owned()).await.expect("it is written");
        file.keep(&id("b"), "two".to_owned()).await.expect("it is written");
        let mode = std::fs::metadata(&path).expect("it is there").permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "nobody else may read it");
        assert_eq!(file.read(&id("a")).await.expect("it can be read").as_deref(), Some("one"), "one beside the other");
        file.forget(&id("a")).await.expect("it is written");
        assert_eq!(file.read(&id("a")).await.expect("it can be read"), None, "it is gone");
        assert!(!std::fs::read_to_string(&path).expect("text").contains("one"), "from the disk too");
    }

    #[tokio::test]
    async fn a_broken_file_is_said_to_be_so_without_its_words_and_is_not_written_over() {
        let folder = TempDir::new().expect("a folder");
        let (file, path) = (SecretFile::of(folder.path()), folder.path().join(NAME));
        std::fs::write(&path, "a = s3cret").expect("a file");
        let error = file.keep(&id("b"), "two".to_owned()).await.expect_err("it is no TOML");
        assert!(!format!("{error:#}{error:?}").contains("s3cret"), "an error is shown and logged: {error:#}");
        assert_eq!(std::fs::read_to_string(&path).expect("text"), "a = s3cret", "what may be mended stays");
    }
}
