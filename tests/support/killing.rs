//! Killing `pawl-upload` at random instants, and what must hold afterwards. `make test` does it small, `make soak` long.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::Value;

use crate::films::{blake3, noise};
use crate::programs::{Talker, last, upload_to};

/// How one upload is tormented.
#[derive(Debug, Clone, Copy)]
pub struct Torment {
    /// Decides the film's bytes and the instants.
    pub seed: u64,
    /// The film's size in bytes.
    pub bytes: u64,
    /// How often it is killed.
    pub kills: u32,
    /// The speed limit, as on the command line.
    pub limit: &'static str,
    /// The longest that a run may live, in milliseconds.
    pub longest_ms: u64,
}

/// Kills the uploader again and again, lets it finish, and checks that nothing was lost and nothing sent twice.
///
/// What a run sends is at most what was not acknowledged when it began; what was acknowledged before a kill still is
/// after it. Together: bytes sent are at most the file and what was in flight at each kill.
pub fn torment(folder: &Path, torment: Torment) -> Result<()> {
    let vault = folder.join("vault");
    let mut to = OsString::from("vault:");
    to.push(&vault);
    torment_to(folder, &to, || Ok(vault.join("film.bin")), torment)
}

/// The same to any destination, as `--to` takes it; `kept` finds the film there when it is done.
pub fn torment_to(folder: &Path, to: &OsStr, kept: impl FnOnce() -> Result<PathBuf>, torment: Torment) -> Result<()> {
    println!("{torment:?}");
    let (film, state) = (folder.join("film.bin"), folder.join("state"));
    noise(&film, torment.seed, torment.bytes)?;
    let mut random = StdRng::seed_from_u64(torment.seed);
    let mut safe = 0;
    for kill in 0..torment.kills {
        let mut command = upload_to(&[&film], to, &state)?;
        let run = Talker::start(command.args(["--limit", torment.limit]))?;
        std::thread::sleep(Duration::from_millis(random.random_range(0..torment.longest_ms)));
        safe = judged(&run.kill()?, safe).with_context(|| format!("after kill {kill} of {torment:?}"))?;
    }
    let (status, events) = Talker::start(&mut upload_to(&[&film], to, &state)?)?.end()?;
    ensure!(status.success(), "left alone it must finish: {:?}", events.last());
    judged(&events, safe)?;
    let kept = blake3(&kept()?)?;
    ensure!(kept == blake3(&film)?, "what is there must be the film");
    ensure!(last(&events, "done")?["blake3"] == kept.as_str(), "and its receipt must say so");
    Ok(())
}

/// Checks one run that began when `safe` bytes were known to be acknowledged; gives how many are now.
fn judged(events: &[Value], safe: u64) -> Result<u64> {
    let figure = |event: &Value, name: &str| event[name].as_u64().unwrap_or(0);
    let sending: Vec<&Value> = events.iter().skip_while(|event| event["state"] != "uploading").collect();
    let (Some(first), Some(latest)) = (sending.first(), sending.last()) else { return Ok(safe) };
    let there = figure(first, "bytes_acked");
    ensure!(there >= safe, "{safe} bytes were acknowledged before the kill, and {there} after it");
    let (sent, missing) =
        (figure(latest, "bytes_sent") - figure(first, "bytes_sent"), figure(first, "bytes_total") - there);
    ensure!(sent <= missing, "{sent} bytes were sent when only {missing} were missing");
    Ok(there.max(figure(latest, "bytes_acked")))
}
