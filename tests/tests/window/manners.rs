//! What a desktop expects of a program: it lets the computer sleep when it may, starts with the session only when asked,
//! and comes back where it was.

use std::fs;

use anyhow::Result;
use support::window::{BusDouble, Launch, scene, until};

use super::film;

const POWER: &str = "org.freedesktop.PowerManagement";

#[test]
fn the_computer_stays_awake_while_films_move_and_sleeps_when_they_are_there() -> Result<()> {
    scene("awake", async |scene| {
        let desktop = BusDouble::open(scene, &[POWER])?;
        // No login manager, which would be asked first: the double is the session's.
        let launch = || Launch::on(&scene.state()).variable("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent");
        let window = scene.launch(launch()).await?;
        window.limit(Some(3)).await?;
        window.press("[data-testid=place-settings]").await?;
        window.press("[data-testid=setting-awake]").await?;
        window.find("[data-testid=setting-awake][data-state=checked]").await?;
        window.quit().await?;

        let window = scene.launch(launch().files([film(scene, "long.mov", 8)?])).await?;
        let asked = desktop.hear("inhibit")?;
        assert_eq!([&asked[0], &asked[1]], ["Pawl", "Films are on their way"], "it says who and why");
        window.act("long.mov", "pause").await?;
        assert_eq!(desktop.hear("uninhibit")?, asked[2], "what is held moves nothing, so the very wish is given back");
        window.act("long.mov", "resume").await?;
        let again = desktop.hear("inhibit")?;
        window.limit(None).await?;
        window.until_row("long.mov", &["done"]).await?;
        assert_eq!(desktop.hear("uninhibit")?, again[2], "all is there");
        Ok(())
    })
}

#[test]
fn starting_with_the_session_is_an_entry_that_comes_and_goes_with_its_switch() -> Result<()> {
    scene("autostart", async |scene| {
        let home = scene.path("home");
        fs::create_dir(&home)?;
        let entry = home.join("config/autostart/pawl.desktop");
        let window = scene.launch(Launch::at_home(&home)?).await?;
        window.press("[data-testid=place-settings]").await?;
        window.find("[data-testid=setting-autostart][data-state=unchecked]").await?;
        window.press("[data-testid=setting-autostart]").await?;
        window.find("[data-testid=setting-autostart][data-state=checked]").await?;
        let written = fs::read_to_string(&entry)?;
        assert!(written.contains("/pawl\" --hidden\n"), "the session starts it without a window: {written}");
        window.press("[data-testid=setting-autostart]").await?;
        window.find("[data-testid=setting-autostart][data-state=unchecked]").await?;
        assert!(!entry.exists(), "off leaves nothing behind");
        Ok(())
    })
}

#[test]
fn the_window_comes_back_as_large_as_it_was_and_where_it_was() -> Result<()> {
    scene("window-place", async |scene| {
        let window = scene.open(&[]).await?;
        window.find("[data-testid=welcome]").await?;
        window.place(140, 90, 1010, 660).await?;
        let was = window.frame().await?;
        window.quit().await?;
        let window = scene.open(&[]).await?;
        until("the window's old frame", async || Ok((window.frame().await? == was).then_some(()))).await?;
        Ok(())
    })
}
