//! A real tus server, `@tus/server` with its file store: one process, killed by its id when it is dropped.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::programs::Talker;

/// A running tus server on a folder.
#[derive(Debug)]
pub struct TusServer {
    process: Talker,
    folder: PathBuf,
    url: String,
}

impl TusServer {
    /// Starts it on `folder`, with more arguments of its own (`server.mjs` tells them).
    pub fn start(folder: &Path, more: &[&str]) -> Result<Self> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("support/tus_server/server.mjs");
        let installed = script.with_file_name("node_modules").is_dir();
        ensure!(installed, "the tus server is not installed: run `make test`, which installs it first");
        let mut process = Talker::start(Command::new("node").arg(script).arg(folder).args(more))?;
        let said = process.hear("its address", |line| line["event"] == "listening")?;
        let url = said["url"].as_str().context("the address is text")?.to_owned();
        Ok(Self { process, folder: folder.to_owned(), url })
    }

    /// The address at which uploads are created.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The same without HTTP.
    pub fn address(&self) -> Result<SocketAddr> {
        let address = self.url.trim_start_matches("http://").split('/').next().and_then(|it| it.parse().ok());
        address.with_context(|| format!("no address in {}", self.url))
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.process.pid()
    }

    /// Kills it (SIGKILL): nobody answers at its address any more.
    pub fn kill(self) -> Result<Killed> {
        let port = self.address()?.port();
        self.process.kill()?;
        Ok(Killed { folder: self.folder, port })
    }

    /// The files that are there, unfinished ones too, without what the server writes down about them.
    pub fn files(&self) -> Result<Vec<PathBuf>> {
        let entries = std::fs::read_dir(&self.folder)?.map(|entry| Ok(entry?.path()));
        let paths: Vec<PathBuf> = entries.collect::<std::io::Result<_>>()?;
        Ok(paths.into_iter().filter(|path| path.extension().is_none()).collect())
    }
}

/// A tus server that was killed: its folder, and where it was.
#[derive(Debug)]
pub struct Killed {
    folder: PathBuf,
    port: u16,
}

impl Killed {
    /// Starts it again on the same folder and at the same address.
    pub fn restart(self) -> Result<TusServer> {
        TusServer::start(&self.folder, &[&format!("--port={}", self.port)])
    }
}
