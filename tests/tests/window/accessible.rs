//! axe-core finds nothing on any screen, light or dark.

use std::fs::OpenOptions;
use std::io::Write;

use anyhow::Result;
use support::films::bunny;
use support::pawl_server::{PawlServer, token};
use support::window::{Launch, Scene, Window, scene};

use super::{film, with_limit};

/// A dark desktop, as GTK programs are told of it.
const DARK: (&str, &str) = ("GTK_THEME", "Adwaita:dark");

fn launch(scene: &Scene, dark: bool) -> Launch {
    let launch = Launch::on(&scene.state());
    if dark { launch.variable(DARK.0, DARK.1) } else { launch }
}

/// What stands over a place, or for a moment: dialogs, sheets, menus, messages, the panels of the player.
async fn every_layer(scene: &Scene, dark: bool) -> Result<()> {
    let trash = scene.path("home").display().to_string();
    let window = scene.launch(launch(scene, dark).variable("XDG_DATA_HOME", &trash).files([&bunny()])).await?;
    window.until_row("bigbuckbunny.mp4", &["done"]).await?;
    window.write("body", "?").await?;
    over(&window, "shortcuts", "the shortcuts").await?;
    window.press("[data-testid=limit]").await?;
    over(&window, "limit-typed", "the speed limit").await?;
    window.press("[data-testid=place-settings]").await?;
    window.find("[data-testid=settings]").await?;
    window.assert_accessible("the settings").await?;
    window.press("[data-testid=place-library]").await?;
    window.press("[data-testid=library-item] [data-testid=more]").await?;
    window.assert_accessible("a menu").await?;
    window.press("[data-testid=trash]").await?;
    window.find("[data-testid=toast] [data-testid=undo]").await?;
    window.assert_accessible("a message that takes back").await?;
    window.press("[data-testid=undo]").await?;
    window.press("[data-testid=library-item] [data-testid=play]").await?;
    window.until_playing("the film", |playing| playing.width > 0).await?;
    for (key, panel) in [("i", "player-inside-panel"), ("?", "player-keys-panel")] {
        window.key(key).await?;
        window.find(&format!("[data-testid={panel}]")).await?;
        window.assert_accessible(panel).await?;
    }
    window.press("[data-testid=close-player]").await
}

/// Looks at what the element belongs to, and closes it with Escape.
async fn over(window: &Window, element: &str, screen: &str) -> Result<()> {
    let element = format!("[data-testid={element}]");
    window.find(&element).await?;
    window.assert_accessible(screen).await?;
    window.write(&element, &char::from(fantoccini::key::Key::Escape).to_string()).await
}

/// The question before Pawl ends, with something under way.
async fn the_question(scene: &Scene, dark: bool) -> Result<()> {
    with_limit(scene, 1).await?;
    let window = scene.launch(launch(scene, dark).files([&film(scene, "long.mov", 12)?])).await?;
    window.until_row("long.mov", &["uploading", "limited"]).await?;
    window.write("body", &format!("{}q", char::from(fantoccini::key::Key::Control))).await?;
    window.find("[data-testid=quit-stay]").await?;
    window.assert_accessible("the question of quitting").await?;
    window.press("[data-testid=quit-stay]").await
}

async fn every_screen(scene: &Scene, dark: bool) -> Result<()> {
    let window = scene.launch(launch(scene, dark)).await?;
    window.find("[data-testid=welcome]").await?;
    window.assert_accessible("the empty list").await?;
    window.press("[data-testid=place-library]").await?;
    window.assert_accessible("the empty library").await?;
    window.quit().await?;

    with_limit(scene, 1).await?;
    let (long, changed) = (film(scene, "long.mov", 12)?, film(scene, "changed.mov", 8)?);
    let window = scene.launch(launch(scene, dark).files([&bunny(), &long, &changed])).await?;
    window.until_row("bigbuckbunny.mp4", &["done"]).await?;
    window.until_row("changed.mov", &["uploading", "limited"]).await?;
    OpenOptions::new().append(true).open(&changed)?.write_all(b"one more take")?;
    window.until_row("changed.mov", &["failed"]).await?;
    window.open_details("long.mov").await?;
    window.until_map("long.mov", "a map", |_| true).await?;
    window.assert_accessible("the list with an opened row").await?;
    window.act("long.mov", "pause").await?;
    window.until_row("long.mov", &["paused"]).await?;
    window.assert_accessible("the list with a paused and a failed row").await?;
    window.press("[data-testid=place-library]").await?;
    window.find("[data-testid=library-item]").await?;
    window.assert_accessible("the library").await?;
    window.press("[data-testid=library-item] [data-testid=play]").await?;
    window.until_playing("the film", |playing| playing.width > 0).await?;
    window.key("k").await?;
    window.assert_accessible("the player").await?;
    window.press("[data-testid=close-player]").await
}

/// The destinations: none but this computer, the form, a test, several, what lies unfinished, the question of removing.
async fn destinations(scene: &Scene, dark: bool) -> Result<()> {
    let vault = scene.path("far");
    let token = token(&vault, "anna", "read,upload")?;
    let server = PawlServer::start(&vault, &[])?;
    let window = scene.launch(launch(scene, dark)).await?;
    window.press("[data-testid=place-destinations]").await?;
    window.find("[data-testid=teach-add]").await?;
    window.assert_accessible("this computer alone").await?;
    window.press("[data-testid=teach-add]").await?;
    window.press("[data-testid=form-save]").await?;
    window.find("[data-testid=form-name-wrong]").await?;
    window.assert_accessible("a form that is wrong").await?;
    window.write("[data-testid=form-paste]", &server.url()).await?;
    window.says("[data-testid=form-recognised]", "Pawl server").await?;
    window.fill("[data-testid=form-name]", "Studio").await?;
    window.fill("[data-testid=form-token]", "not-the-token").await?;
    window.press("[data-testid=form-advanced]").await?;
    window.press("[data-testid=form-test]").await?;
    window.find("[data-testid=check-signed_in][data-verdict=no]").await?;
    window.assert_accessible("a form and what its test found").await?;
    window.write("[data-testid=form-name]", &char::from(fantoccini::key::Key::Escape).to_string()).await?;
    window.find("[data-testid=form-stay]").await?;
    window.assert_accessible("the question whether to lose a form").await?;
    window.press("[data-testid=form-stay]").await?;
    window.fill("[data-testid=form-token]", &token).await?;
    window.press("[data-testid=form-save]").await?;
    several(&window).await
}

async fn several(window: &Window) -> Result<()> {
    let studio = "[data-testid=destination-Studio]";
    window.press(&format!("{studio} [data-testid=test]")).await?;
    window.find("[data-testid=check-can_write][data-verdict=yes]").await?;
    window.press(&format!("{studio} [data-testid=more]")).await?;
    window.assert_accessible("the menu of a destination").await?;
    window.press("[data-testid=look-unfinished]").await?;
    window.find("[data-testid=unfinished-none]").await?;
    window.assert_accessible("destinations, a test and what lies unfinished").await?;
    window.press(&format!("{studio} [data-testid=more]")).await?;
    window.press("[data-testid=remove-destination]").await?;
    window.find("[data-testid=keep-destination]").await?;
    window.assert_accessible("the question of removing a destination").await?;
    window.press("[data-testid=keep-destination]").await?;
    window.press("[data-testid=place-transfers]").await?;
    window.press("[data-testid=add-more]").await?;
    window.find("[data-testid=add-to-Studio]").await?;
    window.assert_accessible("the menu of what to add, and where to").await
}

#[test]
fn axe_finds_nothing_on_any_screen_in_the_light() -> Result<()> {
    scene("axe-light", async |scene| every_screen(scene, false).await)
}

#[test]
fn axe_finds_nothing_on_any_screen_in_the_dark() -> Result<()> {
    scene("axe-dark", async |scene| every_screen(scene, true).await)
}

#[test]
fn axe_finds_nothing_on_what_opens_over_a_screen() -> Result<()> {
    scene("axe-layers-light", async |scene| every_layer(scene, false).await)?;
    scene("axe-layers-dark", async |scene| every_layer(scene, true).await)
}

#[test]
fn axe_finds_nothing_on_the_question_of_quitting() -> Result<()> {
    scene("axe-question-light", async |scene| the_question(scene, false).await)?;
    scene("axe-question-dark", async |scene| the_question(scene, true).await)
}

#[test]
fn axe_finds_nothing_on_destinations_and_their_form() -> Result<()> {
    scene("axe-destinations-light", async |scene| destinations(scene, false).await)?;
    scene("axe-destinations-dark", async |scene| destinations(scene, true).await)
}
