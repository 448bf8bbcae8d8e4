//! tus, against `@tus/server` and its file store: the driver by itself, and `pawl-upload` through real kills.

mod arriving;
mod checksums;
mod conformance;
mod crashes;
mod kills;
mod own;
mod refusals;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use support::films::blake3;
use support::programs::{Talker, last, upload_to};
use support::tus_server::TusServer;
use tempfile::TempDir;

/// A folder for one test, with a server's folder and a state in it.
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

    fn server(&self, more: &[&str]) -> Result<TusServer> {
        TusServer::start(&self.path("uploads"), more)
    }

    fn upload(&self, film: &Path, server: &TusServer) -> Result<Command> {
        upload_to(&[film], &to(server), &self.path("state"))
    }

    /// Runs `pawl-upload` to its end: its exit code and its events.
    fn run(&self, film: &Path, server: &TusServer) -> Result<(Option<i32>, Vec<Value>)> {
        let (status, events) = Talker::start(&mut self.upload(film, server)?)?.end()?;
        Ok((status.code(), events))
    }

    /// The same, and it must send everything: the events of this run.
    fn sends(&self, film: &Path, server: &TusServer) -> Result<Vec<Value>> {
        let (code, events) = self.run(film, server)?;
        ensure!(code == Some(0), "it must end with 0 when the file is there; it said {:?}", events.last());
        ensure!(last(&events, "done")?["proof"] == "size_only", "tus proves no more: {:?}", events.last());
        Ok(events)
    }
}

fn to(server: &TusServer) -> OsString {
    format!("tus+{}", server.url()).into()
}

/// The one file that is there, which must be the film.
fn is_there(film: &Path, server: &TusServer) -> Result<()> {
    let files = server.files()?;
    let [file] = files.as_slice() else { anyhow::bail!("one film is one upload: {files:?}") };
    ensure!(blake3(file)? == blake3(film)?, "what is there must be the film");
    Ok(())
}

/// Bytes that left in this run, from its first word to its last.
fn sent(events: &[Value]) -> Result<u64> {
    let figure = |event: &Value| event["bytes_sent"].as_u64();
    let first = events.iter().find_map(figure).context("the first event tells what had left before")?;
    Ok(events.iter().rev().find_map(figure).context("so does the last")? - first)
}
