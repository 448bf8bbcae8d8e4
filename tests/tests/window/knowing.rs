//! What the window knows of a film's inside.

use std::fs;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use support::films::bunny;
use support::window::{Window, scene, until};

#[test]
fn a_finished_film_has_facts_and_a_poster_that_the_page_may_draw() -> Result<()> {
    scene("knowing", async |scene| {
        let window = scene.open(&[&bunny()]).await?;
        window.until_row("bigbuckbunny.mp4", &["done"]).await?;
        let request = json!({ "request": { "is": "video", "id": finished(&window).await? } });
        let facts = asked(&window, "facts", &request).await?;
        assert_eq!(facts["container"], "MP4", "it is looked into: {facts}");
        assert_eq!(facts["tracks"][0]["codec"], "H.264", "pictures first: {facts}");
        let poster = facts["poster"].as_str().context("it has a poster")?;
        let (width, height) = drawn(&window, poster).await?;
        assert!(width > 0 && width.max(height) <= 640, "the page's policy lets it be drawn: {width} × {height}");
        let kept = fs::read_dir(scene.state().join("films"))?.count();
        assert_eq!(kept, 2, "facts and poster are kept for the next time");
        let none = drawn(&window, "poster://localhost/../journal.db").await;
        assert!(none.is_err(), "nothing but posters is under their address");
        Ok(())
    })
}

#[test]
fn the_place_in_a_film_and_its_captions_are_there_the_next_time() -> Result<()> {
    scene("remembering", async |scene| {
        let film = scene.path("film.mp4");
        fs::copy(bunny(), &film)?;
        fs::write(scene.path("film.de.srt"), "1\n00:00:01,000 --> 00:00:02,000\nHallo\n")?;
        let window = scene.open(&[&film]).await?;
        window.until_row("film.mp4", &["done"]).await?;
        let video = json!({ "is": "video", "id": finished(&window).await? });
        let transfer = json!({ "is": "transfer", "id": row(&window).await? });
        asked(&window, "remember_position", &json!({ "request": transfer, "seconds": 2.5 })).await?;
        let captions = asked(&window, "captions", &json!({ "request": transfer })).await?;
        assert_eq!(captions[0]["language"], "de", "the captions beside the source are found: {captions}");
        window.quit().await?;

        let window = scene.open(&[]).await?;
        let media = asked(&window, "open_media", &json!({ "request": video })).await?;
        assert_eq!(media["position"], 2.5, "the film in the vault is the one that was watched: {media}");
        Ok(())
    })
}

/// The object of the one finished film.
async fn finished(window: &Window) -> Result<String> {
    told(window, "videos").await
}

/// The one transfer.
async fn row(window: &Window) -> Result<String> {
    told(window, "transfers").await
}

/// The id of the first of a list that the program tells. A subscription of ours takes the page's own away; what the
/// page shows is not asked afterwards.
pub(super) async fn told(window: &Window, list: &str) -> Result<String> {
    let script = "const [list] = arguments;
        window.toldWhole = null;
        const internals = window.__TAURI_INTERNALS__;
        const id = internals.transformCallback((packet) => {
            const feed = packet.message ?? packet;
            if (feed.is === 'whole') window.toldWhole = feed;
        });
        internals.invoke('subscribe', { channel: `__CHANNEL__:${id}` });";
    window.script(script, &[json!(list)]).await?;
    let first = async || {
        let id = window.script("return window.toldWhole?.[arguments[0]]?.[0]?.id ?? null", &[json!(list)]).await?;
        Ok(id.as_str().map(str::to_owned))
    };
    until("the program's list", first).await
}

/// What the program answers to a command.
pub(super) async fn asked(window: &Window, command: &str, arguments: &Value) -> Result<Value> {
    let script = "const [command, given] = arguments;
        window.answered = null;
        window.__TAURI_INTERNALS__.invoke(command, given)
            .then((good) => { window.answered = { good }; }, (bad) => { window.answered = { bad }; });";
    window.script(script, &[json!(command), arguments.clone()]).await?;
    let answer =
        async || Ok(Some(window.script("return window.answered", &[]).await?).filter(|answer| !answer.is_null()));
    let answer = until(command, answer).await?;
    ensure!(answer["bad"].is_null(), "{command} was refused: {answer}");
    Ok(answer["good"].clone())
}

/// The size of a picture that the page draws.
async fn drawn(window: &Window, address: &str) -> Result<(u64, u64)> {
    let script = "window.drawn = null;
        const image = new Image();
        image.onload = () => { window.drawn = [image.naturalWidth, image.naturalHeight]; };
        image.onerror = () => { window.drawn = []; };
        image.src = arguments[0];";
    window.script(script, &[json!(address)]).await?;
    let drawn = async || Ok(Some(window.script("return window.drawn", &[]).await?).filter(|drawn| !drawn.is_null()));
    let drawn = until("the picture", drawn).await?;
    let side = |at: usize| drawn[at].as_u64().context("the page may not draw it");
    Ok((side(0)?, side(1)?))
}
