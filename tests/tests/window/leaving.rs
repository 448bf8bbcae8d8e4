//! Closing the window, quitting, coming back; what the desktop is told meanwhile.

use anyhow::Result;
use support::window::{BusDouble, Launch, scene};

use super::{assert_kept, film, with_limit};

const NOTIFICATIONS: &str = "org.freedesktop.Notifications";
const TRAY: &str = "org.kde.StatusNotifierWatcher";

#[test]
fn closing_hides_a_window_that_uploads_and_starting_again_shows_it() -> Result<()> {
    scene("hide", async |scene| {
        let desktop = BusDouble::open(scene, &[NOTIFICATIONS])?;
        let (home, film) = (scene.path("home"), film(scene, "long.mov", 16)?);
        std::fs::create_dir(&home)?;
        let window = scene.launch(Launch::at_home(&home)?).await?;
        window.limit(Some(2)).await?;
        scene.start_again(&Launch::at_home(&home)?.files([&film]))?;
        window.until_row("long.mov", &["uploading", "limited"]).await?;
        window.close()?;
        window.until_shown(false).await?;
        let told = desktop.hear("notify")?;
        assert!(told[1].as_str().is_some_and(|body| body.contains("Start Pawl again")), "it says the way back: {told}");
        window.limit(None).await?;
        let told = desktop.hear("notify")?;
        assert_eq!(told[0], "long.mov is there", "the upload went on behind the closed window");
        assert!(told[2].to_string().contains("Show in folder"), "one film can be shown: {told}");
        scene.start_again(&Launch::at_home(&home)?)?;
        window.until_shown(true).await?;
        window.close()?;
        window.until_gone().await
    })
}

#[test]
fn the_icon_in_the_tray_says_how_far_it_is_and_closing_hides_behind_it() -> Result<()> {
    scene("tray", async |scene| {
        let desktop = BusDouble::open(scene, &[TRAY])?;
        with_limit(scene, 2).await?;
        let film = film(scene, "long.mov", 16)?;
        let window = scene.open(&[&film]).await?;
        desktop.hear("tray")?;
        assert!(desktop.hear("tooltip")?.is_string(), "the icon has words beside it");
        window.until_row("long.mov", &["uploading", "limited"]).await?;
        window.close()?;
        window.until_shown(false).await?;
        window.limit(None).await?;
        window.until_row("long.mov", &["done"]).await?;
        assert_kept(scene, &film)
    })
}

#[test]
fn a_session_that_ends_ends_pawl_in_order_and_the_next_start_goes_on() -> Result<()> {
    scene("terminate", async |scene| {
        with_limit(scene, 2).await?;
        let film = film(scene, "long.mov", 16)?;
        let window = scene.open(&[&film]).await?;
        window.open_details("long.mov").await?;
        let seen = window.until_map("long.mov", "some safe", |map| map.acked >= 1).await?;
        window.terminate()?;
        window.until_gone().await?;
        let window = scene.open(&[]).await?;
        window.open_details("long.mov").await?;
        window.until_map("long.mov", "where it was", |map| map.acked >= seen.acked).await?;
        window.limit(None).await?;
        window.until_row("long.mov", &["done"]).await?;
        assert_kept(scene, &film)
    })
}

#[test]
fn without_a_way_back_closing_asks_what_quitting_asks() -> Result<()> {
    scene("no-way-back", async |scene| {
        with_limit(scene, 2).await?;
        let window = scene.open(&[&film(scene, "long.mov", 16)?]).await?;
        window.until_row("long.mov", &["uploading", "limited"]).await?;
        let heard =
            "window.asked = null; window.__TAURI_INTERNALS__.invoke('plugin:event|listen', { event: 'quit_asked',
            target: { kind: 'Any' }, handler: window.__TAURI_INTERNALS__.transformCallback((event) => {
                window.asked = event.payload.unfinished;
                const question = document.createElement('button');
                question.dataset.testid = 'quit-now';
                document.body.append(question);
            }) })";
        window.script(heard, &[]).await?;
        window.close()?;
        let asked = async || Ok((window.script("return window.asked", &[]).await? == 1).then_some(()));
        support::window::until("the page to be asked", asked).await?;
        window.until_shown(true).await?;
        assert!(window.shows("[data-testid=quit-now]").await?, "the question stays, and Pawl with it");
        window.quit().await
    })
}
