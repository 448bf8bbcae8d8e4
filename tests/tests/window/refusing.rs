//! What cannot be taken is said, and nothing else suffers.

use anyhow::Result;
use rustix::fs::{CWD, FileType, Mode, mknodat};
use support::window::{DragSource, Launch, scene};

use super::{assert_kept, film};

#[test]
fn empty_folders_pipes_and_missing_files_are_refused_by_name_beside_a_film_that_arrives() -> Result<()> {
    scene("refusals", async |scene| {
        let (folder, pipe, missing) = (scene.path("holidays"), scene.path("pipe.mov"), scene.path("missing.mov"));
        std::fs::create_dir(&folder)?;
        mknodat(CWD, &pipe, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0)?;
        let film = film(scene, "fine.mov", 1)?;
        let window = scene.open(&[&pipe, &film, &missing]).await?;
        window.until_row("fine.mov", &["done"]).await?;
        window.says("[data-testid=notice]", "pipe.mov").await?;
        window.says("[data-testid=notice]", "missing.mov").await?;
        DragSource::open(scene, &[folder])?.drop_on(&window).await?;
        window.says("[data-testid=notice]", "holidays was not added: there is no file in it").await?;
        for name in ["pipe.mov", "missing.mov", "holidays"] {
            assert_eq!(window.row(name).await?, None, "what was refused is no transfer");
        }
        assert_kept(scene, &film)
    })
}

#[test]
fn a_second_app_on_the_same_state_says_why_it_cannot_start_and_the_first_goes_on() -> Result<()> {
    scene("two", async |scene| {
        let first = scene.open(&[]).await?;
        first.find("[data-testid=welcome]").await?;
        let film = film(scene, "second.mov", 1)?;
        let second = scene.launch(Launch::on(&scene.state()).files([&film])).await?;
        second.says("main", "cannot be loaded").await?;
        second.quit().await?;
        first.find("[data-testid=welcome]").await?;
        first.limit(Some(3)).await
    })
}
