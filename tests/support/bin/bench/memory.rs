//! How much memory an upload takes that is far longer than memory.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use support::programs::program;

use crate::figures::Goal;

const FILM: u64 = 100 << 30;
const LOOK: Duration = Duration::from_millis(100);

/// A sparse film of 100 GiB into a remote that hashes and drops: the peak, and whether it grows.
pub(crate) fn of_a_long_upload(folder: &Path) -> Result<()> {
    let (film, begun) = (folder.join("sparse.bin"), Instant::now());
    File::create(&film)?.set_len(FILM)?;
    let mut command = Command::new(program("pawl-upload")?);
    command.arg(&film).args(["--to", "discard:", "--json", "--state"]).arg(folder.join("state"));
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn()?;
    let (sizes, peak) = watched(&mut child)?;
    let rate = FILM as f64 / 1e6 / begun.elapsed().as_secs_f64();
    let most = |part: &[f64]| part.iter().copied().fold(0.0, f64::max);
    let (first, last) = (most(&sizes[..sizes.len() / 4]), most(&sizes[sizes.len() * 3 / 4..]));
    println!("  pawl-upload of a sparse 100 GiB film: peak {peak:.1} MiB; {}", Goal::AtMost(64.0).judge(peak));
    println!("    at most {first:.1} MiB in the first quarter, {last:.1} MiB in the last; {rate:.0} MB/s");
    Ok(())
}

/// What is resident now and then, and the peak, in MiB.
fn watched(child: &mut Child) -> Result<(Vec<f64>, f64)> {
    let (mut sizes, mut peak) = (Vec::new(), 0.0_f64);
    let ended = loop {
        if let Ok(status) = fs::read_to_string(format!("/proc/{}/status", child.id())) {
            sizes.extend(mebibytes(&status, "VmRSS:"));
            peak = peak.max(mebibytes(&status, "VmHWM:").unwrap_or(0.0));
        }
        if let Some(ended) = child.try_wait()? {
            break ended;
        }
        std::thread::sleep(LOOK);
    };
    ensure!(ended.success(), "the upload ended with {ended}");
    ensure!(sizes.len() >= 8, "it ended before anything could be seen");
    Ok((sizes, peak))
}

fn mebibytes(status: &str, name: &str) -> Option<f64> {
    let line = status.lines().find(|line| line.starts_with(name))?;
    let kibibytes: f64 = line.split_whitespace().nth(1)?.parse().context("a number of kB").ok()?;
    Some(kibibytes / 1024.0)
}
