//! A file that goes away, comes back, or becomes another.

use std::fs::{self, OpenOptions};
use std::io::Write;

use anyhow::Result;
use support::window::scene;

use super::{assert_kept, film, with_limit};

#[test]
fn a_film_whose_card_is_taken_out_waits_and_goes_on_when_it_is_back() -> Result<()> {
    scene("source-away", async |scene| {
        with_limit(scene, 3).await?;
        let film = film(scene, "card.mov", 12)?;
        let window = scene.open(&[&film]).await?;
        window.open_details("card.mov").await?;
        window.until_map("card.mov", "some safe", |map| map.acked >= 1).await?;
        let away = scene.path("away.mov");
        fs::rename(&film, &away)?;
        let row = window.until_row("card.mov", &["waiting"]).await?;
        assert!(row.text.contains("File is away"), "it says for what it waits: {row:?}");
        fs::rename(&away, &film)?;
        window.limit(None).await?;
        window.until_row("card.mov", &["done"]).await?;
        assert_kept(scene, &film)
    })
}

#[test]
fn a_film_that_was_edited_meanwhile_fails_and_starts_over_as_what_it_is_now() -> Result<()> {
    scene("source-changed", async |scene| {
        with_limit(scene, 3).await?;
        let film = film(scene, "edited.mov", 12)?;
        let window = scene.open(&[&film]).await?;
        window.open_details("edited.mov").await?;
        window.until_map("edited.mov", "some safe", |map| map.acked >= 1).await?;
        OpenOptions::new().append(true).open(&film)?.write_all(b"one more take")?;
        let row = window.until_row("edited.mov", &["failed"]).await?;
        assert!(row.text.contains("File changed"), "it says why: {row:?}");
        window.limit(None).await?;
        window.act("edited.mov", "start-over").await?;
        window.until_row("edited.mov", &["done"]).await?;
        assert_kept(scene, &film)
    })
}
