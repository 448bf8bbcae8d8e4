//! What was chosen holds: in the window, in its file, at the next start; and what is wrong with it is said.

use std::fs;

use anyhow::Result;
use headless::compose::OpenVault;
use serde_json::json;
use support::window::{Window, scene, until};

use super::film;

async fn change(window: &Window, change: serde_json::Value) -> Result<()> {
    let script = "return window.__TAURI_INTERNALS__.invoke('change_setting', { change: arguments[0] })";
    window.script(script, &[change]).await.map(drop)
}

async fn until_dark(window: &Window, dark: bool) -> Result<()> {
    let script = "return matchMedia('(prefers-color-scheme: dark)').matches";
    let is = async || Ok((window.script(script, &[]).await? == dark).then_some(()));
    until(&format!("a window that is {}", if dark { "dark" } else { "light" }), is).await
}

#[test]
fn a_broken_settings_file_is_set_aside_and_the_person_is_told_where() -> Result<()> {
    scene("broken-settings", async |scene| {
        fs::create_dir_all(scene.state())?;
        fs::write(scene.state().join("settings.toml"), "limit = oops")?;
        let window = scene.open(&[]).await?;
        window.says("[data-testid=notice]", "settings.broken-1.toml").await?;
        window.says("[data-testid=limit]", "No limit").await?;
        window.limit(Some(3)).await?;
        assert_eq!(
            fs::read_to_string(scene.state().join("settings.broken-1.toml"))?,
            "limit = oops",
            "nothing is lost"
        );
        let written = fs::read_to_string(scene.state().join("settings.toml"))?;
        assert!(written.contains("limit = 3000000"), "the new choice stands in a new file: {written}");
        Ok(())
    })
}

#[test]
fn the_chosen_theme_is_worn_at_once_and_from_the_start_of_the_next_run() -> Result<()> {
    scene("theme", async |scene| {
        let window = scene.open(&[]).await?;
        window.find("[data-testid=welcome]").await?;
        change(&window, json!({ "is": "theme", "theme": "dark" })).await?;
        until_dark(&window, true).await?;
        window.quit().await?;
        let window = scene.open(&[]).await?;
        until_dark(&window, true).await?;
        change(&window, json!({ "is": "theme", "theme": "light" })).await?;
        until_dark(&window, false).await
    })
}

#[test]
fn a_vault_whose_disk_is_out_lets_the_app_start_and_goes_on_when_it_is_back() -> Result<()> {
    scene("vault-out", async |scene| {
        let (card, drawer) = (scene.path("card"), scene.path("drawer"));
        OpenVault::open(&card).await?.close().await;
        fs::rename(&card, &drawer)?;
        fs::create_dir_all(scene.state())?;
        fs::write(scene.state().join("settings.toml"), format!("vault = {:?}", card.display().to_string()))?;
        let film = film(scene, "patient.mov", 2)?;
        let window = scene.open(&[&film]).await?;
        window.says("[data-testid=notice]", "is not open").await?;
        window.until_row("patient.mov", &["waiting"]).await?;
        assert!(!card.exists(), "no folder takes the place of the disk");
        fs::rename(&drawer, &card)?;
        window.until_row("patient.mov", &["done"]).await?;
        assert!(fs::read(card.join("patient.mov"))? == fs::read(&film)?, "it arrived where it was to go");
        Ok(())
    })
}
