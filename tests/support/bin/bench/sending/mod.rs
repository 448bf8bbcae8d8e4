//! Sending a film: `pawl-upload` beside the usual programs, from the first byte read to the last one safe at the other
//! side. Both ends of each pair run on this machine and share its cores.

mod crowd;
mod store;
mod tus;
mod web;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use support::films::noise;
use tempfile::TempDir;

pub(crate) use crowd::of_a_thousand;
pub(crate) use store::against_awscli_and_rclone;
pub(crate) use tus::against_tus_js;
pub(crate) use web::{against_curl_in_memory, against_curl_on_disk};

const FILM: u64 = 1 << 30;

/// A folder in memory, which is everybody's on Linux.
pub(crate) fn memory() -> Result<TempDir> {
    TempDir::with_prefix_in("pawl-bench-", "/dev/shm").context("this part needs a file system in memory")
}

fn film(folder: &Path) -> Result<PathBuf> {
    let film = folder.join("film.bin");
    noise(&film, 1, FILM)?;
    Ok(film)
}

/// Megabytes a second of a program that sends the film, and of what must come after it for the film to be safe.
fn timed(mut command: Command, then: impl FnOnce() -> Result<()>) -> Result<f64> {
    rustix::fs::sync();
    let begun = Instant::now();
    let ended = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    let ended = ended.with_context(|| format!("{:?} comes from .ci/setup bench", command.get_program()))?;
    ensure!(ended.success(), "{command:?} ended with {ended}");
    then()?;
    Ok(FILM as f64 / 1e6 / begun.elapsed().as_secs_f64())
}
