//! A destination of each kind is set up in the form, tried against the real thing, and sent to.

use std::fs;

use anyhow::{Context, Result, ensure};
use support::films::blake3;
use support::garage::{Garage, KEY, SECRET};
use support::tus_server::TusServer;
use support::window::{Copied, Scene, Window, scene};

use super::super::film;
use super::{Far, at_destinations, choose, far, fill, holding, home, of, paste, save, send, tested};

/// What a destination that works says to each question.
async fn assert_good(window: &Window, checks: &[&str]) -> Result<()> {
    window.press("[data-testid=form-test]").await?;
    for check in checks {
        window.says(&format!("[data-testid=check-{check}][data-verdict=yes]"), "").await?;
    }
    Ok(())
}

/// In no file of the home but the one of secrets, in nothing that the app said, in nothing that its page keeps.
async fn assert_secret(scene: &Scene, window: &Window, secrets: &[&str]) -> Result<()> {
    let kept = window.script("return JSON.stringify([{ ...localStorage }, { ...sessionStorage }])", &[]).await?;
    let shown = window.script("return document.documentElement.outerHTML", &[]).await?;
    let said =
        [("its log", window.output()?), ("what its page keeps", kept.to_string()), ("its page", shown.to_string())];
    for secret in secrets {
        for (what, said) in &said {
            ensure!(!said.contains(secret), "a secret is in {what}");
        }
        let holders = holding(&home(scene), secret.as_bytes())?;
        let strange: Vec<&String> = holders.iter().filter(|path| !path.ends_with("/secrets.toml")).collect();
        ensure!(strange.is_empty(), "a secret is in {strange:?}");
        ensure!(!holders.is_empty(), "without a keyring it is in the file of secrets, or this test looks at nothing");
    }
    Ok(())
}

#[test]
fn a_film_reaches_a_pawl_server_that_was_added_by_its_address_and_made_the_default() -> Result<()> {
    scene("to-server", async |scene| {
        let Far { vault, token, server } = far(scene, &[])?;
        let window = at_destinations(scene).await?;
        paste(&window, &server.url(), "Pawl server").await?;
        fill(&window, &[("name", "Studio"), ("token", &token)]).await?;
        assert_good(&window, &["reachable", "signed_in", "can_write", "limits", "proof"]).await?;
        save(&window, "Studio").await?;
        choose(&window, "Studio", "make-default").await?;
        window.find(&of("Studio", "is-default")).await?;

        let film = film(scene, "harbour.mov", 3)?;
        send(scene, &window, None, &film).await?;
        let row = window.until_row("harbour.mov", &["done"]).await?;
        window.says("[data-testid=\"where-harbour.mov\"]", "Studio").await?;
        assert_eq!(blake3(&vault.join("harbour.mov"))?, blake3(&film)?, "the server has the very bytes: {row:?}");
        assert_secret(scene, &window, &[&token]).await
    })
}

#[test]
fn a_film_reaches_a_tus_server_that_was_added_by_its_address() -> Result<()> {
    scene("to-tus", async |scene| {
        let files = scene.path("far");
        fs::create_dir(&files)?;
        let secret = "a-token-of-the-tus-server";
        let server = TusServer::start(&files, &[&format!("--token={secret}")])?;
        let window = at_destinations(scene).await?;
        paste(&window, server.url(), "tus server").await?;
        fill(&window, &[("name", "Drop box"), ("token", secret)]).await?;
        assert_good(&window, &["reachable", "signed_in", "can_write"]).await?;
        window.says("[data-testid=check-proof][data-verdict=no]", "delivered, not verified").await?;
        save(&window, "Drop box").await?;

        let film = film(scene, "interview.mov", 2)?;
        send(scene, &window, Some("Drop box"), &film).await?;
        let row = window.until_row("interview.mov", &["done"]).await?;
        assert!(row.text.contains("delivered, not verified"), "this server compares no bytes: {row:?}");
        let kept = server.files()?.into_iter().map(|file| blake3(&file)).collect::<Result<Vec<_>>>()?;
        assert!(kept.contains(&blake3(&film)?), "the server has the very bytes");
        assert_secret(scene, &window, &[secret]).await
    })
}

#[test]
fn a_film_reaches_a_bucket_that_was_added_by_its_address() -> Result<()> {
    scene("to-bucket", async |scene| {
        let garage = Garage::start_in(&scene.path(""))?;
        let window = at_destinations(scene).await?;
        paste(&window, &garage.address("rushes"), "S3 store").await?;
        fill(&window, &[("name", "Archive"), ("access_key", KEY), ("secret_key", SECRET)]).await?;
        assert_good(&window, &["reachable", "signed_in", "can_write", "limits", "proof"]).await?;
        save(&window, "Archive").await?;

        let film = film(scene, "drone.mov", 5)?;
        send(scene, &window, Some("Archive"), &film).await?;
        window.until_row("drone.mov", &["done"]).await?;
        window.act("drone.mov", "copy-link").await?;
        window.says("[data-testid=toast]", "on the clipboard").await?;
        let link = Copied::text(scene)?;
        let kept = support::http::client().get(&link).send().await?.error_for_status()?.bytes().await?;
        assert!(kept == fs::read(&film)?, "the store has the very bytes");
        assert_secret(scene, &window, &[SECRET]).await
    })
}

#[test]
fn a_film_reaches_another_folder_that_was_added_by_its_path() -> Result<()> {
    scene("to-folder", async |scene| {
        let folder = scene.path("archive disk");
        fs::create_dir(&folder)?;
        let window = at_destinations(scene).await?;
        paste(&window, folder.to_str().context("a plain path")?, "Folder").await?;
        let said = tested(&window, "can_write", "yes").await?;
        assert!(said.contains("taken away again"), "the trial leaves nothing: {said}");
        save(&window, "archive disk").await?;
        let film = film(scene, "lecture.mov", 2)?;
        send(scene, &window, Some("archive disk"), &film).await?;
        window.until_row("lecture.mov", &["done"]).await?;
        assert_eq!(blake3(&folder.join("lecture.mov"))?, blake3(&film)?, "the folder has the very bytes");
        Ok(())
    })
}
