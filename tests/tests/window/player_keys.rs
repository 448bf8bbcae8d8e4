//! What the keys of the player do, on the screen and on the disk.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use support::window::{Scene, Window, brightness, counted, pixels, scene, until};

const SECONDS: u32 = 20;
/// Seconds a frame.
const FRAME: f64 = 1.0 / 15.0;
/// Where the key `5` leads, in seconds: the first of ten frames that count up.
const HALF: f64 = 10.0;
/// So far may a brightness be off, of which frames differ by a tenth.
const NEARLY: f64 = 0.04;

#[test]
fn a_step_shows_the_very_next_frame() -> Result<()> {
    scene("frame-step", async |scene| {
        let window = held(scene).await?;
        window.key("5").await?;
        assert_counts(&window, 0).await?;
        for count in [1, 2, 3] {
            window.key(".").await?;
            assert_counts(&window, count).await?;
        }
        window.key(",").await?;
        assert_counts(&window, 2).await
    })
}

#[test]
fn a_loop_plays_between_its_marks() -> Result<()> {
    scene("loop", async |scene| {
        let window = held(scene).await?;
        window.key("5").await?;
        assert_counts(&window, 0).await?;
        window.key("a").await?;
        window.says("[data-testid=player-osd]", "Loop from 0:10.000").await?;
        window.key(&".".repeat(15)).await?;
        assert_counts(&window, 5).await?;
        window.key("b").await?;
        window.find("[data-testid=loop]").await?;

        window.note_frames().await?;
        window.key("k").await?;
        let twice = async || Ok((rounds(&window.noted_frames().await?) >= 2).then_some(()));
        until("two rounds of the loop", twice).await?;
        let noted = window.noted_frames().await?;
        let (first, last) = (HALF, HALF + 15.0 * FRAME);
        // On a busy machine the webview goes on for some frames after it was told to jump.
        let within = first - FRAME..last + 5.0 * FRAME;
        assert!(noted.iter().all(|frame| within.contains(frame)), "nothing outside {within:?} is shown: {noted:?}");
        Ok(())
    })
}

#[test]
fn a_frame_that_is_kept_is_the_frame_on_the_screen() -> Result<()> {
    scene("screenshot", async |scene| {
        let window = held(scene).await?;
        window.key("5....").await?;
        assert_counts(&window, 4).await?;
        window.key("s").await?;
        let said = window.says("[data-testid=player-osd]", "lies in").await?;
        assert!(said.contains("0:10.267"), "it says which frame it kept: {said:?}");
        let place = said.split(" lies in ").nth(1).context("the message names no place")?;
        let picture = Path::new(place.trim());
        assert_eq!(pixels(picture)?, (640, 360), "the picture has the size of the film, not that of the window");
        let bright = brightness(picture, 320, 180)?;
        assert!((bright - 0.4).abs() < NEARLY, "the picture is of frame 4, and {bright} bright");
        Ok(fs::remove_file(picture)?)
    })
}

#[test]
fn a_film_goes_on_where_the_person_was_after_a_restart() -> Result<()> {
    scene("resume", async |scene| {
        let window = held(scene).await?;
        window.key("6").await?;
        window.until_playing("the place that was sought", |playing| !playing.seeking && playing.at > 11.9).await?;
        window.press("[data-testid=close-player]").await?;
        window.until_row("counted.mp4", &["done"]).await?;
        window.quit().await?;

        let again = scene.open(&[]).await?;
        again.until_row("counted.mp4", &["done"]).await?;
        again.act("counted.mp4", "play").await?;
        again.says("[data-testid=player-resumed]", "Resumed at 0:12").await?;
        again.until_playing("going on from there", |playing| playing.at >= 11.9).await?;
        again.press("[data-testid=player-from-start]").await?;
        again.until_playing("the beginning", |playing| playing.at < 5.0).await?;
        Ok(())
    })
}

/// The counted film in the player, standing still.
async fn held(scene: &Scene) -> Result<Arc<Window>> {
    let film = scene.path("counted.mp4");
    counted(&film, SECONDS)?;
    let window = scene.open(&[&film]).await?;
    window.until_row("counted.mp4", &["done"]).await?;
    window.act("counted.mp4", "play").await?;
    window.until_playing("moving on", |playing| playing.frames > 12).await?;
    window.key("k").await?;
    window.until_playing("standing still", |playing| playing.paused).await?;
    Ok(window)
}

/// The frame on the screen is the one that counts so far, by its brightness.
async fn assert_counts(window: &Window, count: u32) -> Result<()> {
    let wanted = f64::from(count) / 10.0;
    let counts = async || {
        window.until_playing("the end of the jump", |playing| !playing.seeking).await?;
        let bright = window.middle_of_frame().await?;
        let playing = window.playing().await?;
        ensure!(
            (bright - wanted).abs() < NEARLY,
            "frame {count} is {wanted} bright, and {bright} is shown: {playing:?}"
        );
        Ok(Some(()))
    };
    until("the frame on the screen", counts).await
}

/// How often the film went back.
fn rounds(frames: &[f64]) -> usize {
    frames.windows(2).filter(|pair| pair[1] < pair[0] - 5.0 * FRAME).count()
}
