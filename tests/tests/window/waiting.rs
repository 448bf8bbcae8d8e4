//! A destination that asks for a break: every row says so and counts down, the log says it once, and a person need not
//! wait for the end of it.

use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use support::window::{Launch, scene};

use super::film;

/// In builds for tests the vault then asks for a break of a quarter of an hour at its sixteenth chunk.
const PART: (&str, &str) = ("PAWL_VAULT_PLAYS", "weary");

const LOG: &str = "[data-testid=log]";

#[test]
fn whoever_waits_for_a_break_says_until_when_and_retry_now_does_not_wait_for_that() -> Result<()> {
    scene("break", async |scene| {
        // The first alone has that chunk.
        let films = [("first.mov", 18), ("second.mov", 15), ("third.mov", 15)];
        let films = films.iter().map(|(name, chunks)| film(scene, name, *chunks)).collect::<Result<Vec<PathBuf>>>()?;
        let paths: Vec<&Path> = films.iter().map(PathBuf::as_path).collect();
        let window = scene.launch(Launch::on(&scene.state()).files(paths).variable(PART.0, PART.1)).await?;
        let row = window.until_row("first.mov", &["throttled"]).await?;
        ensure!(row.text.contains("Tries again in"), "it counts down: {row:?}");
        let behind = window.until_row("third.mov", &["queued", "preparing", "throttled"]).await?;
        ensure!(
            behind.text.contains("destination asked for a break") && behind.text.contains("Tries again in"),
            "who stands behind it says what for, and until when: {behind:?}"
        );

        window.open_details("first.mov").await?;
        window.says(LOG, "Chunk 17 failed").await?;
        let told = window.texts(&format!("{LOG} li")).await?;
        let breaks = told.iter().filter(|line| line.contains("asked for a break")).count();
        ensure!(breaks == 1, "the break is one line: {told:?}");

        window.act("third.mov", "retry").await?;
        window
            .until_map("first.mov", "the break of a quarter of an hour to be over", |map| map.acked == map.chunks)
            .await?;
        Ok(())
    })
}
