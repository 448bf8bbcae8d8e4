//! Files come in: by the command line, by a drop.

use std::fs;

use anyhow::Result;
use support::films::noise;
use support::window::scene;

#[test]
fn a_film_on_the_command_line_arrives_and_its_map_turns_safe() -> Result<()> {
    scene("command-line", async |scene| {
        let film = scene.path("holiday.mp4");
        noise(&film, 1, 40 << 20)?;
        let window = scene.open(&[&film]).await?;
        window.open_details("holiday.mp4").await?;
        let row = window.until_row("holiday.mp4", &["done"]).await?;
        assert!(row.text.contains("verified"), "Done says what it rests on: {row:?}");
        let map = window.until_map("holiday.mp4", "all safe", |map| map.acked == map.chunks).await?;
        assert_eq!(map.chunks, 10, "every 4 MiB is a cell");
        let kept = fs::read(scene.vault().join("holiday.mp4"))?;
        assert!(kept == fs::read(&film)?, "the vault has the film's very bytes");
        Ok(())
    })
}
