//! The speed limit: what leaves in any five seconds.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use support::bad_link::{BadLink, Conditions};
use support::far::{Far, Kind};
use support::films::noise;
use support::programs::Talker;

use super::watch::{Watched, watched};
use crate::figures::{Goal, span};
use crate::sending::memory;

const WINDOW: Duration = Duration::from_secs(5);

/// Megabytes a second, and for how long.
const LIMITS: [(u64, u64); 3] = [(1, 20), (10, 20), (100, 12)];

pub(crate) fn of_speed(_: &Path) -> Result<()> {
    for (megabytes, seconds) in LIMITS {
        let rates = windows(sent(megabytes, megabytes * 1_000_000 * seconds)?.flow());
        ensure!(!rates.is_empty(), "there was no window of {WINDOW:?}");
        let wanted = megabytes as f64;
        let off = rates.iter().map(|rate| (rate / wanted - 1.0).abs() * 100.0).fold(0.0, f64::max);
        let (least, most) = span(&rates);
        println!(
            "  at {megabytes} MB/s, {} windows of 5 s: {least:.3} to {most:.3} MB/s, {off:.1} % off at most; {}",
            rates.len(),
            Goal::AtMost(5.0).judge(off),
        );
    }
    Ok(())
}

/// Sends so much at that limit to a Pawl server.
fn sent(megabytes: u64, bytes: u64) -> Result<Watched> {
    let folder = memory()?;
    let film = folder.path().join("film.bin");
    noise(&film, 1, bytes)?;
    let far = Far::of(Kind::Pawl, folder.path())?;
    let link = BadLink::to(far.socket()?, 1, Conditions::default())?;
    let mut command = far.sends(&film, &folder.path().join("state"), link.address())?;
    let begun = Instant::now();
    watched(Talker::start(command.arg("--limit").arg(format!("{megabytes}M")))?, begun, &link)
}

/// The megabytes a second of each window.
fn windows(looks: &[(Duration, u64)]) -> Vec<f64> {
    let from = |(index, &(begun, before)): (usize, &(Duration, u64))| {
        let (end, after) = looks[index..].iter().find(|(at, _)| *at >= begun + WINDOW)?;
        Some((after - before) as f64 / 1e6 / (*end - begun).as_secs_f64())
    };
    looks.iter().enumerate().filter_map(from).collect()
}
