//! Taking a film in: the vault beside a plain copy, from the first byte read to the last one safe.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use support::films::noise;
use support::programs::upload;
use tempfile::TempDir;

use crate::figures::Goal;
use crate::pairs::Contest;

const FILM: u64 = 1 << 30;
/// Where Linux keeps a file system in memory for everybody.
const MEMORY: &str = "/dev/shm";

/// On the disk: both end when the bytes are synced; ours are compared by digest on top.
pub(crate) fn against_dd(folder: &Path) -> Result<()> {
    let film = film(folder)?;
    let contest = Contest {
        work: "1 GiB from the page cache to the disk, synced",
        peer: "dd conv=fsync",
        unit: "MB/s",
        pairs: 9,
        goal: Goal::AtLeast(0.95),
    };
    contest.run(
        || into_vault(&film, folder),
        || {
            let copy = folder.join("copy.bin");
            let mut dd = Command::new("dd");
            dd.arg(argument("if=", &film)).arg(argument("of=", &copy)).args(["bs=4M", "conv=fsync", "status=none"]);
            let rate = timed(dd)?;
            fs::remove_file(copy)?;
            Ok(rate)
        },
    )
}

/// In memory: no disk hides what the proof costs.
pub(crate) fn against_cp(_: &Path) -> Result<()> {
    let folder = TempDir::with_prefix_in("pawl-bench-", MEMORY).context("this part needs a file system in memory")?;
    let (folder, film) = (folder.path(), film(folder.path())?);
    let contest = Contest {
        work: "1 GiB within memory, with the BLAKE3 proof",
        peer: "cp",
        unit: "MB/s",
        pairs: 15,
        goal: Goal::AtLeast(0.7),
    };
    contest.run(
        || into_vault(&film, folder),
        || {
            let (copy, mut cp) = (folder.join("copy.bin"), Command::new("cp"));
            cp.arg(&film).arg(&copy);
            let rate = timed(cp)?;
            fs::remove_file(copy)?;
            Ok(rate)
        },
    )
}

fn film(folder: &Path) -> Result<PathBuf> {
    let film = folder.join("film.bin");
    noise(&film, 1, FILM)?;
    Ok(film)
}

/// One run of the uploader into a new vault: opening the databases and the receipt count as work.
fn into_vault(film: &Path, folder: &Path) -> Result<f64> {
    let here = TempDir::with_prefix_in("vault-", folder)?;
    timed(upload(&[film], &here.path().join("vault"), &here.path().join("state"))?)
}

/// Megabytes a second of a program that takes the film in. Nothing older is left to be written meanwhile.
fn timed(mut command: Command) -> Result<f64> {
    rustix::fs::sync();
    let begun = Instant::now();
    let ended = command.stdin(Stdio::null()).stdout(Stdio::null()).status()?;
    let seconds = begun.elapsed().as_secs_f64();
    ensure!(ended.success(), "{command:?} ended with {ended}");
    Ok(FILM as f64 / 1e6 / seconds)
}

fn argument(name: &str, path: &Path) -> std::ffi::OsString {
    let mut argument = std::ffi::OsString::from(name);
    argument.push(path);
    argument
}
