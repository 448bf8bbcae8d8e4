//! axe-core finds nothing on any screen, light or dark.

use std::fs::OpenOptions;
use std::io::Write;

use anyhow::Result;
use support::films::bunny;
use support::window::{Launch, Scene, scene};

use super::{film, with_limit};

/// A dark desktop, as GTK programs are told of it.
const DARK: (&str, &str) = ("GTK_THEME", "Adwaita:dark");

fn launch(scene: &Scene, dark: bool) -> Launch {
    let launch = Launch::on(&scene.state());
    if dark { launch.variable(DARK.0, DARK.1) } else { launch }
}

async fn every_screen(scene: &Scene, dark: bool) -> Result<()> {
    let window = scene.launch(launch(scene, dark)).await?;
    window.find("[data-testid=welcome]").await?;
    window.assert_accessible("the empty list").await?;
    window.press("[data-testid=place-library]").await?;
    window.assert_accessible("the empty library").await?;
    window.quit().await?;

    with_limit(scene, 1).await?;
    let (long, changed) = (film(scene, "long.mov", 12)?, film(scene, "changed.mov", 8)?);
    let window = scene.launch(launch(scene, dark).files([&bunny(), &long, &changed])).await?;
    window.until_row("bigbuckbunny.mp4", &["done"]).await?;
    window.until_row("changed.mov", &["uploading", "limited"]).await?;
    OpenOptions::new().append(true).open(&changed)?.write_all(b"one more take")?;
    window.until_row("changed.mov", &["failed"]).await?;
    window.open_details("long.mov").await?;
    window.until_map("long.mov", "a map", |_| true).await?;
    window.assert_accessible("the list with an opened row").await?;
    window.act("long.mov", "pause").await?;
    window.until_row("long.mov", &["paused"]).await?;
    window.assert_accessible("the list with a paused and a failed row").await?;
    window.press("[data-testid=place-library]").await?;
    window.find("[data-testid=library-item]").await?;
    window.assert_accessible("the library").await?;
    window.press("[data-testid=library-item] [data-testid=play]").await?;
    window.until_playing("the film", |playing| playing.width > 0).await?;
    window.key("k").await?;
    window.assert_accessible("the player").await?;
    window.press("[data-testid=close-player]").await
}

#[test]
fn axe_finds_nothing_on_any_screen_in_the_light() -> Result<()> {
    scene("axe-light", async |scene| every_screen(scene, false).await)
}

#[test]
fn axe_finds_nothing_on_any_screen_in_the_dark() -> Result<()> {
    scene("axe-dark", async |scene| every_screen(scene, true).await)
}
