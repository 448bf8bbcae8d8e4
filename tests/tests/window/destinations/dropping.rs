//! With more than one destination a drop goes to the one on which it falls.

use std::fs;

use anyhow::{Context, Result};
use support::films::blake3;
use support::window::{DragSource, scene};

use super::super::film;
use super::{at_destinations, home, paste, save};

#[test]
fn a_drop_goes_to_the_destination_beneath_the_pointer() -> Result<()> {
    scene("drop-on-one", async |scene| {
        let folder = scene.path("archive disk");
        fs::create_dir(&folder)?;
        let window = at_destinations(scene).await?;
        paste(&window, folder.to_str().context("a plain path")?, "Folder").await?;
        save(&window, "archive disk").await?;
        window.press("[data-testid=place-transfers]").await?;
        let (there, here) = (film(scene, "there.mov", 1)?, film(scene, "here.mov", 2)?);
        for (film, target, name) in
            [(&there, "drop-on-archive disk", "there.mov"), (&here, "drop-on-This computer", "here.mov")]
        {
            let source = DragSource::open(scene, std::slice::from_ref(film))?;
            source.drop_onto(&window, &format!("[data-testid=\"{target}\"]")).await?;
            window.until_row(name, &["done"]).await?;
            window.until_no("[data-testid=drop-overlay]").await?;
        }
        let [in_folder, in_vault] = [folder.join("there.mov"), home(scene).join("Pawl/here.mov")];
        assert_eq!(blake3(&in_folder)?, blake3(&there)?, "it fell on the folder");
        assert_eq!(blake3(&in_vault)?, blake3(&here)?, "it fell on this computer");
        assert!(!folder.join("here.mov").exists(), "and nowhere else");
        assert!(!home(scene).join("Pawl/there.mov").exists(), "and nowhere else");
        window.says("[data-testid=\"where-there.mov\"]", "archive disk").await.map(drop)
    })
}
