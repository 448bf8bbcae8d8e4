//! Thousands of small files at once: how soon all of them are listed, what they take of memory, and what it costs that
//! they are not one.

use std::cell::RefCell;
use std::collections::HashSet;
use std::ffi::OsString;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use support::bad_link::{BadLink, Conditions};
use support::far::{Far, Kind};
use support::films::noise;
use support::programs::{Talker, upload_to};
use tempfile::TempDir;

use crate::figures::Goal;
use crate::sending::memory;

const MANY: usize = 5000;
const FEW: usize = 50;
const EACH: u64 = 64 << 10;
const LOOK: Duration = Duration::from_millis(20);
/// 200 Mbit/s.
const RATE: u64 = 25_000_000;
const SEED: u64 = 1;

/// Where the films go.
#[derive(Debug, Clone, Copy)]
enum Road {
    /// A vault in the memory of this machine.
    Vault,
    /// A Pawl server on loopback, its vault in memory.
    Server,
    /// The same, so many milliseconds away at 200 Mbit/s.
    Link(u64),
}

impl fmt::Display for Road {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Vault => write!(f, "a vault"),
            Self::Server => write!(f, "pawl-server on loopback"),
            Self::Link(ms) => write!(f, "pawl-server over 200 Mbit/s with a round trip of {ms} ms"),
        }
    }
}

/// All in memory.
pub(crate) fn of_small_files(_: &Path) -> Result<()> {
    let folder = memory()?;
    let many = files(&folder.path().join("many"), MANY, EACH)?;
    let whole = files(&folder.path().join("whole"), 1, EACH * MANY as u64)?;
    for road in [Road::Vault, Road::Server, Road::Link(20), Road::Link(100)] {
        let one = run(&whole, folder.path(), road)?;
        let few = run(&many[..FEW], folder.path(), road)?;
        let all = run(&many, folder.path(), road)?;
        let (listed, ratio) = (all.listed.as_secs_f64(), all.took.as_secs_f64() / one.took.as_secs_f64());
        println!("  {MANY} files of 64 KiB to {road}");
        println!("    all listed after {listed:.2} s; {}", Goal::AtMost(1.0).judge(listed));
        let (many_s, one_s) = (all.took.as_secs_f64(), one.took.as_secs_f64());
        println!(
            "    done in {many_s:.1} s, one file as long in {one_s:.1} s: {ratio:.1}; {}",
            Goal::AtMost(2.0).judge(ratio)
        );
        let first = all.first.as_secs_f64();
        println!(
            "    the first was there after {first:.2} s; peak {:.0} MiB, with {FEW} files {:.0} MiB",
            all.peak, few.peak
        );
    }
    Ok(())
}

fn files(folder: &Path, count: usize, bytes: u64) -> Result<Vec<PathBuf>> {
    fs::create_dir_all(folder)?;
    let file = |number: usize| {
        let file = folder.join(format!("clip-{number:04}.mov"));
        noise(&file, number as u64, bytes).map(|()| file)
    };
    (0..count).map(file).collect()
}

struct Run {
    listed: Duration,
    first: Duration,
    took: Duration,
    /// MiB.
    peak: f64,
}

fn run(files: &[PathBuf], folder: &Path, road: Road) -> Result<Run> {
    let here = TempDir::with_prefix_in("to-", folder)?;
    match road {
        Road::Vault => {
            let mut to = OsString::from("vault:");
            to.push(here.path().join("vault"));
            let films: Vec<&Path> = files.iter().map(PathBuf::as_path).collect();
            watched(&mut upload_to(&films, &to, &here.path().join("state"))?, files.len())
        }
        Road::Server => to_server(files, here.path(), Conditions::default()),
        Road::Link(ms) => to_server(files, here.path(), Conditions::long(Duration::from_millis(ms), RATE)),
    }
}

fn to_server(files: &[PathBuf], here: &Path, conditions: Conditions) -> Result<Run> {
    let far = Far::of(Kind::Pawl, here)?;
    let link = BadLink::to(far.socket()?, SEED, conditions)?;
    let direct = conditions == Conditions::default();
    let (first, rest) = files.split_first().context("a file")?;
    let mut command = far.sends(first, &here.join("state"), if direct { far.socket()? } else { link.address() })?;
    watched(command.args(rest), files.len())
}

fn watched(command: &mut Command, count: usize) -> Result<Run> {
    let begun = Instant::now();
    let mut run = Talker::start(command)?;
    let seen = RefCell::new(HashSet::new());
    let is_last = |event: &serde_json::Value| {
        seen.borrow_mut().extend(event["transfer"].as_str().map(str::to_owned));
        seen.borrow().len() == count
    };
    run.hear("every file", is_last)?;
    let listed = begun.elapsed();
    if !run.heard().iter().any(|event| event["event"] == "done") {
        run.hear("the first that is there", |event| event["event"] == "done")?;
    }
    let (first, status) = (begun.elapsed(), format!("/proc/{}/status", run.pid()));
    let mut peak = 0.0;
    let ended = loop {
        peak = fs::read_to_string(&status).ok().and_then(|status| highest(&status)).unwrap_or(peak);
        if let Some(ended) = run.ended()? {
            break ended;
        }
        std::thread::sleep(LOOK);
    };
    let took = begun.elapsed();
    let (_, events) = run.end()?;
    let done = events.iter().filter(|event| event["event"] == "done").count();
    ensure!(ended.success() && done == count, "{done} of {count} are there; it ended with {ended}");
    Ok(Run { listed, first, took, peak })
}

/// The most memory that was resident, in MiB.
fn highest(status: &str) -> Option<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: f64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kibibytes / 1024.0)
}
