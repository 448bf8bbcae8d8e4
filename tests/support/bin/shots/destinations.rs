//! Where films can go: the place, its form, what a test found, what lies unfinished, and where films are sent.

use std::fs;

use anyhow::Result;
use remotes::native::Native;
use remotes::{Connection, ConnectionSetup};
use support::garage::{Garage, KEY, SECRET};
use support::pawl_server::{PawlServer, token};
use support::tus_server::TusServer;
use support::window::destinations::{choose, fill, of, paste, save};
use support::window::{Launch, Scene, Window};
use transfer::name::FileName;
use transfer::remote::Remote;
use transfer::testing::Film;

use super::album::Album;

pub(crate) async fn story(scene: &Scene, album: &Album) -> Result<()> {
    let (vault, files) = (scene.path("far"), scene.path("files"));
    fs::create_dir(&files)?;
    let token = token(&vault, "anna", "read,upload")?;
    let (server, garage) = (PawlServer::start(&vault, &[])?, Garage::start_in(&scene.path(""))?);
    let tus = TusServer::start(&files, &[])?;
    left_behind(&Native::new(Connection::new(&ConnectionSetup::default())?, &server.url(), Some(&token))?).await?;

    let window = scene.launch(Launch::on(&scene.state())).await?;
    window.press("[data-testid=place-destinations]").await?;
    window.find("[data-testid=destinations-teach]").await?;
    album.take_vast(&window, "destinations-first").await?;
    window.resize(900, 600).await?;
    window.press("[data-testid=teach-add]").await?;
    album.take(&window, "destination-form-empty").await?;
    window.press("[data-testid=form-cancel]").await?;

    paste(&window, &garage.address("rushes"), "S3 store").await?;
    fill(&window, &[("name", "Archive"), ("access_key", KEY), ("secret_key", SECRET)]).await?;
    album.take(&window, "destination-form").await?;
    // What a test found is scrolled into sight where the window is small.
    window.resize(900, 600).await?;
    window.press("[data-testid=form-test]").await?;
    window.find("[data-testid=check-can_write][data-verdict=yes]").await?;
    album.take(&window, "destination-form-tested").await?;
    save(&window, "Archive").await?;
    paste(&window, tus.url(), "tus server").await?;
    fill(&window, &[("name", "Drop box")]).await?;
    save(&window, "Drop box").await?;
    paste(&window, &server.url(), "Pawl server").await?;
    fill(&window, &[("name", "Studio"), ("token", "not-the-token")]).await?;
    window.resize(900, 600).await?;
    window.press("[data-testid=form-test]").await?;
    window.find("[data-testid=check-signed_in][data-verdict=no]").await?;
    album.take(&window, "destination-form-refused").await?;
    fill(&window, &[("token", &token)]).await?;
    save(&window, "Studio").await?;
    several(&window, album).await
}

/// Another program begins a film at the server and is never heard of again.
async fn left_behind(server: &Native) -> Result<()> {
    let film = Film::new(server, 7, 17_000_000).named(FileName::new("Harbour at dawn.mov")?);
    let handle = server.begin(&film.upload()).await?;
    Ok(server.put_chunk(film.put(&handle, film.chunk(0))).await.map(drop)?)
}

async fn several(window: &Window, album: &Album) -> Result<()> {
    choose(window, "Studio", "make-default").await?;
    window.find(&of("Studio", "is-default")).await?;
    let clear = "document.querySelectorAll('[data-testid=dismiss-toast]').forEach((button) => button.click())";
    window.script(clear, &[]).await?;
    window.until_no("[data-testid=toast]").await?;
    album.take_vast(window, "destinations").await?;
    window.resize(900, 600).await?;
    window.press(&of("Studio", "test")).await?;
    window.find("[data-testid=check-can_write][data-verdict=yes]").await?;
    album.take(window, "destination-tested").await?;
    window.press("[data-testid=close-report]").await?;
    choose(window, "Studio", "look-unfinished").await?;
    window.find("[data-testid=abort]").await?;
    album.take(window, "destination-unfinished").await?;
    window.press("[data-testid=abort]").await?;
    window.find("[data-testid=keep-orphan]").await?;
    album.take(window, "destination-abort").await?;
    window.press("[data-testid=keep-orphan]").await?;
    window.press("[data-testid=place-transfers]").await?;
    window.press("[data-testid=add-more]").await?;
    window.press("[data-testid=\"add-to-Archive\"]").await?;
    window.find("[data-testid^=add-pasted-]").await?;
    album.take(window, "add-to-destination").await
}
