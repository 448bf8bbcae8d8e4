//! Films under their own names, beside whatever the user keeps in the folder.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::time::Duration;

use anyhow::{Context, Result};
use transfer::name::FileName;
use transfer::remote::Remote;

use super::{film, site, with_upload};

#[tokio::test(flavor = "multi_thread")]
async fn films_of_one_name_and_the_users_own_file_stand_side_by_side() -> Result<()> {
    let (_folder, site) = site()?;
    let open = site.open().await?;
    fs::write(site.film("same.mp4"), b"the user's own")?;
    for seed in [1, 2] {
        let film = film(&open, seed).named(FileName::new("same.mp4")?);
        film.deliver(&open.vault).await?;
        site.pass(Duration::from_millis(1));
        let numbered = fs::read(site.film(&format!("same ({}).mp4", seed + 1)))?;
        assert!(numbered == film.bytes, "each film has a name of its own and its own bytes");
    }
    assert_eq!(fs::read(site.film("same.mp4"))?, b"the user's own", "a file that stands there is never replaced");
    let names: Vec<_> = open.library().await?.iter().map(|video| video.name.shown()).collect();
    assert_eq!(names, ["same (3).mp4", "same (2).mp4"], "the library names files as they are, newest first");
    open.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_is_taken_while_its_film_arrives_is_numbered_at_the_end() -> Result<()> {
    let (_folder, site, open, film, handle) = with_upload(3, &[0, 1, 2]).await?;
    fs::create_dir(site.film("film-3.mp4"))?;
    open.vault.complete(&film.completion(&handle, Vec::new())).await?;
    assert!(fs::read(site.film("film-3 (2).mp4"))? == film.bytes, "a folder is in the way as well as a file");
    open.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn any_bytes_of_a_name_are_kept_to_the_byte() -> Result<()> {
    let (folder, site) = site()?;
    let open = site.open().await?;
    let names = [&b"new\nline \xff\xfe.mkv"[..], &[b'n'; 255], b".pawl", "\u{202e}4pm.exe".as_bytes()];
    for (seed, name) in (10..).zip(names) {
        film(&open, seed).named(FileName::new(name)?).deliver(&open.vault).await?;
    }
    for name in [names[0], names[1], b".pawl (2)", names[3]] {
        let path = folder.path().join(OsStr::from_bytes(name));
        fs::metadata(&path).with_context(|| format!("{path:?} must be there"))?;
    }
    open.close().await;
    Ok(())
}
