//! Ten thousand uploads of one owner: they cost little each, and nobody else notices.

use std::fs;

use anyhow::{Context, Result, ensure};
use futures::{StreamExt, TryStreamExt, stream};
use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::doors::{Doors, MIB, ONE, problem};

const MANY: u64 = 10_000;
/// What an open upload may cost in memory. It is a row in two lists, its name and owner and ids as text (some 200 bytes),
/// a lock, three channels and a digest a chunk: less than a KiB, of which an allocator may well make two. A buffer, a
/// task or a page of the disk's for each would be far more than this.
const EACH: u64 = 4 << 10;
/// What does not grow with their number: the database's cache of pages, the connections' buffers, the answer that lists
/// them all.
const ONCE: u64 = 24 << 20;

/// Bytes of a process that are in memory.
fn resident(pid: u32) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("it has memory")?;
    Ok(line.trim().trim_end_matches(" kB").trim().parse::<u64>()? << 10)
}

/// In memory, where there is such a disk: ten thousand synced files are minutes on another, which prove nothing here.
fn quick_folder() -> Result<TempDir> {
    Ok(TempDir::new_in("/dev/shm").or_else(|_| TempDir::new())?)
}

async fn open(doors: &Doors, number: u64) -> Result<()> {
    let id = format!("00000000-0000-4000-8000-1{number:011}");
    let new =
        json!({ "id": id, "name": format!("film {number}.mp4").replace(' ', "%20"), "size": 3, "chunk_len": MIB });
    let answer = doors.ask(Method::POST, "/uploads", &doors.anna, Some(new)).await?;
    ensure!(answer.status() == 201, "upload {number} begins, not {}", answer.text().await?);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_open_uploads_cost_little_and_hold_up_nobody() -> Result<()> {
    let doors = Doors::open_in(quick_folder()?, &["--max-uploads", &MANY.to_string()])?;
    // What is made once is made before it is measured.
    doors.film(&doors.bert, ONE, b"film").await?;
    let before = resident(doors.server.pid()?)?;
    let opening = stream::iter(0..MANY).map(|number| open(&doors, number)).buffer_unordered(8).try_collect::<()>();
    let meanwhile = async {
        let mut served = 0_u64;
        for number in 2..40 {
            let id = format!("00000000-0000-4000-8000-2{number:011}");
            doors.film(&doors.bert, &id, format!("film {number}").as_bytes()).await?;
            let listed = doors.ask(Method::GET, "/videos?limit=1&after=none", &doors.carla, None).await?;
            ensure!(listed.status() == 200, "Carla reads");
            served += 1;
        }
        anyhow::Ok(served)
    };
    let ((), served) = tokio::try_join!(opening, meanwhile)?;
    assert_eq!(served, 38, "Bert sent and Carla read while Anna opened hers");
    let refused = doors.begin(&doors.anna, ONE, "one too many").await?;
    assert_eq!(problem(refused).await?, (429, "/problems/too-many-uploads".into()), "more than she may have");
    let list: Value = doors.ask(Method::GET, "/uploads", &doors.anna, None).await?.json().await?;
    assert_eq!(list["uploads"].as_array().map(Vec::len), Some(MANY as usize), "she sees each of them");
    let grown = resident(doors.server.pid()?)?.saturating_sub(before);
    println!("{} bytes for each of {MANY} open uploads, all told", grown / MANY);
    assert!(grown <= ONCE + MANY * EACH, "{grown} bytes for {MANY} open uploads are too many");
    Ok(())
}
