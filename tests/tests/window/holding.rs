//! What the person wants outlives the app: paused stays paused, given up stays given up, a limit stays.

use anyhow::Result;
use support::window::scene;

use super::{assert_kept, film, parts, with_limit};

#[test]
fn a_pause_outlives_a_kill_and_a_quit_and_resume_goes_on() -> Result<()> {
    scene("pause", async |scene| {
        with_limit(scene, 3).await?;
        let film = film(scene, "paused.mov", 12)?;
        let window = scene.open(&[&film]).await?;
        window.open_details("paused.mov").await?;
        window.until_map("paused.mov", "some safe", |map| map.acked >= 1).await?;
        window.act("paused.mov", "pause").await?;
        window.until_row("paused.mov", &["paused"]).await?;
        let held = window.until_map("paused.mov", "a map", |_| true).await?;
        window.kill().await?;

        let window = scene.open(&[]).await?;
        window.until_row("paused.mov", &["paused"]).await?;
        window.quit().await?;

        let window = scene.open(&[]).await?;
        window.says("[data-testid=limit]", "3 MB/s").await?;
        window.limit(None).await?;
        let row = window.until_row("paused.mov", &["paused"]).await?;
        assert!(row.text.contains("safe"), "it says what is safe: {row:?}");
        window.open_details("paused.mov").await?;
        window.until_map("paused.mov", "as when it was paused", |map| map.acked >= held.acked).await?;
        window.act("paused.mov", "resume").await?;
        window.until_row("paused.mov", &["done"]).await?;
        assert_kept(scene, &film)
    })
}

#[test]
fn a_given_up_film_leaves_nothing_in_the_vault_and_can_be_taken_off_the_list() -> Result<()> {
    scene("cancel", async |scene| {
        with_limit(scene, 3).await?;
        let film = film(scene, "unwanted.mov", 12)?;
        let window = scene.open(&[&film]).await?;
        window.open_details("unwanted.mov").await?;
        window.until_map("unwanted.mov", "some safe", |map| map.acked >= 1).await?;
        assert_eq!(parts(scene)?, 1, "it arrives in one part");
        window.act("unwanted.mov", "cancel").await?;
        window.press("[data-testid=question] [data-testid=give-up]").await?;
        window.until_row("unwanted.mov", &["cancelled"]).await?;
        assert_eq!(parts(scene)?, 0, "nothing of it stays");
        assert!(film.is_file(), "the person's own file is untouched");
        window.act("unwanted.mov", "remove").await?;
        window.find("[data-testid=welcome]").await?;
        Ok(())
    })
}
