//! Any second of a film, on the screen.

use std::fs;

use anyhow::{Result, ensure};
use support::films::bunny;
use support::window::{Window, scene, timed, until};

const SECONDS: u32 = 60;

#[test]
fn the_film_of_the_project_plays_from_the_library() -> Result<()> {
    scene("bunny", async |scene| {
        let window = scene.open(&[&bunny()]).await?;
        window.until_row("bigbuckbunny.mp4", &["done"]).await?;
        window.press("[data-testid=place-library]").await?;
        window.press("[data-testid=library-item] [data-testid=play]").await?;
        assert_moves(&window).await?;
        window.press("[data-testid=close-player]").await?;
        window.find("[data-testid=library-item]").await?;
        Ok(())
    })
}

#[test]
fn a_seek_shows_the_frame_of_that_second_from_a_range_of_the_file() -> Result<()> {
    scene("seek", async |scene| {
        let film = scene.path("timed.mp4");
        timed(&film, SECONDS)?;
        let size = fs::metadata(&film)?.len();
        let window = scene.open(&[&film]).await?;
        window.until_row("timed.mp4", &["done"]).await?;
        window.act("timed.mp4", "play").await?;
        assert_moves(&window).await?;
        window.key("k").await?;
        let held = window.until_playing("standing still", |playing| playing.paused).await?;
        assert!((held.duration - f64::from(SECONDS)).abs() < 0.5, "the whole film is known: {held:?}");
        let before = window.served()?;
        assert!(before.iter().all(|served| served.start < size / 2), "nothing far ahead was read yet: {before:?}");

        window.key("8").await?;
        assert_shows(&window, 0.8).await?;
        let sought = size * 7 / 10..size * 9 / 10;
        let after = window.served()?;
        let answered =
            after[before.len()..].iter().any(|served| served.status == 206 && sought.contains(&served.start));
        assert!(answered, "the place that was sought comes as a range (206): {:?}", &after[before.len()..]);
        window.key("2").await?;
        assert_shows(&window, 0.2).await
    })
}

#[test]
fn a_film_that_is_none_says_so_and_the_player_closes() -> Result<()> {
    scene("no-film", async |scene| {
        let text = scene.path("notes.mp4");
        fs::write(&text, "Only words. ".repeat(1000))?;
        let window = scene.open(&[&text]).await?;
        window.until_row("notes.mp4", &["done"]).await?;
        window.act("notes.mp4", "play").await?;
        window.says("[data-testid=player-trouble]", "cannot be shown").await?;
        window.key(&char::from(fantoccini::key::Key::Escape).to_string()).await?;
        window.until_row("notes.mp4", &["done"]).await?;
        assert!(!window.shows("[data-testid=player]").await?, "Escape closes the player");
        Ok(())
    })
}

/// Time goes on and frames are decoded.
async fn assert_moves(window: &Window) -> Result<()> {
    let begun = window.until_playing("a first frame", |playing| playing.width > 0 && playing.frames > 0).await?;
    window
        .until_playing("moving on", |playing| playing.at > begun.at + 0.5 && playing.frames > begun.frames + 3)
        .await?;
    Ok(())
}

/// The frame on the screen is that of a share of the film, by its own time and by its brightness.
async fn assert_shows(window: &Window, share: f64) -> Result<()> {
    let there = f64::from(SECONDS) * share;
    let shown = window.until_playing("the sought frame", |playing| {
        !playing.seeking && playing.frame.is_some_and(|frame| (frame - there).abs() < 0.2)
    });
    shown.await?;
    let bright = async || {
        let bright = window.middle_of_frame().await?;
        ensure!((bright - share).abs() < 0.05, "the frame of second {there} is {share} bright, and {bright} is shown");
        Ok(Some(()))
    };
    until("the sought frame on the screen", bright).await
}
