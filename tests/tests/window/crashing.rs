//! kill -9: what was safe stays safe and is not sent again.

use anyhow::{Context, Result};
use store::SqliteJournal;
use support::window::{Scene, scene};
use transfer::journal::{Journal, TransferRecord};

use super::{CHUNK, assert_kept, film, with_limit};

const CHUNKS: u64 = 16;

#[test]
fn a_film_killed_in_the_middle_goes_on_and_sends_nothing_twice_that_was_safe() -> Result<()> {
    scene("kill", async |scene| {
        with_limit(scene, 4).await?;
        let film = film(scene, "long.mov", CHUNKS)?;
        let window = scene.open(&[&film]).await?;
        window.says("[data-testid=limit]", "4 MB/s").await?;
        window.open_details("long.mov").await?;
        let seen = window.until_map("long.mov", "some safe", |map| map.acked >= 3).await?;
        window.kill().await?;
        assert!(u64::from(seen.acked) < CHUNKS, "killed in the middle: {seen:?}");
        let killed = journalled(scene).await?;

        let window = scene.open(&[]).await?;
        window.open_details("long.mov").await?;
        let again = window.until_map("long.mov", "where it was", |map| map.acked >= seen.acked).await?;
        assert!(u64::from(again.acked) < CHUNKS, "what follows is sent by this start: {again:?}");
        window.limit(None).await?;
        window.until_row("long.mov", &["done"]).await?;
        window.quit().await?;

        // The counter of the second start begins with what the journal knew of the first.
        let sent = journalled(scene).await?.bytes_sent - killed.bytes_sent;
        let missing = (CHUNKS - u64::from(seen.acked)) * CHUNK;
        assert!(sent <= missing, "{sent} bytes were sent after the kill, when only {missing} were not safe");
        assert_kept(scene, &film)
    })
}

/// The one transfer as the journal has it; the app must have ended.
async fn journalled(scene: &Scene) -> Result<TransferRecord> {
    let journal = SqliteJournal::open(&scene.state()).await?.value;
    let record = journal.transfers().await?.pop().context("the journal knows the transfer");
    journal.close().await;
    record
}
