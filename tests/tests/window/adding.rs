//! Films come in: by the command line, by a drop.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use anyhow::Result;
use support::window::{DragSource, scene, until};

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
fn two_films_dropped_at_once_from_another_window_arrive() -> Result<()> {
    scene("drop", async |scene| {
        let films = [film(scene, "one & two #3.mov", 2)?, film(scene, "новый год.mkv", 3)?];
        let window = scene.open(&[]).await?;
        window.find("[data-testid=welcome]").await?;
        DragSource::open(scene, &films)?.drop_on(&window).await?;
        for film in &films {
            let name = film.file_name().and_then(OsStr::to_str).expect("this one is text");
            window.until_row(name, &["done"]).await?;
            assert_kept(scene, film)?;
        }
        assert!(!window.shows("[data-testid=drop-overlay]").await?, "the drop is over and its target gone");

        DragSource::open(scene, &films[..1])?.drop_on(&window).await?;
        let focused = "return document.activeElement?.closest('[data-testid^=row-]')?.dataset.testid ?? null";
        let is_known = async || Ok((window.script(focused, &[]).await? == "row-one & two #3.mov").then_some(()));
        until("the row that is there already to have the focus", is_known).await?;
        assert_eq!(window.texts("article").await?.len(), 2, "the same film is not sent twice");
        Ok(())
    })
}

#[test]
fn a_name_that_is_no_text_arrives_under_its_own_bytes() -> Result<()> {
    scene("odd-name", async |scene| {
        let odd = scene.path(OsStr::from_bytes(b"\xff'new\nline\xe2\x80\xaegpj.mp4"));
        std::fs::rename(film(scene, "plain.mp4", 2)?, &odd)?;
        let window = scene.open(&[&odd]).await?;
        let shown = window.says("article", "line").await?;
        assert!(!shown.contains('\u{202e}'), "a name cannot turn the text around: {shown:?}");
        window.says("article", "verified").await?;
        assert_kept(scene, &odd)
    })
}
