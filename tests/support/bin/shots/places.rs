//! What a healthy Pawl shows: the first start, a drop, the library, the player, settings and dialogs.

use std::fs;
use std::path::PathBuf;

use anyhow::Result;
use support::films::bunny;
use support::window::{DragSource, Launch, Scene, Window};

use super::album::Album;
use super::{films, playing};

/// As people and cameras name them; the long one shows how a name is cut.
const NAMES: [&str; 9] = [
    "Harbour at dawn.mp4",
    "Interview Amara, take 3.mov",
    "Wedding Okafor – ceremony.mp4",
    "Drone pass 07 graded.mp4",
    "A012C003_231104_R1VK.mov",
    "Concert, camera B.mp4",
    "Lecture 4: the long nineteenth century, with questions from the audience.mp4",
    "Новый год, двор.mov",
    "Rushes day 2.mp4",
];
/// The film that no player shows.
pub(crate) const FOREIGN: &str = "Archive master (VVC).mp4";

pub(crate) async fn story(scene: &Scene, album: &Album) -> Result<()> {
    let given = given(scene)?;
    // What is thrown away here is thrown into a trash of the scene's own.
    let launch = Launch::on(&scene.state()).variable("XDG_DATA_HOME", &scene.path("home").display().to_string());
    let window = scene.launch(launch).await?;
    empty(&window, album).await?;
    dropped(scene, &window, album, &given).await?;
    library(&window, album).await?;
    playing::story(&window, album).await?;
    settings(&window, album).await?;
    notice(scene, &window, album).await
}

fn given(scene: &Scene) -> Result<Vec<PathBuf>> {
    let mut given = vec![scene.path(FOREIGN)];
    films::foreign(&given[0])?;
    for (nth, name) in (0..).zip(NAMES) {
        given.push(scene.path(name));
        films::clip(&scene.path(name), nth)?;
    }
    given.push(bunny());
    Ok(given)
}

async fn empty(window: &Window, album: &Album) -> Result<()> {
    window.find("[data-testid=welcome]").await?;
    album.take_vast(window, "welcome").await?;
    window.press("[data-testid=place-library]").await?;
    album.take(window, "library-empty").await?;
    window.press("[data-testid=place-transfers]").await
}

async fn dropped(scene: &Scene, window: &Window, album: &Album, given: &[PathBuf]) -> Result<()> {
    // Its middle must not lie under the window that is dragged from.
    window.resize(900, 600).await?;
    let source = DragSource::open(scene, given)?;
    source.hover_over(window).await?;
    album.take(window, "drop").await?;
    source.let_go()?;
    for name in NAMES.into_iter().chain(["bigbuckbunny.mp4", FOREIGN]) {
        window.until_row(name, &["done"]).await?;
    }
    album.take(window, "done").await?;
    // What ended together stands in any order.
    window.script("document.querySelector('[data-testid=\"row-bigbuckbunny.mp4\"]').scrollIntoView()", &[]).await?;
    window.open_details("bigbuckbunny.mp4").await?;
    window.until_map("bigbuckbunny.mp4", "all safe", |map| map.acked == map.chunks).await?;
    album.take(window, "done-opened").await
}

async fn library(window: &Window, album: &Album) -> Result<()> {
    window.press("[data-testid=place-library]").await?;
    window.find("[data-testid=library-item] img").await?;
    album.take_vast(window, "library-grid").await?;
    // What opens over the page opens where it is seen first.
    window.resize(900, 600).await?;
    window.press("[data-testid=library-item] [data-testid=more]").await?;
    album.take(window, "library-menu").await?;
    window.press("[data-testid=rename]").await?;
    album.take(window, "library-rename").await?;
    window.write("[data-testid=rename-field]", ESCAPE).await?;
    window.press("[data-testid=layout-list]").await?;
    album.take(window, "library-list").await?;
    window.write("[data-testid=search]", "sunset").await?;
    album.take(window, "library-none").await?;
    window.press("[data-testid=place-library]").await?;
    window.write("[data-testid=search]", ESCAPE).await?;
    window.press("[data-testid=layout-grid]").await?;
    toast(window, album).await
}

/// A film thrown away and taken back. The message stays while one looks at it.
async fn toast(window: &Window, album: &Album) -> Result<()> {
    window.press("[data-testid=library-item] [data-testid=more]").await?;
    window.press("[data-testid=trash]").await?;
    window.find("[data-testid=toast]").await?;
    let look = "document.querySelector('[data-testid=toast]').parentElement
        .dispatchEvent(new PointerEvent('pointerenter'))";
    window.script(look, &[]).await?;
    album.take(window, "toast").await?;
    window.press("[data-testid=undo]").await?;
    window.says("[data-testid=toast]", "is back").await?;
    window.press("[data-testid=dismiss-toast]").await
}

async fn settings(window: &Window, album: &Album) -> Result<()> {
    window.press("[data-testid=place-settings]").await?;
    album.take_vast(window, "settings").await?;
    window.press("[data-testid=check-vault]").await?;
    window.says("[data-testid=check-result]", "read again").await?;
    album.take(window, "settings-check").await?;
    window.resize(900, 600).await?;
    let foot = "document.querySelector('[data-testid=settings]').scrollTo(0, 1e6)";
    window.script(foot, &[]).await?;
    album.take(window, "settings-foot").await?;
    window.press("[data-testid=place-transfers]").await?;
    window.write("body", "?").await?;
    window.find("[data-testid=shortcuts]").await?;
    album.take(window, "shortcuts").await?;
    window.write("[data-testid=shortcuts]", ESCAPE).await?;
    window.press("[data-testid=limit]").await?;
    album.take(window, "limit").await?;
    window.write("[data-testid=limit-typed]", ESCAPE).await
}

/// What could not be added, said over the list.
async fn notice(scene: &Scene, window: &Window, album: &Album) -> Result<()> {
    let folder = scene.path("Empty card");
    fs::create_dir(&folder)?;
    window.resize(900, 600).await?;
    DragSource::open(scene, &[folder])?.drop_on(window).await?;
    window.find("[data-testid=notice]").await?;
    album.take(window, "notice").await
}

/// The key, as WebDriver writes it.
const ESCAPE: &str = "\u{e00c}";
