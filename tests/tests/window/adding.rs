//! Films come in: by the command line, by a drop.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use anyhow::Result;
use support::window::{DragSource, scene};

use super::{CHUNK, assert_kept, film};

#[test]
fn a_film_on_the_command_line_arrives_and_every_cell_of_its_map_turns_safe() -> Result<()> {
    scene("command-line", async |scene| {
        let film = film(scene, "holiday.mp4", 10)?;
        let window = scene.open(&[&film]).await?;
        window.open_details("holiday.mp4").await?;
        let row = window.until_row("holiday.mp4", &["done"]).await?;
        assert!(row.text.contains("verified"), "Done says what it rests on: {row:?}");
        let map = window.until_map("holiday.mp4", "all safe", |map| map.acked == map.chunks).await?;
        assert_eq!(map.chunks, 10, "every {CHUNK} bytes are a cell");
        window.says("[data-testid=place-library]", "1").await?;
        assert_kept(scene, &film)
    })
}

#[test]
fn films_dropped_from_another_window_arrive_whatever_their_names() -> Result<()> {
    scene("drop", async |scene| {
        let films = [film(scene, "one & two #3.mov", 2)?, film(scene, "новый год.mkv", 3)?];
        let odd = film(scene, "odd", 1)?;
        let nameless = scene.path(OsStr::from_bytes(b"\xff\xfe.mp4"));
        std::fs::rename(odd, &nameless)?;
        let window = scene.open(&[]).await?;
        window.find("[data-testid=welcome]").await?;

        DragSource::open(scene, &films)?.drop_on(&window).await?;
        for film in &films {
            let name = film.file_name().and_then(OsStr::to_str).expect("this one is text");
            window.until_row(name, &["done"]).await?;
            assert_kept(scene, film)?;
        }
        assert!(!window.shows("[data-testid=drop-overlay]").await?, "the drop is over and its target gone");

        DragSource::open(scene, &[nameless.clone()])?.drop_on(&window).await?;
        window.until_row("\u{fffd}\u{fffd}.mp4", &["done"]).await?;
        assert_kept(scene, &nameless)
    })
}
