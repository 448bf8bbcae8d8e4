//! A desktop of high contrast and without motion. What the webview makes of it is asked and said: a style sheet can
//! only honour what it is told.

use std::fs;

use anyhow::Result;
use support::window::{Launch, Scene, Window};

use super::album::Album;

/// What GTK reads as the person's own choice.
const CHOICE: &str = "[Settings]\ngtk-theme-name=HighContrast\ngtk-enable-animations=false\n";

/// What a page may ask about the person.
const QUERIES: [&str; 3] = ["(prefers-contrast: more)", "(forced-colors: active)", "(prefers-reduced-motion: reduce)"];

pub(crate) async fn story(scene: &Scene, album: &Album, launch: Launch) -> Result<()> {
    let config = scene.path("config");
    fs::create_dir_all(config.join("gtk-3.0"))?;
    fs::write(config.join("gtk-3.0/settings.ini"), CHOICE)?;
    let window = scene.launch(launch.variable("XDG_CONFIG_HOME", &config.display().to_string())).await?;
    for query in QUERIES {
        let told = window.script("return matchMedia(arguments[0]).matches", &[query.into()]).await?;
        album.say(&format!("{query} on a desktop of high contrast without motion: {told}"));
    }
    places(&window, album).await
}

async fn places(window: &Window, album: &Album) -> Result<()> {
    window.press("[data-testid=place-transfers]").await?;
    album.take(window, "contrast-transfers").await?;
    window.press("[data-testid=place-settings]").await?;
    album.take_one(window, "contrast-settings").await
}
