//! The order of the line under the hand: rows are moved by keys and by the pointer, and stand there after a restart.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Result;
use serde_json::json;
use support::window::{Key, Scene, Window, scene, until};

use super::{film, with_limit};

const FILMS: [&str; 4] = ["a.mov", "b.mov", "c.mov", "d.mov"];

/// The window with four films in line, so slow that all of them stay there.
async fn in_line(scene: &Scene) -> Result<Arc<Window>> {
    with_limit(scene, 1).await?;
    let films = FILMS.iter().map(|name| film(scene, name, 16)).collect::<Result<Vec<PathBuf>>>()?;
    let window = scene.open(&films.iter().map(PathBuf::as_path).collect::<Vec<_>>()).await?;
    until_order(&window, "abcd").await?;
    Ok(window)
}

/// Waits until the rows stand so, by the first letters of their names.
async fn until_order(window: &Window, order: &str) -> Result<()> {
    let script =
        "return [...document.querySelectorAll('[data-testid^=row-]')].map((row) => row.dataset.testid[4]).join('')";
    let is = async || Ok((window.script(script, &[]).await? == json!(order)).then_some(()));
    until(&format!("the rows to stand as {order}"), is).await
}

fn title(film: &str) -> String {
    format!("[data-testid=\"row-{film}\"] .title")
}

/// The arrow or other key of the keyboard, with Alt held.
async fn alt(window: &Window, key: Key) -> Result<()> {
    window.chord(Key::Alt, char::from(key)).await
}

#[test]
fn a_row_moves_by_keys_keeps_the_focus_and_stands_there_after_a_restart() -> Result<()> {
    scene("line-keys", async |scene| {
        let window = in_line(scene).await?;
        window.script("document.querySelector(arguments[0]).focus()", &[json!(title("d.mov"))]).await?;
        alt(&window, Key::Up).await?;
        until_order(&window, "abdc").await?;
        window.says("[data-testid=arranged]", "d.mov moved: number 3 of 4").await?;
        window.until_focused(&title("d.mov")).await?;
        alt(&window, Key::Home).await?;
        until_order(&window, "dabc").await?;
        window.until_focused(&title("d.mov")).await?;
        window.until_row("d.mov", &["uploading", "limited"]).await?;

        // Two together.
        window.chord(Key::Shift, char::from(Key::Down)).await?;
        window.until_focused(&title("a.mov")).await?;
        alt(&window, Key::End).await?;
        until_order(&window, "bcda").await?;
        window.strike("+").await?;
        window.find("[data-testid=\"priority-a.mov\"]").await?;
        until_order(&window, "dabc").await?;
        window.kill().await?;

        let window = scene.open(&[]).await?;
        until_order(&window, "dabc").await?;
        window.find("[data-testid=\"priority-d.mov\"]").await?;
        window.find("[data-testid=\"priority-a.mov\"]").await.map(drop)
    })
}

#[test]
fn a_row_is_carried_by_the_pointer_and_escape_gives_up() -> Result<()> {
    scene("line-pointer", async |scene| {
        let window = in_line(scene).await?;
        let head = |film: &str| format!("[data-testid=\"row-{film}\"] [data-head] .told");
        let (from, (x, y)) = (window.place_of(&head("d.mov")).await?, window.place_of(&head("b.mov")).await?);
        window.carry(from, (x, y - 40.0)).await?;
        window.says("[data-testid=drop-line]", "b.mov").await?;
        window.strike_key(Key::Escape).await?;
        window.until_no("[data-testid=drop-line]").await?;
        window.let_go().await?;
        window.says("[data-testid=arranged]", "The order is as it was").await?;
        until_order(&window, "abcd").await?;

        window.carry(from, (x, y - 40.0)).await?;
        window.says("[data-testid=drop-line]", "b.mov").await?;
        window.let_go().await?;
        until_order(&window, "adbc").await?;
        assert!(!window.shows("[data-testid=chunk-map]").await?, "what was carried is not opened");
        window.quit().await?;

        let window = scene.open(&[]).await?;
        until_order(&window, "adbc").await
    })
}
