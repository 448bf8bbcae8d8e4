//! A thousand senders at once: whether all arrive, what the server needs for it, and how long a chunk takes.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result};
use remotes::native::Native;
use remotes::{Connection, ConnectionSetup};
use support::programs::server;
use tokio::sync::Barrier;
use transfer::remote::Remote;
use transfer::testing::Film;
use transfer::units::MIB;

use super::memory;
use crate::figures::{median, percentile};

const SENDERS: usize = 1000;
const FILM: u64 = 8 * MIB;

/// Every one has begun before the first sends its first chunk.
pub(crate) fn of_a_thousand(_: &Path) -> Result<()> {
    let folder = memory()?;
    let (pawl, url) = server(&folder.path().join("vault"))?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let begun = Instant::now();
    let chunks = runtime.block_on(all(&url))?;
    let rate = (SENDERS as u64 * FILM) as f64 / 1e6 / begun.elapsed().as_secs_f64();
    let status = fs::read_to_string(format!("/proc/{}/status", pawl.pid()))?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("a peak")?.trim();
    println!("  {SENDERS} uploads of 8 MiB at once: no error; {rate:.0} MB/s; the server's peak {peak}");
    let (middle, last) = (median(&chunks), percentile(&chunks, 0.99));
    println!("    a chunk of 4 MiB: p50 {middle:.2} s, p99 {last:.2} s, with {SENDERS} of them under way");
    Ok(())
}

async fn all(url: &str) -> Result<Vec<f64>> {
    let connection = Connection::new(&ConnectionSetup::default())?;
    let start = Arc::new(Barrier::new(SENDERS));
    let mut senders = tokio::task::JoinSet::new();
    for seed in 0..SENDERS {
        let remote = Native::new(connection.clone(), url, None)?;
        senders.spawn(one(remote, seed as u64, start.clone()));
    }
    let mut chunks = Vec::new();
    while let Some(sender) = senders.join_next().await {
        chunks.extend(sender??);
    }
    Ok(chunks)
}

/// Sends one film, and gives the seconds that each chunk took.
async fn one(remote: Native, seed: u64, start: Arc<Barrier>) -> Result<Vec<f64>> {
    let mut film = Film::new(&remote, seed, FILM);
    film.layout = transfer::layout::ChunkLayout::new(FILM, 4 * MIB)?;
    let handle = remote.begin(&film.upload()).await?;
    start.wait().await;
    let (mut seconds, mut receipts) = (Vec::new(), Vec::new());
    for index in film.layout.indices() {
        let begun = Instant::now();
        receipts.push(remote.put_chunk(film.put(&handle, index)).await?);
        seconds.push(begun.elapsed().as_secs_f64());
    }
    remote.complete(&film.completion(&handle, receipts)).await?;
    Ok(seconds)
}
