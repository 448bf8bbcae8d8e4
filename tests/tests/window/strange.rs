//! Films that nobody would make on purpose, and disks that go at the wrong time.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use support::films::bunny;
use support::window::{Key, Launch, Window, scene, until};

/// What a page would run, if it took a name for HTML.
const MARKUP: &str = "<img src=x onerror=document.title='hit'>";
const TROUBLE: &str = "[data-testid=player-trouble]";

#[test]
fn a_name_that_looks_like_a_page_is_shown_as_the_text_that_it_is() -> Result<()> {
    scene("markup", async |scene| {
        let name = format!("{MARKUP}.mp4");
        let film = scene.path(&name);
        fs::copy(bunny(), &film)?;
        let window = scene.open(&[&film]).await?;
        window.until_row(&name, &["done"]).await?;
        window.says("article", MARKUP).await?;
        window.press("[data-testid=place-library]").await?;
        window.says("[data-testid=library-item] .name", MARKUP).await?;
        window.press("[data-testid=library-item] [data-testid=play]").await?;
        window.until_playing("the film", |playing| playing.frames > 0).await?;
        window.says("[data-testid=player] h1", MARKUP).await?;
        window.strike("i").await?;
        window.says("[data-testid=player-inside-panel]", MARKUP).await?;
        let run = "return [document.title, document.querySelectorAll('img[src=x]').length]";
        let run = window.script(run, &[]).await?;
        assert_eq!(run[1], 0, "no name became an element");
        assert_ne!(run[0], "hit", "and nothing of it ran");
        Ok(())
    })
}

#[test]
fn captions_in_latin_1_have_their_umlauts_on_the_screen() -> Result<()> {
    scene("latin-1", async |scene| {
        let film = scene.path("film.mp4");
        fs::copy(bunny(), &film)?;
        fs::write(scene.path("film.srt"), b"1\n00:00:00,000 --> 00:05:00,000\nGr\xfc\xdfe aus K\xf6ln\n")?;
        // A home of its own: whether captions are wanted is remembered there, for the next film too.
        let home = scene.path("home");
        fs::create_dir(&home)?;
        let window = scene.launch(Launch::at_home(&home)?.files([&film])).await?;
        window.until_row("film.mp4", &["done"]).await?;
        window.act("film.mp4", "play").await?;
        window.until_playing("the film", |playing| playing.frames > 0).await?;
        window.find("[data-testid=player-captions]").await?;
        window.key("c").await?;
        window.says("[data-testid=player-osd]", "film.srt").await?;
        let shown = async || {
            let script = "return document.querySelector('video').textTracks[0]?.activeCues?.[0]?.text ?? null";
            let text = window.script(script, &[]).await?;
            ensure!(text == "Grüße aus Köln", "it shows {text}");
            Ok(Some(()))
        };
        until("the caption", shown).await
    })
}

#[test]
fn a_film_of_an_unknown_kind_is_named_by_it_and_the_app_goes_on() -> Result<()> {
    scene("codec", async |scene| {
        let film = scene.path("odd.mp4");
        unknown(&film)?;
        let window = scene.open(&[&film]).await?;
        window.until_row("odd.mp4", &["done"]).await?;
        window.act("odd.mp4", "play").await?;
        let said = until("the codec to be named", async || {
            let said = window.texts(TROUBLE).await?.concat();
            Ok(said.to_lowercase().contains("zzz1").then_some(said))
        });
        let said = said.await?;
        assert!(said.contains("no decoder"), "it says what is missing: {said}");
        window.strike("?").await?;
        window.find("[data-testid=player-keys-panel]").await?;
        window.strike_key(Key::Escape).await?;
        window.strike_key(Key::Escape).await?;
        window.until_row("odd.mp4", &["done"]).await?;
        assert!(!window.shows(TROUBLE).await?, "Escape closes the player");
        Ok(())
    })
}

#[test]
fn a_vault_that_goes_away_while_a_film_plays_is_said_and_is_there_again_when_it_is_back() -> Result<()> {
    scene("vault-away", async |scene| {
        let other = scene.path("other.mp4");
        fs::copy(bunny(), &other)?;
        let window = scene.open(&[&bunny(), &other]).await?;
        for name in ["bigbuckbunny.mp4", "other.mp4"] {
            window.until_row(name, &["done"]).await?;
        }
        window.press("[data-testid=place-library]").await?;
        play(&window, "bigbuckbunny.mp4").await?;
        window.until_playing("the film", |playing| playing.frames > 0).await?;
        let drawer = scene.path("drawer");
        fs::rename(scene.vault(), &drawer)?;
        window.says("[data-testid=notice]", "is not there any more").await?;
        window.strike_key(Key::Escape).await?;

        play(&window, "other.mp4").await?;
        window.says(TROUBLE, "Put its disk or its file back").await?;
        window.strike("?").await?;
        window.find("[data-testid=player-keys-panel]").await?;
        window.strike_key(Key::Escape).await?;
        fs::rename(&drawer, scene.vault())?;
        window.says(TROUBLE, "Try again").await?;
        window.press(&format!("{TROUBLE} .ways button")).await?;
        window.until_playing("the other film", |playing| playing.frames > 0).await?;
        Ok(())
    })
}

/// Plays a film of the library.
async fn play(window: &Window, name: &str) -> Result<()> {
    window.press(&format!("[data-testid=library-item][aria-label^=\"{name} \"] [data-testid=play]")).await
}

/// The film of the project, its pictures declared as of a kind that nobody knows.
fn unknown(path: &Path) -> Result<()> {
    let mut film = fs::read(bunny())?;
    let at = film.windows(4).position(|four| four == b"avc1").context("it is H.264")?;
    let mut found = Some(at);
    while let Some(at) = found {
        film[at..at + 4].copy_from_slice(b"zzz1");
        found = film.windows(4).position(|four| four == b"avc1");
    }
    Ok(fs::write(path, film)?)
}
