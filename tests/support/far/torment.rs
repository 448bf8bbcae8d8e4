//! A film that gets there through kills of either side, over a good link or a bad one.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::Value;

use super::Far;
use crate::bad_link::BadLink;
use crate::films::{blake3, noise};
use crate::killing::Torment;
use crate::programs::{Talker, last};

/// Kills sender, server or both at random instants, lets the sender finish, and checks that the film is there and that
/// each kill cost at most `in_flight` bytes.
pub fn torment_both(folder: &Path, far: &mut Far, in_flight: u64, torment: Torment) -> Result<()> {
    torment_over(folder, far, None, in_flight, torment)
}

/// The same over a link that has faults of its own, each of which costs at most `in_flight` bytes too.
pub fn torment_over(
    folder: &Path,
    far: &mut Far,
    link: Option<&BadLink>,
    in_flight: u64,
    torment: Torment,
) -> Result<()> {
    println!("{torment:?}");
    let (film, state) = (folder.join("film.bin"), folder.join("state"));
    noise(&film, torment.seed, torment.bytes)?;
    let at = link.map_or_else(|| far.socket(), |link| Ok(link.address()))?;
    let command = |far: &Far| -> Result<Command> {
        let mut command = far.sends(&film, &state, at)?;
        command.args(["--limit", torment.limit]);
        Ok(command)
    };
    let mut random = StdRng::seed_from_u64(torment.seed);
    let mut wait = move |longest| Duration::from_millis(random.random_range(0..=longest));
    for kill in 0..torment.kills {
        let run = Talker::start(&mut command(far)?)?;
        std::thread::sleep(wait(torment.longest_ms));
        if kill % 3 != 0 {
            far.dies_and_returns(wait(1000))?;
        }
        if kill % 3 == 1 {
            // The sender goes on by itself a while before it is killed as well.
            std::thread::sleep(wait(torment.longest_ms));
        }
        run.kill()?;
    }
    let (status, events) = Talker::start(&mut command(far)?)?.end()?;
    ensure!(status.success(), "left alone it must finish: {:?}", events.last());
    let faults = u64::from(torment.kills) * 2 + link.map_or(0, |link| link.tally().ended.into());
    judged(last(&events, "done")?, far, &film, in_flight * faults)
}

fn judged(done: &Value, far: &Far, film: &Path, most_again: u64) -> Result<()> {
    let kept = far.kept("film.bin", done["object"].as_str().context("an object has a name")?)?;
    ensure!(kept == blake3(film)?, "what is there must be the film");
    ensure!(done["blake3"] == kept.as_str(), "and its receipt must say so");
    let (sent, size) = (done["bytes_sent"].as_u64().context("a count")?, fs::metadata(film)?.len());
    println!("{} MiB were sent again", sent.saturating_sub(size) >> 20);
    ensure!(sent <= size + most_again, "{sent} bytes left; {size} and {most_again} in flight are the most");
    Ok(())
}
