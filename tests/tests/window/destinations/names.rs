//! A name that is taken there: skipped, beside the other, in its place.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use support::films::{blake3, noise};
use support::http::client;
use support::pawl_server::PawlServer;
use support::window::{Scene, Window, scene};

use super::super::CHUNK;
use super::{Far, edit, far, save, send, studio};

/// Another film of the same name.
fn take(scene: &Scene, number: u64) -> Result<PathBuf> {
    let folder = scene.path(format!("day {number}"));
    fs::create_dir(&folder)?;
    let film = folder.join("harbour.mov");
    noise(&film, 70 + number, CHUNK + number)?;
    Ok(film)
}

/// Chooses what is done with a taken name at the destination.
async fn taken(window: &Window, choice: &str) -> Result<()> {
    edit(window, "Studio").await?;
    window.press(&format!("[data-testid=taken-{choice}]")).await?;
    window.find(&format!("[data-testid=taken-{choice}][data-state=checked]")).await?;
    save(window, "Studio").await?;
    window.press("[data-testid=place-transfers]").await
}

#[test]
fn a_taken_name_is_skipped_kept_beside_or_replaced_as_the_destination_says() -> Result<()> {
    scene("taken-names", async |scene| {
        let far = far(scene, &[])?;
        let window = studio(scene, &far).await?;
        let Far { vault, token, server } = far;
        let [first, second, third, fourth] = [take(scene, 1)?, take(scene, 2)?, take(scene, 3)?, take(scene, 4)?];
        send(scene, &window, Some("Studio"), &first).await?;
        window.until_row("harbour.mov", &["done"]).await?;
        window.act("harbour.mov", "remove").await?;
        window.until_no("article").await?;

        taken(&window, "skip").await?;
        send(scene, &window, Some("Studio"), &second).await?;
        let row = window.until_row("harbour.mov", &["skipped"]).await?;
        assert!(row.text.contains("harbour.mov"), "it is said which name is taken: {row:?}");
        assert!(row.text.contains("Retry"), "one can change one's mind: {row:?}");
        assert_eq!(blake3(&vault.join("harbour.mov"))?, blake3(&first)?, "what was there stays");

        delete(&server, &token).await?;
        window.act("harbour.mov", "retry").await?;
        window.until_row("harbour.mov", &["done"]).await?;
        assert_eq!(blake3(&vault.join("harbour.mov"))?, blake3(&second)?, "the name was free by now");
        window.act("harbour.mov", "remove").await?;
        window.until_no("article").await?;

        taken(&window, "keep_both").await?;
        send(scene, &window, Some("Studio"), &third).await?;
        window.until_row("harbour.mov", &["done"]).await?;
        assert_eq!(blake3(&vault.join("harbour.mov"))?, blake3(&second)?, "what was there stays here too");
        assert_eq!(blake3(&other(&vault)?)?, blake3(&third)?, "the new one lies beside it");
        window.act("harbour.mov", "remove").await?;
        window.until_no("article").await?;

        taken(&window, "replace").await?;
        send(scene, &window, Some("Studio"), &fourth).await?;
        window.until_row("harbour.mov", &["done"]).await?;
        assert_eq!(blake3(&vault.join("harbour.mov"))?, blake3(&fourth)?, "the new one has the name");
        assert_eq!(blake3(&other(&vault)?)?, blake3(&third)?, "nothing else is touched");
        Ok(())
    })
}

/// Somebody deletes the one film that is there.
async fn delete(server: &PawlServer, token: &str) -> Result<()> {
    let videos = format!("{}/api/v1/videos", server.url());
    let list: Value = client().get(&videos).bearer_auth(token).send().await?.json().await?;
    let id = list["videos"][0]["id"].as_str().context("it is there")?;
    client().delete(format!("{videos}/{id}")).bearer_auth(token).send().await?.error_for_status()?;
    Ok(())
}

/// The film whose name had to be another one.
fn other(vault: &Path) -> Result<PathBuf> {
    let entries = fs::read_dir(vault)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    let films: Vec<PathBuf> =
        entries.into_iter().filter(|path| path.extension().is_some_and(|it| it == "mov")).collect();
    let others: Vec<&PathBuf> = films.iter().filter(|path| !path.ends_with("harbour.mov")).collect();
    ensure!(others.len() == 1, "one film and one other, not {films:?}");
    Ok(others[0].clone())
}
