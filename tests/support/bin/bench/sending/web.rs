//! To a Pawl server, with the proof, beside `curl -T` to nginx, which proves nothing.

use std::fs::{self, File};
use std::path::Path;
use std::process::Command;

use anyhow::Result;
use support::programs::{server, upload_to};
use tempfile::TempDir;

use super::{film, memory, timed};
use crate::figures::Goal;
use crate::nginx::Nginx;
use crate::pairs::Contest;

/// No disk hides what hashing on both sides costs.
pub(crate) fn against_curl_in_memory(_: &Path) -> Result<()> {
    let folder = memory()?;
    let work = "1 GiB to a server, within memory";
    against_curl(
        folder.path(),
        Contest { work, peer: "curl to nginx", unit: "MB/s", pairs: 9, goal: Goal::AtLeast(0.7) },
    )
}

/// Both end when the bytes are on the disk: ours by itself, nginx's by a sync of its file.
pub(crate) fn against_curl_on_disk(folder: &Path) -> Result<()> {
    let work = "1 GiB to a server, synced on its disk";
    against_curl(folder, Contest { work, peer: "curl to nginx", unit: "MB/s", pairs: 7, goal: Goal::AtLeast(0.95) })
}

fn against_curl(folder: &Path, contest: Contest) -> Result<()> {
    let film = film(folder)?;
    let taken = folder.join("taken");
    fs::create_dir_all(&taken)?;
    let nginx = Nginx::taking(&taken, folder)?;
    contest.run(
        || to_pawl(&film, folder),
        || {
            let mut curl = Command::new("curl");
            curl.args(["--silent", "--fail", "--upload-file"]).arg(&film).arg(format!("{}/film.bin", nginx.url));
            let kept = taken.join("film.bin");
            let rate = timed(curl, || Ok(File::open(&kept)?.sync_all()?))?;
            fs::remove_file(&kept)?;
            Ok(rate)
        },
    )
}

/// One run into a new vault behind a server; the server's start is no part of it.
fn to_pawl(film: &Path, folder: &Path) -> Result<f64> {
    let here = TempDir::with_prefix_in("vault-", folder)?;
    let (_server, url) = server(&here.path().join("vault"))?;
    timed(upload_to(&[film], url.as_ref(), &here.path().join("state"))?, || Ok(()))
}
