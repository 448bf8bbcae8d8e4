//! The chunk map under the hand: what a cell tells, and what a click on it or a key does.

use std::fs;
use std::sync::Arc;

use anyhow::{Context, Result};
use serde_json::Value;
use support::window::{Key, Scene, Window, scene, until};

use super::film;

const FILM: &str = "long.mov";
const CHUNKS: u64 = 24;
const FIELD: &str = "[data-testid=chunk-map] [role=slider]";
const TIP: &str = "[data-testid=chunk-map] .tip";

#[test]
fn a_cell_under_the_pointer_says_what_is_known_and_a_click_sends_it_first() -> Result<()> {
    scene("cell-click", async |scene| {
        let window = opened(scene).await?;
        let (before, wanted) = (cell(&window, 18).await?, cell(&window, 20).await?);
        window.point(wanted).await?;
        let said = window.says(TIP, "Chunk 20: to come").await?;
        assert!(said.contains("Bytes 79,691,776 to 83,886,079"), "it says which bytes these are: {said:?}");
        assert!(said.contains("send chunk 20 first"), "and what a click does: {said:?}");
        window.click(wanted).await?;
        window.says("[data-testid=chunk-map] .said", "Chunk 20 goes before all others").await?;
        window.says(TIP, "Chunk 20: safe").await?;
        window.point(before).await?;
        window.says(TIP, "Chunk 18: to come").await?;
        Ok(())
    })
}

#[test]
fn the_keys_walk_from_cell_to_cell_and_send_one_first() -> Result<()> {
    scene("cell-keys", async |scene| {
        let window = opened(scene).await?;
        window.script("document.querySelector('[data-testid^=row-] .title').focus()", &[]).await?;
        window.walk(Key::Tab, FIELD).await?;
        // The very last goes early, for players look there first.
        window.strike_key(Key::End).await?;
        until_read_out(&window, "Chunk 24: ").await?;
        for _ in 0..4 {
            window.strike_key(Key::Left).await?;
        }
        until_read_out(&window, "Chunk 20: to come").await?;
        window.strike_key(Key::Enter).await?;
        window.says("[data-testid=chunk-map] .said", "Chunk 20 goes before all others").await?;
        until_read_out(&window, "Chunk 20: safe").await?;
        window.strike_key(Key::Left).await?;
        until_read_out(&window, "Chunk 19: to come").await
    })
}

/// A film so slow that its last chunks are far away, its map open.
async fn opened(scene: &Scene) -> Result<Arc<Window>> {
    fs::create_dir_all(scene.state())?;
    // One chunk at a time: what is sent first is there in a few seconds.
    fs::write(scene.state().join("settings.toml"), "limit = 1000000\nparallel = 1\n")?;
    let window = scene.open(&[&film(scene, FILM, CHUNKS)?]).await?;
    window.open_details(FILM).await?;
    window.until_map(FILM, "its chunks", |map| u64::from(map.chunks) == CHUNKS).await?;
    window.until_row(FILM, &["uploading", "limited"]).await?;
    Ok(window)
}

/// The middle of a chunk's cell. The cells stand in a row; the slider's own keys tell where: it draws a frame around
/// the one that it is on.
async fn cell(window: &Window, chunk: u32) -> Result<(f64, f64)> {
    let script = "const field = document.querySelector(arguments[0]);
        field.focus();
        field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Home', bubbles: true }));
        for (let at = 1; at < arguments[1]; at += 1)
            field.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }));";
    window.script(script, &[FIELD.into(), chunk.into()]).await?;
    let framed = async || {
        let script = "const [field, chunk] = arguments;
            if (document.querySelector(field).ariaValueNow !== String(chunk)) return null;
            const { left, top, width, height } = document.querySelector('.cursor').getBoundingClientRect();
            return [left + width / 2, top + height / 2]";
        let place = window.script(script, &[FIELD.into(), chunk.into()]).await?;
        Ok((!place.is_null()).then_some(place))
    };
    let place: Value = until("the frame around the cell", framed).await?;
    window.script("document.activeElement.blur()", &[]).await?;
    let side = |at: usize| place[at].as_f64().context("a place has two sides");
    Ok((side(0)?, side(1)?))
}

/// Waits until the cell with the focus is read out like that.
async fn until_read_out(window: &Window, words: &str) -> Result<()> {
    let script = "return document.querySelector(arguments[0])?.ariaValueText ?? ''";
    let read = async || {
        let text = window.script(script, &[FIELD.into()]).await?;
        Ok(text.as_str().is_some_and(|text| text.starts_with(words)).then_some(()))
    };
    until(&format!("{words:?} to be read out"), read).await?;
    window.until_focused(FIELD).await
}
