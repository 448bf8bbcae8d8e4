//! Watching what still uploads, over HTTP: a real film, a slow link, a viewer who jumps ahead.

use std::fs;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use support::films::{blake3, counted};
use support::house::House;
use support::programs::PATIENCE;
use tempfile::TempDir;
use transfer::engine::Command;
use transfer::state::TransferState;
use transfer::units::{MIB, Rate};

/// Half a megabyte a second: a film of 30 MB takes a minute.
const SLOW: u64 = 500_000;

fn done(state: &TransferState) -> bool {
    matches!(state, TransferState::Done(_))
}

/// Waits until `is` holds; nothing tells when, so it looks again and again.
async fn until(what: &str, mut is: impl FnMut() -> bool) -> Result<()> {
    let end = Instant::now() + PATIENCE;
    while !is() {
        ensure!(Instant::now() < end, "waited in vain for {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}

fn wishes(house: &House) -> Result<usize> {
    use transfer::remote::Remote;
    let handle = house.remote.handle().context("nothing was begun")?;
    Ok(house.remote.wishes(&handle).context("the vault tells wishes")?.borrow().len())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_viewer_who_jumps_ahead_is_served_first() -> Result<()> {
    let folder = TempDir::new()?;
    let film = folder.path().join("film.mp4");
    counted(&film, 60, 4000, false)?;
    let len = fs::metadata(&film)?.len();
    ensure!((25_000_000..40_000_000).contains(&len), "a film of about 30 MB was wanted, not {len}");
    let house = House::open(folder.path(), Rate::bytes_per_second(SLOW)).await?;
    let id = house.add(&film).await?;
    house.until(id, "a third of it", |now| now.bytes_acked >= len / 3).await?;
    let (before, wanted) = (house.remote.puts(), len * 8 / 10);
    let chunk = (wanted / (4 * MIB)) as u32;
    ensure!(!before.contains(&chunk), "the test wants bytes that have not set out yet, and {before:?} have");
    let client = support::http::client();
    let range = format!("bytes={wanted}-{}", wanted + 1999);
    let content = house.content()?;
    let part = client.get(&content).header("range", range).send().await?;
    assert_eq!(part.status(), 206, "an unfinished film is readable at once");
    let tag = part.headers().get("etag").cloned().context("a strong tag")?;
    assert_eq!(part.bytes().await?[..], fs::read(&film)?[wanted as usize..wanted as usize + 2000], "the right bytes");
    let after = house.remote.puts().split_off(before.len());
    // At this speed one chunk at a time is under way: at most that one and one already leased come before.
    let place = after.iter().position(|put| *put == chunk).context("its chunk set out")?;
    assert!(place <= 1, "the wanted chunk {chunk} overtakes: {before:?}, then {after:?}");
    house.engine.set_limit(None).await?;
    house.until(id, "its end", |now| done(&now.state)).await?;
    let whole = client.get(&content).header("if-range", tag).header("range", "bytes=0-99").send().await?;
    assert_eq!(whole.status(), 206, "the tag of the unfinished film holds for the finished one");
    assert_eq!(blake3(&folder.path().join("vault/film.mp4"))?, blake3(&film)?, "overtaking changes no byte");
    house.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_viewer_who_leaves_takes_the_wish_along_and_a_pause_ends_a_read_clearly() -> Result<()> {
    let folder = TempDir::new()?;
    let film = folder.path().join("film.bin");
    support::films::noise(&film, 1, 40 * MIB)?;
    let house = House::open(folder.path(), Rate::bytes_per_second(SLOW)).await?;
    let id = house.add(&film).await?;
    house.until(id, "the first bytes on their way", |now| now.bytes_sent > 0).await?;
    let client = support::http::client();
    let far = client.get(house.content()?).header("range", format!("bytes={}-", 20 * MIB)).build()?;
    let read = |request: Option<reqwest::Request>| {
        let (client, request) = (client.clone(), request.expect("a request without a body can be cloned"));
        tokio::spawn(async move { client.execute(request).await?.bytes().await })
    };
    let viewer = read(far.try_clone());
    until("the wish", || wishes(&house).is_ok_and(|count| count == 1)).await?;
    viewer.abort();
    until("the end of the wish", || wishes(&house).is_ok_and(|count| count == 0)).await?;
    let waiting = read(far.try_clone());
    until("the second wish", || wishes(&house).is_ok_and(|count| count == 1)).await?;
    house.engine.command(id, Command::Pause).await?;
    assert!(waiting.await?.is_err(), "a read that cannot go on breaks off; it does not hang and does not end short");
    let refused = client.execute(far).await?;
    assert_eq!(refused.status(), 503, "a new read of missing bytes is refused at once");
    let problem: serde_json::Value = refused.json().await?;
    assert!(problem["detail"].as_str().is_some_and(|text| text.contains("paused")), "and it says why: {problem}");
    house.close().await;
    Ok(())
}
