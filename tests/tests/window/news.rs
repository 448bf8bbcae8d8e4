//! Notifications: what is told to a person who looks elsewhere, and what their buttons do.

use std::fs::{self, OpenOptions};
use std::io::Write;

use anyhow::Result;
use support::window::{BusDouble, Launch, scene};

use super::film;

const NOTIFICATIONS: &str = "org.freedesktop.Notifications";
const FILES: &str = "org.freedesktop.FileManager1";

#[test]
fn what_arrives_fails_or_needs_a_person_is_told_with_buttons_that_act() -> Result<()> {
    scene("news", async |scene| {
        let desktop = BusDouble::open(scene, &[NOTIFICATIONS, FILES])?;
        let (home, long) = (scene.path("home"), film(scene, "long & <b>.mov", 20)?);
        fs::create_dir(&home)?;
        let window = scene.launch(Launch::at_home(&home)?).await?;
        window.limit(Some(2)).await?;
        let short = film(scene, "short.mov", 2)?;
        scene.start_again(&Launch::at_home(&home)?.files([&short]))?;
        window.until_row("short.mov", &["uploading", "limited"]).await?;
        window.focus(false).await?;
        let told = desktop.hear("notify")?;
        assert_eq!(told[0], "short.mov is there", "it says which: {told}");
        assert_eq!(told[1], "Delivered and verified.", "and what that rests on");
        desktop.press(&told, "show")?;
        let shown = desktop.hear("shown")?;
        assert!(shown[0].as_str().is_some_and(|address| address.ends_with("/short.mov")), "its folder opens: {shown}");

        scene.start_again(&Launch::at_home(&home)?.files([&long]))?;
        window.until_row("long & <b>.mov", &["uploading", "limited"]).await?;
        window.close()?;
        window.until_shown(false).await?;
        desktop.hear("notify")?;
        let away = scene.path("away.mov");
        fs::rename(&long, &away)?;
        let told = desktop.hear("notify")?;
        assert_eq!(told[0], "long & <b>.mov needs you", "a title is no markup: {told}");
        desktop.press(&told, "default")?;
        window.until_shown(true).await?;

        fs::rename(&away, &long)?;
        window.until_row("long & <b>.mov", &["uploading", "limited"]).await?;
        window.focus(false).await?;
        OpenOptions::new().append(true).open(&long)?.write_all(b"one more take")?;
        let told = desktop.hear("notify")?;
        assert_eq!(told[0], "long & <b>.mov did not arrive", "it says what became of it: {told}");
        Ok(())
    })
}

#[test]
fn nothing_is_told_to_a_person_who_looks_at_the_window() -> Result<()> {
    scene("no-news", async |scene| {
        let desktop = BusDouble::open(scene, &[NOTIFICATIONS])?;
        let home = scene.path("home");
        fs::create_dir(&home)?;
        let window = scene.launch(Launch::at_home(&home)?).await?;
        window.focus(true).await?;
        scene.start_again(&Launch::at_home(&home)?.files([&film(scene, "seen.mov", 1)?]))?;
        window.until_row("seen.mov", &["done"]).await?;

        window.limit(Some(2)).await?;
        scene.start_again(&Launch::at_home(&home)?.files([&film(scene, "long.mov", 16)?]))?;
        window.until_row("long.mov", &["uploading", "limited"]).await?;
        window.close()?;
        let told = desktop.hear("notify")?;
        assert_eq!(
            told[0], "Pawl goes on uploading",
            "the first word is of the hidden window, not of the film: {told}"
        );
        Ok(())
    })
}
