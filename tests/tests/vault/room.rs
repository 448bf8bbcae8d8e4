//! A disk that is full, read-only or not there.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use rustix::fs::{FallocateFlags, fallocate};
use support::mounts::Tmpfs;
use support::vaults::Site;
use tempfile::TempDir;
use transfer::error::Class;
use transfer::remote::Remote;
use transfer::testing::Film;
use transfer::units::MIB;

use super::film;

/// Writes until nothing more fits.
fn fill(path: &Path) -> Result<()> {
    let mut filler = File::create(path)?;
    for piece in [1 << 16, 1 << 12] {
        while filler.write_all(&vec![1; piece]).is_ok() {}
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_film_that_does_not_fit_is_refused_before_it_begins_with_the_figures() -> Result<()> {
    let folder = TempDir::new()?;
    let disk = Tmpfs::mount(&folder.path().join("disk"), 8 * MIB)?;
    let site = Site::new(disk.path());
    let open = site.open().await?;
    let large = Film::new(&open.vault, 1, 16 * MIB);
    let refused = open.vault.begin(&large.upload()).await.expect_err("it cannot fit");
    let Class::NoSpace { needed: Some(needed), free: Some(free) } = refused.class else {
        panic!("the figures are known: {refused:?}")
    };
    assert!(needed >= 16 * MIB, "the film itself is needed: {needed}");
    assert!(free < 8 * MIB, "the disk has less than its size: {free}");
    assert!(site.parts()?.is_empty(), "what was refused takes no room");

    let first = Film::new(&open.vault, 2, 5 * MIB);
    open.begin(&first).await.context("this one fits")?;
    let second = Film::new(&open.vault, 3, 5 * MIB);
    let refused = open.vault.begin(&second.upload()).await.expect_err("the room is promised to the first");
    assert!(matches!(refused.class, Class::NoSpace { .. }), "two that do not fit together do not both begin");
    first.deliver(&open.vault).await.context("the promise holds")?;
    open.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_fills_up_in_the_middle_leaves_the_upload_to_go_on() -> Result<()> {
    let folder = TempDir::new()?;
    let disk = Tmpfs::mount(&folder.path().join("disk"), 8 * MIB)?;
    let site = Site::apart(disk.path(), &folder.path().join("database"));
    let open = site.open().await?;
    let film = film(&open, 4);
    let handle = open.begin(&film).await?;
    open.send(&film, &handle, &[0]).await?;
    // As on a file system that cannot reserve: the rest of the film has no room of its own.
    let part = File::options().write(true).open(site.part(&handle))?;
    fallocate(&part, FallocateFlags::PUNCH_HOLE | FallocateFlags::KEEP_SIZE, MIB, 2 * MIB)?;
    let filler = disk.path().join("the user's own files");
    fill(&filler)?;

    let refused = open.vault.put_chunk(film.put(&handle, film.chunk(1))).await.expect_err("there is no room");
    let needed = Some(2 * MIB - 9);
    assert!(matches!(refused.class, Class::NoSpace { needed: n, free: Some(_) } if n == needed), "{refused:?}");
    assert_eq!(open.there(&film, &handle).await?, Some(vec![0]), "what was acknowledged stays");
    open.close().await;
    let open = site.open().await.context("a full vault opens: its films can be watched")?;
    assert_eq!(open.there(&film, &handle).await?, Some(vec![0]), "over a restart too");

    fs::remove_file(filler)?;
    open.send(&film, &handle, &[1, 2]).await.context("with room again it goes on")?;
    let completed = open.vault.complete(&film.completion(&handle, Vec::new())).await?;
    assert!(open.read(&completed.object, film.layout.whole()).await? == film.bytes, "and is right");
    open.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_only_folder_is_told_as_that() -> Result<()> {
    let folder = TempDir::new()?;
    let disk = Tmpfs::mount(&folder.path().join("disk"), 8 * MIB)?;
    let site = Site::apart(disk.path(), &folder.path().join("database"));
    let open = site.open().await?;
    disk.read_only()?;
    let refused = open.vault.begin(&film(&open, 5).upload()).await.expect_err("nothing can be written");
    assert_eq!(refused.class, Class::Fatal, "trying again does not make it writable");
    assert!(refused.context.contains("read-only"), "the sentence says why: {}", refused.context);
    open.close().await;

    let error = site.open().await.expect_err("a vault must be able to write").to_string();
    let clear = error.contains("read-only") && error.contains(disk.path().to_str().context("a plain path")?);
    assert!(clear, "one sentence names the folder and the reason: {error}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_disappears_is_waited_for() -> Result<()> {
    let folder = TempDir::new()?;
    let (here, away) = (folder.path().join("vault"), folder.path().join("away"));
    fs::create_dir(&here)?;
    let site = Site::apart(&here, &folder.path().join("database"));
    let open = site.open().await?;
    let film = film(&open, 6);
    let handle = open.begin(&film).await?;
    open.send(&film, &handle, &[0, 1, 2]).await?;
    fs::rename(&here, &away)?;
    let refused = open.vault.begin(&super::film(&open, 7).upload()).await.expect_err("there is no folder");
    assert_eq!(refused.class, Class::Transient, "a disk that was pulled out may come back: {refused}");
    let refused = open.vault.complete(&film.completion(&handle, Vec::new())).await.expect_err("there is no folder");
    assert_eq!(refused.class, Class::Transient, "a film that arrived is not given up for that: {refused}");

    fs::rename(&away, &here)?;
    let completed = open.vault.complete(&film.completion(&handle, Vec::new())).await?;
    assert!(open.read(&completed.object, film.layout.whole()).await? == film.bytes, "it came back and goes on");
    open.close().await;
    Ok(())
}
