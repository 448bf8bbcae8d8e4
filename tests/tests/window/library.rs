//! The library: names, the trash, search, posters and the list.

use std::fs;
use std::path::Path;

use anyhow::Result;
use serde_json::json;
use support::films::bunny;
use support::window::{Key, Launch, Window, scene, until};

use super::{CHUNK, film};

const ITEM: &str = "[data-testid=library-item]";
const FIELD: &str = "[data-testid=rename-field]";

#[test]
fn a_film_gets_another_name_and_one_that_cannot_be_says_why() -> Result<()> {
    scene("rename", async |scene| {
        let films = [film(scene, "first.mov", 1)?, film(scene, "second.mov", 2)?];
        let window = scene.open(&[&films[0], &films[1]]).await?;
        for name in ["first.mov", "second.mov"] {
            window.until_row(name, &["done"]).await?;
        }
        window.press("[data-testid=place-library]").await?;

        rename(&window, "first.mov", "third").await?;
        window.says(ITEM, "third.mov").await?;
        let kept = scene.vault().join("third.mov");
        assert!(fs::read(&kept)? == fs::read(&films[0])?, "the file has the name too, and its bytes");
        assert!(!scene.vault().join("first.mov").exists(), "it is the same file, not a copy");

        rename(&window, "third.mov", "second").await?;
        window.says("[data-testid=rename-fault]", "There is a film called second.mov already").await?;
        window.strike_key(Key::Escape).await?;
        rename(&window, "third.mov", "a/b").await?;
        window.says("[data-testid=rename-fault]", "cannot hold a slash").await?;
        window.strike_key(Key::Escape).await?;
        let names = window.texts(&format!("{ITEM} .name")).await?;
        assert_eq!(names.len(), 2, "both are as they were: {names:?}");
        assert!(names.contains(&"third.mov".to_owned()), "a refused name changes nothing: {names:?}");
        assert!(fs::metadata(scene.vault().join("second.mov"))?.len() == 2 * CHUNK, "nothing was replaced");
        Ok(())
    })
}

#[test]
fn a_film_in_the_trash_comes_back_by_undo_and_can_be_sent_again() -> Result<()> {
    scene("trash", async |scene| {
        let home = scene.path("home");
        fs::create_dir_all(&home)?;
        let film = film(scene, "taken.mov", 2)?;
        let kept = home.join("Pawl/taken.mov");
        let window = scene.launch(Launch::at_home(&home)?.files([&film])).await?;
        window.until_row("taken.mov", &["done"]).await?;
        window.press("[data-testid=place-library]").await?;

        choose(&window, "taken.mov", "trash").await?;
        window.says("main", "Nothing here yet").await?;
        assert!(!kept.exists(), "it is out of the folder");
        window.press("[data-testid=toast] [data-testid=undo]").await?;
        window.says(ITEM, "taken.mov").await?;
        assert!(fs::read(&kept)? == fs::read(&film)?, "the very film is back");

        choose(&window, "taken.mov", "trash").await?;
        window.says("main", "Nothing here yet").await?;
        assert_trashed(&home.join("data/Trash/files"), &film)?;
        window.press("[data-testid=dismiss-toast]").await?;

        scene.start_again(&Launch::at_home(&home)?.files([&film]))?;
        until("the film to be there again", async || Ok(kept.exists().then_some(()))).await?;
        window.until_row("taken.mov", &["done"]).await?;
        assert!(fs::read(&kept)? == fs::read(&film)?, "what was thrown away is sent again, whole");
        assert_eq!(window.texts("article").await?.len(), 1, "the row of what is gone went with it");
        Ok(())
    })
}

#[test]
fn the_library_is_searched_as_one_types_and_shows_posters_or_a_list() -> Result<()> {
    scene("search", async |scene| {
        let other = film(scene, "zoo at night.mov", 1)?;
        let window = scene.open(&[&bunny(), &other]).await?;
        window.until_row("bigbuckbunny.mp4", &["done"]).await?;
        window.until_row("zoo at night.mov", &["done"]).await?;
        window.press("[data-testid=place-library]").await?;
        until("the poster of the film", async || {
            let drawn = "const image = document.querySelector('[data-testid=\"poster-bigbuckbunny.mp4\"].filled img');
                return image !== null && image.complete && image.naturalWidth > 0";
            Ok((window.script(drawn, &[]).await? == true).then_some(()))
        })
        .await?;

        window.press("[data-testid=layout-list]").await?;
        window.find(&format!("{ITEM}.list")).await?;
        window.press("[data-testid=head-size]").await?;
        until_names(&window, &["zoo at night.mov", "bigbuckbunny.mp4"]).await?;
        window.press("[data-testid=head-name]").await?;
        until_names(&window, &["bigbuckbunny.mp4", "zoo at night.mov"]).await?;
        window.press("[data-testid=layout-grid]").await?;
        window.find(&format!("{ITEM}.grid")).await?;

        window.chord(Key::Control, 'f').await?;
        window.until_focused("[data-testid=search]").await?;
        window.strike("night").await?;
        until_names(&window, &["zoo at night.mov"]).await?;
        window.strike(" zebra").await?;
        window.says("main", "No film is called").await?;
        window.strike_key(Key::Escape).await?;
        until_names(&window, &["bigbuckbunny.mp4", "zoo at night.mov"]).await
    })
}

/// Gives a film a new stem, as a person types it over the old one.
async fn rename(window: &Window, name: &str, stem: &str) -> Result<()> {
    choose(window, name, "rename").await?;
    window.until_focused(FIELD).await?;
    window.strike(stem).await?;
    window.strike_key(Key::Enter).await
}

/// Chooses from the menu of a film.
async fn choose(window: &Window, name: &str, choice: &str) -> Result<()> {
    window.press(&format!("{ITEM}[aria-label^=\"{name} \"] [data-testid=more]")).await?;
    window.press(&format!("[role=menu] [data-testid={choice}]")).await
}

/// Waits until the library shows these, in this order.
async fn until_names(window: &Window, names: &[&str]) -> Result<()> {
    let shown = async || Ok((json!(window.texts(&format!("{ITEM} .name")).await?) == json!(names)).then_some(()));
    until(&format!("the films {names:?}"), shown).await
}

/// The trash holds the film, whatever it is called there.
fn assert_trashed(trash: &Path, film: &Path) -> Result<()> {
    let film = fs::read(film)?;
    let there =
        fs::read_dir(trash)?.filter_map(Result::ok).any(|entry| fs::read(entry.path()).is_ok_and(|it| it == film));
    assert!(there, "it lies in the trash, to be had back");
    Ok(())
}
