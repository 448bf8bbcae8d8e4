//! `pawl-upload` and `pawl-server` as people run them: real processes, real disks, real kills.

mod crashes;
mod editing;
mod kills;
mod named;
mod outside;
mod receipts;
mod refusals;
mod scrubbing;
mod serving;
mod uploads;

use std::path::{Path, PathBuf};

use anyhow::Result;
use serde_json::Value;
use support::programs::{Talker, last, upload};
use tempfile::TempDir;

/// A folder for one test, with a vault and a state in it.
struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new() -> Result<Self> {
        Ok(Self { folder: TempDir::new()? })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn vault(&self) -> PathBuf {
        self.path("vault")
    }

    fn state(&self) -> PathBuf {
        self.path("state")
    }

    /// Runs `pawl-upload` to its end with more arguments: its exit code and its events.
    fn run(&self, files: &[&Path], more: &[&str]) -> Result<(Option<i32>, Vec<Value>)> {
        let (status, events) = Talker::start(upload(files, &self.vault(), &self.state())?.args(more))?.end()?;
        Ok((status.code(), events))
    }

    /// The same, and it must send everything: the last `done`.
    fn sends(&self, file: &Path) -> Result<Value> {
        let (code, events) = self.run(&[file], &[])?;
        assert_eq!(code, Some(0), "it must end with 0 when the file is there; it said {:?}", events.last());
        Ok(last(&events, "done")?.clone())
    }
}
