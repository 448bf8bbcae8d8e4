//! The other ways in: folders, a second start, the clipboard, and *Open with Pawl*, which sends nothing.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use support::window::{Copied, DragSource, Launch, Window, scene, until};

use super::{assert_kept, film};

/// What a command of the program answers, asked as the page asks.
async fn asked(window: &Window, command: &str, arguments: Value) -> Result<Value> {
    let script = "return window.__TAURI_INTERNALS__.invoke(arguments[0], arguments[1])";
    window.script(script, &[json!(command), arguments]).await
}

#[test]
fn a_dropped_folder_brings_every_film_below_it_and_nothing_hidden() -> Result<()> {
    scene("folder", async |scene| {
        let folder = scene.path("holidays");
        fs::create_dir_all(folder.join("day 2/.trash"))?;
        fs::rename(film(scene, "first.mov", 1)?, folder.join("first.mov"))?;
        fs::rename(film(scene, "second.mov", 2)?, folder.join("day 2/second.mov"))?;
        fs::write(folder.join("day 2/.trash/old.mov"), "thrown away")?;
        let window = scene.open(&[]).await?;
        window.find("[data-testid=welcome]").await?;
        DragSource::open(scene, std::slice::from_ref(&folder))?.drop_on(&window).await?;
        for film in [folder.join("first.mov"), folder.join("day 2/second.mov")] {
            let name = film.file_name().and_then(OsStr::to_str).context("it is text")?;
            window.until_row(name, &["done"]).await?;
            assert_kept(scene, &film)?;
        }
        assert_eq!(window.texts("article").await?.len(), 2, "what is hidden stays where it is");
        Ok(())
    })
}

#[test]
fn a_second_start_hands_its_files_to_the_first_to_the_byte() -> Result<()> {
    scene("second-start", async |scene| {
        let home = scene.path("home");
        fs::create_dir_all(&home)?;
        let (plain, odd) = (film(scene, "plain.mov", 1)?, scene.path(OsStr::from_bytes(b"odd \xff.mov")));
        fs::rename(film(scene, "odd.mov", 1)?, &odd)?;
        let window = scene.launch(Launch::at_home(&home)?).await?;
        window.find("[data-testid=welcome]").await?;
        scene.start_again(&Launch::at_home(&home)?.files([&plain, &odd]))?;
        window.until_row("plain.mov", &["done"]).await?;
        window.until_row("odd \u{fffd}.mov", &["done"]).await?;
        for film in [&plain, &odd] {
            let kept = fs::read(home.join("Pawl").join(film.file_name().context("it has a name")?))?;
            assert!(kept == fs::read(film)?, "the usual vault has the very bytes of {}", film.display());
        }
        Ok(())
    })
}

#[test]
fn an_opened_film_plays_and_is_sent_only_when_asked() -> Result<()> {
    scene("open", async |scene| {
        let film = film(scene, "opened.mov", 2)?;
        let window = scene.launch(Launch::on(&scene.state()).opening([&film])).await?;
        let request = json!({ "request": { "is": "opened", "id": "1" } });
        let media =
            until("the film to be open", async || Ok(Some(asked(&window, "open_media", request.clone()).await?)));
        let media = media.await?;
        assert_eq!(media["name"], "opened.mov", "it is the one of the command line");
        let played =
            support::http::client().get(media["url"].as_str().context("an address")?).send().await?.bytes().await?;
        assert!(played == fs::read(&film)?, "the player reads the very file");
        assert_eq!(window.row("opened.mov").await?, None, "nothing is sent by merely opening it");
        asked(&window, "upload_opened", json!({ "id": "1" })).await?;
        window.until_row("opened.mov", &["done"]).await?;
        assert_kept(scene, &film)
    })
}

#[test]
fn files_on_the_clipboard_are_added_and_anything_else_is_not() -> Result<()> {
    scene("paste", async |scene| {
        let film = film(scene, "copied & pasted #1.mov", 1)?;
        let window = scene.open(&[]).await?;
        window.find("[data-testid=welcome]").await?;
        assert_eq!(asked(&window, "paste_files", json!({})).await?, json!([]), "nothing was copied");
        let copied = Copied::files(scene, std::slice::from_ref(&film))?;
        let added = asked(&window, "paste_files", json!({})).await?;
        assert_eq!(added[0]["is"], "added", "the answer says how it was taken: {added}");
        window.until_row("copied & pasted #1.mov", &["done"]).await?;
        drop(copied);
        assert_kept(scene, &film)
    })
}
