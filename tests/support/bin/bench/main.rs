//! `make bench`: what Pawl does beside a named peer on the same work, in the same run, on the same disk.
//!
//! Every figure is the median of interleaved pairs, for a machine's own speed swings from minute to minute. Prints;
//! judges nothing but whether the goal was reached. `make bench ARGS=serving` runs one part.

mod figures;
mod flood;
mod frames;
mod ingest;
mod ipc;
mod memory;
mod mpv;
mod nginx;
mod over;
mod pairs;
mod seeks;
mod sending;
mod serving;
mod start;
mod window;

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use tempfile::TempDir;

/// A part's name and what it does in a folder of its own on the disk under test.
type Part = (&'static str, fn(&Path) -> Result<()>);

const PARTS: [Part; 17] = [
    ("ingest", ingest::against_dd),
    ("tmpfs", ingest::against_cp),
    ("web-memory", sending::against_curl_in_memory),
    ("web-disk", sending::against_curl_on_disk),
    ("tus", sending::against_tus_js),
    ("store", sending::against_awscli_and_rclone),
    ("crowd", sending::of_a_thousand),
    ("link", over::against_a_plain_copy),
    ("limits", over::of_speed),
    ("flood", flood::of_small_files),
    ("serving", serving::against_nginx),
    ("memory", memory::of_a_long_upload),
    ("start", start::with_ten_thousand),
    ("window", window::against_the_least),
    ("seeks", seeks::against_mpv),
    ("ipc", ipc::while_uploading),
    ("frames", frames::of_map_and_list),
];

fn main() -> Result<()> {
    let asked: Vec<String> = std::env::args().skip(1).collect();
    let names = PARTS.map(|(name, _)| name);
    if let Some(unknown) = asked.iter().find(|name| !names.contains(&name.as_str())) {
        bail!("there is no part {unknown:?}; there are {}", names.join(", "));
    }
    for (name, part) in PARTS.iter().filter(|(name, _)| asked.is_empty() || asked.iter().any(|other| other == name)) {
        println!("\n{name}");
        part(TempDir::with_prefix_in("bench-", disk()?)?.path())?;
    }
    Ok(())
}

/// Whether there is a display; says so where there is none.
fn display() -> bool {
    let there = std::env::var_os("DISPLAY").is_some();
    if !there {
        println!("  no display: the window was not measured (.ci/display gives one)");
    }
    there
}

/// A folder on the disk that the project is built on: the system's temporary folder may be memory.
fn disk() -> Result<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/bench");
    std::fs::create_dir_all(&folder)?;
    Ok(folder.canonicalize()?)
}
