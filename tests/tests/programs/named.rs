//! `--to NAME`: a destination that was set up in the app.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;
use support::films::{blake3, noise};
use support::programs::{Talker, upload_to};

use super::Desk;

/// What the app wrote down: two vaults, one of them at 2 MB a second.
fn set_up(desk: &Desk) -> Result<()> {
    let folder = desk.path("data/pawl");
    fs::create_dir_all(&folder)?;
    let vault = |name: &str| desk.path(name).display().to_string();
    let book = format!(
        "[[destination]]\nid = \"slow\"\nname = \"Attic\"\nlimit = 2000000\nplace = {{ kind = \"vault\", folder = {:?} }}\n\n\
         [[destination]]\nid = \"fast\"\nname = \"Desk\"\nplace = {{ kind = \"vault\", folder = {:?} }}\n",
        vault("attic"),
        vault("vault"),
    );
    Ok(fs::write(folder.join("destinations.toml"), book)?)
}

fn sent_to(desk: &Desk, name: &str, film: &Path) -> Result<(Option<i32>, Duration)> {
    let begun = Instant::now();
    let mut command = upload_to(&[film], name.as_ref(), &desk.path(&format!("state-{name}")))?;
    let (status, _) = Talker::start(command.env("XDG_DATA_HOME", desk.path("data")))?.end()?;
    Ok((status.code(), begun.elapsed()))
}

#[test]
fn a_film_goes_to_where_the_name_says_and_no_faster_than_its_limit() -> Result<()> {
    let desk = Desk::new()?;
    set_up(&desk)?;
    let film = desk.path("film.mp4");
    noise(&film, 1, 8_000_000)?;
    let (code, took) = sent_to(&desk, "Attic", &film)?;
    assert_eq!(code, Some(0), "it arrives");
    assert_eq!(blake3(&desk.path("attic/film.mp4"))?, blake3(&film)?, "in that vault");
    // No faster than said is no matter of the machine: it can only be slower.
    assert!(took > Duration::from_millis(3600), "8 MB at 2 MB/s take four seconds, not {took:?}");
    let (code, _) = sent_to(&desk, "Desk", &film)?;
    assert_eq!(code, Some(0), "the other one has no limit");
    assert_eq!(blake3(&desk.vault().join("film.mp4"))?, blake3(&film)?, "and gets it too");
    Ok(())
}

#[test]
fn a_name_that_nobody_set_up_is_refused_with_those_that_somebody_did() -> Result<()> {
    let desk = Desk::new()?;
    set_up(&desk)?;
    let film = desk.path("film.mp4");
    noise(&film, 2, 1000)?;
    let mut command = upload_to(&[&film], "Cellar".as_ref(), &desk.state())?;
    let output = command.env("XDG_DATA_HOME", desk.path("data")).output()?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
    assert!(!output.status.success(), "there is no such destination");
    assert!(said.contains("Cellar") && said.contains("Attic, Desk"), "it says which there are: {said}");
    Ok(())
}
