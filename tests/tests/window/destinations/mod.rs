//! Destinations as a person meets them: set up in the form, tried, chosen, sent to. Every server is a real one.

mod adding;
mod dropping;
mod keyboard;
mod leaving;
mod limiting;
mod linking;
mod names;
mod refusing;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;
use support::pawl_server::{PawlServer, token};
use support::window::destinations::{card, choose, fill, of, paste, save};
use support::window::{Copied, Launch, Scene, Window};

/// The home of whoever sits at the window.
fn home(scene: &Scene) -> PathBuf {
    scene.path("home")
}

/// The window at the destinations, of a person who has none yet.
async fn at_destinations(scene: &Scene) -> Result<Arc<Window>> {
    fs::create_dir_all(home(scene))?;
    // It tells the log more than people let it, so that secrets have more ways out.
    let window = scene.launch(Launch::at_home(&home(scene))?.variable("RUST_LOG", "debug")).await?;
    window.press("[data-testid=place-destinations]").await?;
    window.find("[data-testid=destination-form], [data-testid=destinations]").await?;
    Ok(window)
}

/// A Pawl server on the other side of a link, with a token for it and the folder that it keeps.
struct Far {
    vault: PathBuf,
    token: String,
    server: PawlServer,
}

fn far(scene: &Scene, options: &[&str]) -> Result<Far> {
    let vault = scene.path("far");
    let token = token(&vault, "anna", "read,upload")?;
    Ok(Far { server: PawlServer::start(&vault, options)?, vault, token })
}

/// The window of a person whose one destination besides this computer is that server, called *Studio*.
async fn studio(scene: &Scene, far: &Far) -> Result<Arc<Window>> {
    let window = at_destinations(scene).await?;
    paste(&window, &far.server.url(), "Pawl server").await?;
    fill(&window, &[("name", "Studio"), ("token", &far.token)]).await?;
    save(&window, "Studio").await?;
    Ok(window)
}

/// Opens the form of a destination that is there.
async fn edit(window: &Window, name: &str) -> Result<()> {
    window.press("[data-testid=place-destinations]").await?;
    window.press(&of(name, "edit")).await?;
    window.find("[data-testid=destination-form]").await.map(drop)
}

/// Presses *Test connection* in the form and waits for that verdict of a check; its sentence.
async fn tested(window: &Window, check: &str, verdict: &str) -> Result<String> {
    window.press("[data-testid=form-test]").await?;
    window.says(&format!("[data-testid=check-{check}][data-verdict={verdict}]"), "").await
}

/// Copies a film in another program and pastes it with the menu beside *Add films*, to a destination of that name; to
/// the first one where none is named.
async fn send(scene: &Scene, window: &Window, name: Option<&str>, film: &Path) -> Result<()> {
    let _copied = Copied::files(scene, &[film.to_owned()])?;
    window.press("[data-testid=place-transfers]").await?;
    window.press("[data-testid=add-more]").await?;
    match name {
        Some(name) => {
            window.press(&format!("[data-testid=\"add-to-{name}\"]")).await?;
            window.press("[data-testid^=add-pasted-]").await?;
        }
        None => window.press("[data-testid=add-pasted]").await?,
    }
    let file = film.file_name().unwrap_or_default().to_string_lossy();
    window.find(&format!("[data-testid=\"row-{file}\"]")).await.map(drop)
}

/// The files below a folder in which such bytes stand.
fn holding(folder: &Path, bytes: &[u8]) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let (path, kind) = entry.and_then(|entry| Ok((entry.path(), entry.file_type()?)))?;
        if kind.is_dir() {
            found.extend(holding(&path, bytes)?);
        } else if kind.is_file() && fs::read(&path)?.windows(bytes.len()).any(|window| window == bytes) {
            found.push(path.display().to_string());
        }
    }
    Ok(found)
}
