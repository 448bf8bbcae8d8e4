//! The whole journey without a mouse: nothing is out of the keyboard's reach, and one always sees where one is.

use std::fs;
use std::path::Path;

use anyhow::{Result, ensure};
use support::films::bunny;
use support::window::{Copied, Key, Window, scene};

use super::with_limit;

const FILM: &str = "[data-testid=library-item]";

#[test]
fn a_film_is_added_held_watched_named_and_left_by_keyboard_alone() -> Result<()> {
    scene("keyboard", async |scene| {
        with_limit(scene, 1).await?;
        let film = scene.path("film.mp4");
        padded(&film)?;
        let window = scene.open(&[]).await?;
        window.find("[data-testid=welcome]").await?;
        let _copied = Copied::files(scene, &[film])?;
        window.chord(Key::Control, 'v').await?;
        window.until_row("film.mp4", &["uploading", "limited"]).await?;

        act(&window, "[data-testid=pause]").await?;
        window.until_row("film.mp4", &["paused"]).await?;
        assert_visible(&window, "after pausing").await?;
        act(&window, "[data-testid=resume]").await?;
        window.until_row("film.mp4", &["uploading", "limited"]).await?;
        assert_visible(&window, "after resuming").await?;
        act(&window, "[data-testid^=row-] .title").await?;
        window.until_map("film.mp4", "opened by Enter", |_| true).await?;
        act(&window, "[data-testid=limit]").await?;
        act(&window, "[data-testid=limit-none]").await?;
        window.until_focused("[data-testid=limit]").await?;
        window.until_row("film.mp4", &["done"]).await?;
        assert_visible(&window, "when the row went to the finished ones").await?;

        window.chord(Key::Control, '2').await?;
        window.find(FILM).await?;
        assert_visible(&window, "in the library").await?;
        window.walk(Key::Tab, FILM).await?;
        window.strike_key(Key::F2).await?;
        window.until_focused("[data-testid=rename-field]").await?;
        window.strike("named").await?;
        window.strike_key(Key::Enter).await?;
        window.says(FILM, "named.mp4").await?;
        window.until_focused(FILM).await?;

        window.strike_key(Key::Enter).await?;
        window.until_focused("[data-testid=player]").await?;
        window.until_playing("the film", |playing| playing.frames > 0 && !playing.paused).await?;
        window.strike("k").await?;
        window.until_playing("the film, held", |playing| playing.paused).await?;
        window.strike("?").await?;
        window.find("[data-testid=player-keys-panel]").await?;
        window.strike_key(Key::Escape).await?;
        window.strike_key(Key::Escape).await?;
        window.until_focused(FILM).await?;
        ensure!(!window.shows("[data-testid=player]").await?, "the first Escape closed the keys, the second the film");

        window.chord(Key::Control, '3').await?;
        window.find("[data-testid=destinations]").await?;
        window.chord(Key::Control, ',').await?;
        window.find("[data-testid=settings]").await?;
        assert_visible(&window, "in the settings").await?;
        act(&window, "[data-testid=setting-awake]").await?;
        window.find("[data-testid=setting-awake][data-state=checked]").await?;
        window.strike("?").await?;
        window.find("[data-testid=shortcuts]").await?;
        window.strike_key(Key::Escape).await?;
        window.until_focused("[data-testid=setting-awake]").await?;
        window.chord(Key::Control, 'q').await?;
        window.until_gone().await
    })
}

/// The film of the project with so much nothing behind it (a box called `free`, ISO 14496-12, section 8.1.2) that it is
/// a minute on its way.
fn padded(path: &Path) -> Result<()> {
    const NOTHING: u32 = 60_000_000;
    let film = fs::read(bunny())?;
    let head = [&NOTHING.to_be_bytes()[..], b"free"].concat();
    let nothing = vec![0; NOTHING as usize - head.len()];
    Ok(fs::write(path, [film, head, nothing].concat())?)
}

/// Tabs to a control and presses it.
async fn act(window: &Window, control: &str) -> Result<()> {
    window.walk(Key::Tab, control).await?;
    window.strike_key(Key::Enter).await
}

/// Somebody who looks at the window sees where the focus is.
async fn assert_visible(window: &Window, when: &str) -> Result<()> {
    let script = "return document.activeElement !== document.body && document.activeElement.matches(':focus-visible')";
    let visible = window.script(script, &[]).await? == true;
    ensure!(visible, "{when} the focus is on {}", window.focused().await?);
    Ok(())
}
