//! The list at work. A slow vault keeps films on their way while others are held, changed and taken away; a weary one
//! asks for a break and never finishes.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::PathBuf;

use anyhow::Result;
use support::window::{Launch, Scene, Window, until};

use super::album::Album;
use super::{films, senses};

/// The variable that gives the vault its part, in builds for tests.
const PART: &str = "PAWL_VAULT_PLAYS";

const TRAVELS: &str = "Harbour at dawn.mp4";
const PAUSED: &str = "Interview Amara, take 3.mov";
const CHANGED: &str = "Drone pass 07 graded.mp4";
const AWAY: &str = "Wedding Okafor – ceremony.mp4";
const DONE: &str = "Colour chart.mp4";

pub(crate) async fn slow(scene: &Scene, album: &Album) -> Result<()> {
    let films = [DONE, PAUSED, CHANGED, AWAY, TRAVELS].map(|name| scene.path(name));
    films::clip(&films[0], 3)?;
    for (nth, (film, megabytes)) in (0..).zip(films[1..].iter().zip([480, 290, 340, 1900])) {
        films::heavy(film, nth, megabytes)?;
    }
    // Many at once, so that all get on.
    fs::create_dir_all(scene.state())?;
    fs::write(scene.state().join("settings.toml"), "parallel = 16\n")?;
    let window = scene.launch(Launch::on(&scene.state()).files(&films).variable(PART, "slow")).await?;
    troubled(scene, &window).await?;
    states(&window, album).await?;
    questions(&window, album).await?;
    opened(&window, album).await?;
    gone(&window, album).await
}

/// Brings one of them into each state that a person, or the world, can cause.
async fn troubled(scene: &Scene, window: &Window) -> Result<()> {
    window.until_row(DONE, &["done"]).await?;
    until_begun(window, PAUSED).await?;
    window.act(PAUSED, "pause").await?;
    window.until_row(PAUSED, &["paused"]).await?;
    until_begun(window, CHANGED).await?;
    OpenOptions::new().append(true).open(scene.path(CHANGED))?.write_all(b"one more take")?;
    window.until_row(CHANGED, &["failed"]).await?;
    until_begun(window, AWAY).await?;
    fs::rename(scene.path(AWAY), scene.path("taken out"))?;
    window.until_row(AWAY, &["waiting"]).await.map(drop)
}

/// Some of it is safe, and not all.
async fn until_begun(window: &Window, film: &str) -> Result<()> {
    window.open_details(film).await?;
    window.until_map(film, "some safe", |map| map.acked >= 8).await?;
    close_details(window, film).await
}

async fn states(window: &Window, album: &Album) -> Result<()> {
    album.take_vast(window, "transfers").await?;
    window.open_details(TRAVELS).await?;
    window.until_map(TRAVELS, "a map", |map| map.acked > 0).await?;
    album.take_vast(window, "uploading").await
}

async fn questions(window: &Window, album: &Album) -> Result<()> {
    window.act(TRAVELS, "cancel").await?;
    window.find("[data-testid=question]").await?;
    album.take(window, "question").await?;
    window.press("[data-testid=keep]").await?;
    window.write("body", QUIT).await?;
    window.find("[data-testid=quit-stay]").await?;
    album.take(window, "quit").await?;
    window.press("[data-testid=quit-stay]").await
}

async fn opened(window: &Window, album: &Album) -> Result<()> {
    window.limit(Some(3)).await?;
    window.until_row(TRAVELS, &["limited"]).await?;
    // The speed is that of the last seconds, which were faster.
    until("the limited speed", async || Ok(is_limited(&window.texts("[data-testid=total-speed]").await?))).await?;
    album.take(window, "limited").await?;
    close_details(window, TRAVELS).await?;
    for (film, name) in [(PAUSED, "paused"), (CHANGED, "failed"), (AWAY, "waiting")] {
        window.open_details(film).await?;
        window.until_map(film, "a map", |_| true).await?;
        album.take(window, name).await?;
        close_details(window, film).await?;
    }
    Ok(())
}

fn is_limited(speeds: &[String]) -> Option<()> {
    speeds.iter().any(|speed| ["2.9", "3.0", "3.1"].iter().any(|near| speed.starts_with(near))).then_some(())
}

/// A film that is away and not whole anywhere else cannot be played.
async fn gone(window: &Window, album: &Album) -> Result<()> {
    window.act(AWAY, "play").await?;
    window.find("[data-testid=player-trouble]").await?;
    album.take(window, "player-gone").await?;
    window.press("[data-testid=close-player]").await
}

pub(crate) async fn weary(scene: &Scene, album: &Album) -> Result<()> {
    let films: [PathBuf; 2] = [scene.path(PAUSED), scene.path(TRAVELS)];
    films::heavy(&films[0], 2, 48)?;
    films::heavy(&films[1], 0, 480)?;
    let launch = Launch::on(&scene.state()).variable(PART, "weary");
    let window = scene.launch(launch.clone().files(&films)).await?;
    window.until_row(TRAVELS, &["throttled"]).await?;
    window.until_row(PAUSED, &["verifying"]).await?;
    window.open_details(TRAVELS).await?;
    window.until_map(TRAVELS, "a map", |map| map.acked > 0).await?;
    album.take(&window, "throttled").await?;
    close_details(&window, TRAVELS).await?;
    window.open_details(PAUSED).await?;
    window.until_map(PAUSED, "all safe", |map| map.acked == map.chunks).await?;
    album.take(&window, "verifying").await?;
    window.quit().await?;
    senses::story(scene, album, launch).await
}

async fn close_details(window: &Window, film: &str) -> Result<()> {
    window.press(&format!("[data-testid=\"row-{film}\"] button[aria-expanded=true].title")).await
}

/// The chord, as WebDriver writes it.
const QUIT: &str = "\u{e009}q";
