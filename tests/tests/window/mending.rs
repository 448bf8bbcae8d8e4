//! A file that goes away, comes back, or becomes another.

use std::fs::{self, OpenOptions};
use std::io::Write;

use anyhow::{Context, Result};
use support::films::edit;
use support::window::{Launch, scene};

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
        // What arrived could be kept, so it is asked before that is lost.
        window.press("[data-testid=give-up]").await?;
        window.until_row("edited.mov", &["done"]).await?;
        assert_kept(scene, &film)
    })
}

#[test]
fn of_a_film_that_is_edited_while_it_uploads_only_what_changed_is_sent_again() -> Result<()> {
    scene("send-changed", async |scene| {
        with_limit(scene, 3).await?;
        let film = film(scene, "cut.mov", 12)?;
        let window = scene.open(&[&film]).await?;
        window.open_details("cut.mov").await?;
        // The last chunk goes first, then the others in order.
        window.until_map("cut.mov", "some safe", |map| map.acked >= 3).await?;
        edit(&film, 5)?;
        let row = window.until_row("cut.mov", &["failed"]).await?;
        assert!(row.text.contains("sends only the pieces that differ"), "it says how that works: {row:?}");
        window.limit(None).await?;
        window.act("cut.mov", "send-changed").await?;
        let row = window.until_row("cut.mov", &["done"]).await?;
        let log = "[data-testid='row-cut.mov']";
        window.says(log, "chunks are as they were").await?;
        window.says(log, "proven in place, by the destination’s own digests").await?;
        let sent = megabytes_sent(&row.text)?;
        // 50.3 MB of film; the edited chunk twice, and what was on its way when it was edited.
        assert!((50.0..85.0).contains(&sent), "far from everything was sent again: {sent} MB in {row:?}");
        assert_kept(scene, &film)
    })
}

/// What an opened row says was sent.
fn megabytes_sent(row: &str) -> Result<f64> {
    let said = row.split("Sent").nth(1).and_then(|rest| rest.split_whitespace().next());
    said.context("an opened row says what was sent")?.parse().context("a number")
}

#[test]
fn a_film_that_was_moved_is_pointed_at_and_goes_on() -> Result<()> {
    scene("point-at", async |scene| {
        with_limit(scene, 3).await?;
        let film = film(scene, "moved.mov", 12)?;
        let archive = scene.path("archive/moved.mov");
        fs::create_dir(scene.path("archive"))?;
        let place = archive.to_str().context("the scene's own folder has a plain name")?;
        let launch = Launch::on(&scene.state()).files([&film]).variable("PAWL_CHOOSES", place);
        let window = scene.launch(launch).await?;
        window.open_details("moved.mov").await?;
        window.until_map("moved.mov", "some safe", |map| map.acked >= 3).await?;
        fs::rename(&film, &archive)?;
        window.until_row("moved.mov", &["waiting"]).await?;
        window.limit(None).await?;
        window.act("moved.mov", "point-at").await?;
        window.until_row("moved.mov", &["done"]).await?;
        window.says("[data-testid='row-moved.mov']", "chunks are as they were").await?;
        assert_kept(scene, &archive)
    })
}
