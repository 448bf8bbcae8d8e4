//! The icon in the tray: how far it all is, and what its menu does.

use anyhow::{Result, ensure};
use support::window::{BusDouble, scene, until};

use super::{film, with_limit};

const TRAY: &str = "org.kde.StatusNotifierWatcher";

#[test]
fn the_trays_menu_shows_the_window_holds_all_films_lets_them_go_and_quits() -> Result<()> {
    scene("tray-menu", async |scene| {
        with_limit(scene, 2).await?;
        let desktop = BusDouble::open(scene, &[TRAY])?;
        let films = [film(scene, "one.mov", 16)?, film(scene, "two.mov", 16)?];
        let window = scene.open(&[&films[0], &films[1]]).await?;
        window.until_row("one.mov", &["uploading", "limited"]).await?;
        until_told(&desktop, "2 films, ", "Pause all").await?;

        window.close()?;
        window.until_shown(false).await?;
        desktop.choose("Show Pawl")?;
        window.until_shown(true).await?;

        desktop.choose("Pause all")?;
        for name in ["one.mov", "two.mov"] {
            window.until_row(name, &["paused"]).await?;
        }
        until_told(&desktop, "2 films, paused", "Resume all").await?;
        desktop.choose("Resume all")?;
        window.until_row("one.mov", &["uploading", "limited"]).await?;
        until_told(&desktop, "\u{a0}%", "Pause all").await?;

        desktop.choose("Quit")?;
        window.says("[role=alertdialog]", "2 films are not finished").await?;
        window.press("[data-testid=quit-stay]").await?;
        window.until_row("one.mov", &["uploading", "limited"]).await?;
        desktop.choose("Quit")?;
        window.press("[data-testid=quit-now]").await?;
        window.until_gone().await
    })
}

/// Waits until the tray says so much of the whole, and offers that. It looks once a second.
async fn until_told(desktop: &BusDouble, words: &str, offer: &str) -> Result<()> {
    let told = async || {
        let (tooltip, menu) = desktop.tray()?;
        ensure!(tooltip.as_str().is_some_and(|tooltip| tooltip.contains(words)), "the tray says {tooltip}");
        ensure!(
            menu.as_array().is_some_and(|menu| menu.contains(&serde_json::json!([offer, true]))),
            "it offers {menu}"
        );
        Ok(Some(()))
    };
    until(&format!("the tray to say {words:?}"), told).await
}
