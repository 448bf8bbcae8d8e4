//! `make soak`: what the tests do small, done long. `make soak ARGS=kills` runs one part; `PAWL_SEED` repeats a run.

use std::process::Command;
use std::time::Instant;

use anyhow::{Result, bail};
use support::far::{Far, torment_both};
use support::killing::{Torment, torment};
use support::power::{Ordeal, first_seed};
use tempfile::TempDir;

/// The length of a chunk to a Pawl server: eight of them are in flight at most.
const CHUNK: u64 = 4 << 20;

/// A part's name and what it does.
type Part = (&'static str, fn(u64) -> Result<()>);

const PARTS: [Part; 6] = [
    ("kills", twenty_kills),
    ("server", to_a_server),
    ("tus", to_a_tus_server),
    ("store", to_a_store),
    ("power", a_thousand_cuts),
    ("simulation", ten_thousand_histories),
];

fn main() -> Result<()> {
    let asked: Vec<String> = std::env::args().skip(1).collect();
    let names = PARTS.map(|(name, _)| name);
    if let Some(unknown) = asked.iter().find(|name| !names.contains(&name.as_str())) {
        bail!("there is no part {unknown:?}; there are {}", names.join(", "));
    }
    let seed = first_seed()?;
    println!("PAWL_SEED={seed}");
    for (name, part) in PARTS.iter().filter(|(name, _)| asked.is_empty() || asked.iter().any(|other| other == name)) {
        let begun = Instant::now();
        part(seed)?;
        println!("{name}: held, in {:.0} s", begun.elapsed().as_secs_f64());
    }
    Ok(())
}

/// kill -9 of the uploader at random instants of 1 GiB.
fn twenty_kills(seed: u64) -> Result<()> {
    torment(TempDir::new()?.path(), Torment { seed, bytes: 1 << 30, kills: 20, limit: "60M", longest_ms: 1500 })
}

/// kill -9 of sender, server and both, twelve times in 1 GiB.
fn to_a_server(seed: u64) -> Result<()> {
    let folder = TempDir::new()?;
    torment_both(folder.path(), &mut Far::pawl(folder.path())?, 8 * CHUNK, both(seed))
}

/// The same to a tus server, which takes one chunk of 16 MiB after the other.
fn to_a_tus_server(seed: u64) -> Result<()> {
    let folder = TempDir::new()?;
    torment_both(folder.path(), &mut Far::tus(folder.path())?, 4 * CHUNK, both(seed))
}

/// The same to an S3 store, in parts of 8 MiB.
fn to_a_store(seed: u64) -> Result<()> {
    let folder = TempDir::new()?;
    torment_both(folder.path(), &mut Far::store(folder.path())?, 16 * CHUNK, both(seed))
}

fn both(seed: u64) -> Torment {
    Torment { seed, bytes: 1 << 30, kills: 12, limit: "60M", longest_ms: 1500 }
}

/// The power goes a thousand times.
fn a_thousand_cuts(seed: u64) -> Result<()> {
    println!("{:?}", Ordeal::prepare()?.suffer(seed, 1000)?);
    Ok(())
}

/// Ten thousand histories of the engine in a simulated world, from this number on.
fn ten_thousand_histories(seed: u64) -> Result<()> {
    let test = ["test", "-p", "transfer", "--features", "testing", "--test", "simulation", "--", "histories"];
    let mut histories = Command::new("cargo");
    histories.args(test).env("PAWL_SEED", seed.to_string()).env("PAWL_HISTORIES", "10000");
    if !histories.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).status()?.success() {
        bail!("a history did not end well; it says above how it is played again");
    }
    Ok(())
}
