//! What a person does to finished films: another name, away, and back; also through a crash.

use std::fs;
use std::io;
use std::sync::{Arc, Mutex};

use anyhow::{Context, Result};
use bytes::Bytes;
use futures::TryStreamExt;
use server::ports::{Catalogue, Rename};
use server::vault::VaultError;
use support::vaults::{Open, Site};
use tempfile::TempDir;
use transfer::ids::ObjectId;
use transfer::layout::ByteRange;
use transfer::name::FileName;
use transfer::range::ReadError;
use transfer::remote::Remote;
use transfer::testing::Film;

use super::{film, site};

fn name(text: &str) -> FileName {
    FileName::new(text).expect("a name")
}

/// A vault with one finished film, `film-1.mp4`.
async fn with_film() -> Result<(TempDir, Site, Open, Film, ObjectId)> {
    let (folder, site) = site()?;
    let open = site.open().await?;
    let film = film(&open, 1);
    let object = film.deliver(&open.vault).await?.object;
    Ok((folder, site, open, film, object))
}

async fn names(open: &Open) -> Result<Vec<String>> {
    Ok(open.library().await?.iter().map(|video| video.name.shown()).collect())
}

/// A vault that wrote a rename down and died.
async fn begin_and_die(site: &Site, open: Open, object: &ObjectId, to: &str) -> Result<()> {
    open.close().await;
    let store = site.store().await?;
    store.begin_rename(&Rename { object: object.clone(), name: name(to) }).await?;
    store.close().await;
    Ok(())
}

/// The film is whole under `to`, and nothing is under way any more.
async fn stands_under(site: &Site, film: &Film, object: &ObjectId, to: &str) -> Result<()> {
    let open = site.open().await?;
    assert_eq!(names(&open).await?, [to], "the library knows it by that name");
    assert!(fs::read(site.film(to))? == film.bytes, "its file has that name");
    assert!(open.read(object, film.layout.whole()).await? == film.bytes, "its id reads it");
    open.close().await;
    let store = site.store().await?;
    assert_eq!(store.renames().await?, [], "nothing is left to do");
    store.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_film_that_is_renamed_while_it_is_read_goes_on() -> Result<()> {
    let (_folder, site, open, film, object) = with_film().await?;
    let (reader, fresh) = (open.vault.reader(&object).await?, open.vault.reader(&object).await?);
    let mut changes = open.vault.library_changed();
    let mut reading = reader.read(film.layout.whole()).await?;
    let mut read = vec![reading.try_next().await?.context("a first piece")?];
    open.vault.rename(&object, name("better.mp4")).await?;
    assert!(changes.has_changed()?, "the window hears of it");
    changes.mark_unchanged();
    read.extend(reading.try_collect::<Vec<Bytes>>().await?);
    assert!(read.concat() == film.bytes, "who was reading gets every byte");
    let rest: Vec<Bytes> = fresh.read(film.layout.whole()).await?.try_collect().await?;
    assert!(rest.concat() == film.bytes, "a reader from before the rename reads on");
    assert_eq!(fresh.validator(), object.0, "it is the same object: a player need not begin again");
    assert!(!site.film("film-1.mp4").exists(), "the old name is free");
    open.vault.rename(&object, name("better.mp4")).await?;
    assert!(!changes.has_changed()?, "its own name is no news");
    open.close().await;
    stands_under(&site, &film, &object, "better.mp4").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_storm_of_reads_meets_no_gap_in_a_row_of_renames() -> Result<()> {
    let (_folder, _site, open, film, object) = with_film().await?;
    let done = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let reads = (0..4).map(|_| {
        let (vault, object, done) = (open.vault.clone(), object.clone(), done.clone());
        tokio::spawn(async move {
            let mut count = 0;
            while !done.load(std::sync::atomic::Ordering::SeqCst) {
                let reader = vault.reader(&object).await?;
                let piece: Vec<Bytes> = reader.read(ByteRange::at(5, 100)).await?.try_collect().await?;
                anyhow::ensure!(piece.concat().len() == 100, "a short read");
                count += 1;
                // What is in the page cache is read without a pause: the others must have their turn.
                tokio::task::yield_now().await;
            }
            anyhow::Ok(count)
        })
    });
    let reads: Vec<_> = reads.collect();
    for number in 0..50 {
        open.vault.rename(&object, name(&format!("film {number}.mp4"))).await?;
    }
    done.store(true, std::sync::atomic::Ordering::SeqCst);
    for read in reads {
        assert!(read.await?? > 0, "every read found the film, whatever its name was just then");
    }
    assert!(open.read(&object, film.layout.whole()).await? == film.bytes, "and it is whole");
    open.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_is_taken_is_left_to_whoever_has_it() -> Result<()> {
    let (_folder, site, open, film, object) = with_film().await?;
    super::film(&open, 2).deliver(&open.vault).await?;
    fs::write(site.film("own.mp4"), b"the user's own")?;
    std::os::unix::fs::symlink("nowhere", site.film("link.mp4"))?;
    fs::hard_link(site.film("film-1.mp4"), site.film("twin.mp4"))?;
    for taken in ["film-2.mp4", "own.mp4", "link.mp4", "twin.mp4", ".pawl"] {
        let refused = open.vault.rename(&object, name(taken)).await;
        assert!(matches!(refused, Err(VaultError::NameTaken(_))), "{taken} is another's: {refused:?}");
    }
    assert_eq!(fs::read(site.film("own.mp4"))?, b"the user's own", "nothing is replaced");
    assert!(open.read(&object, film.layout.whole()).await? == film.bytes, "the film is as it was");

    fs::remove_file(site.film("film-2.mp4"))?;
    let refused = open.vault.rename(&object, name("film-2.mp4")).await;
    assert!(matches!(refused, Err(VaultError::NameTaken(_))), "a listed film whose file is gone may come back");
    let long = open.vault.rename(&object, FileName::new(vec![b'n'; 255])?).await;
    assert!(long.is_ok(), "as long as the file system takes: {long:?}");
    open.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_renames_onto_one_name_one_gets_it() -> Result<()> {
    let (_folder, site) = site()?;
    let open = site.open().await?;
    let mut tries = tokio::task::JoinSet::new();
    for seed in 1..6 {
        let object = film(&open, seed).deliver(&open.vault).await?.object;
        let vault = open.vault.clone();
        tries.spawn(async move { vault.rename(&object, name("the.mp4")).await.is_ok() });
    }
    let won = tries.join_all().await.into_iter().filter(|won| *won).count();
    assert_eq!(won, 1, "one name is one film");
    assert_eq!(open.library().await?.len(), 5, "and none is lost");
    open.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_film_whose_file_is_gone_cannot_be_renamed_and_stays_listed() -> Result<()> {
    let (_folder, site, open, _film, object) = with_film().await?;
    fs::rename(site.film("film-1.mp4"), site.film("moved by hand.mp4"))?;
    let refused = open.vault.rename(&object, name("better.mp4")).await;
    assert!(matches!(refused, Err(VaultError::Gone(_))), "there is nothing to rename: {refused:?}");
    assert_eq!(names(&open).await?, ["film-1.mp4"], "its file may come back");
    let nobody = open.vault.rename(&ObjectId("nobody".to_owned()), name("x")).await;
    assert!(matches!(nobody, Err(VaultError::Unknown(_))), "there is no such film: {nobody:?}");
    open.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_after_a_rename_was_written_down_is_taken_up_at_the_move() -> Result<()> {
    let (_folder, site, open, film, object) = with_film().await?;
    begin_and_die(&site, open, &object, "better.mp4").await?;
    stands_under(&site, &film, &object, "better.mp4").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_after_a_renamed_film_moved_is_taken_up_at_the_catalogue() -> Result<()> {
    let (_folder, site, open, film, object) = with_film().await?;
    begin_and_die(&site, open, &object, "better.mp4").await?;
    fs::rename(site.film("film-1.mp4"), site.film("better.mp4"))?;
    stands_under(&site, &film, &object, "better.mp4").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_between_link_and_unlink_leaves_one_name() -> Result<()> {
    let (_folder, site, open, film, object) = with_film().await?;
    begin_and_die(&site, open, &object, "better.mp4").await?;
    fs::hard_link(site.film("film-1.mp4"), site.film("better.mp4"))?;
    stands_under(&site, &film, &object, "better.mp4").await?;
    assert!(!site.film("film-1.mp4").exists(), "the old name goes where a file system can only link");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_somebody_took_during_the_crash_is_left_to_them() -> Result<()> {
    let (_folder, site, open, film, object) = with_film().await?;
    begin_and_die(&site, open, &object, "better.mp4").await?;
    fs::write(site.film("better.mp4"), b"the user's own")?;
    stands_under(&site, &film, &object, "film-1.mp4").await?;
    assert_eq!(fs::read(site.film("better.mp4"))?, b"the user's own", "it is never replaced");
    Ok(())
}

/// A trash in a folder.
fn mover(to: std::path::PathBuf) -> impl FnOnce(&std::path::Path) -> io::Result<()> + Send {
    move |path| fs::rename(path, to)
}

fn back_from(from: std::path::PathBuf) -> impl FnOnce(&std::path::Path) -> io::Result<()> + Send {
    move |path| fs::rename(from, path)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_film_that_is_taken_out_ends_for_its_readers_and_comes_back_as_it_was() -> Result<()> {
    let (folder, site, open, film, object) = with_film().await?;
    let trash = folder.path().join("trash");
    let reader = open.vault.reader(&object).await?;
    let mut reading = reader.read(film.layout.whole()).await?;
    reading.try_next().await?.context("a first piece")?;
    let video = open.vault.take_out(&object, mover(trash.clone())).await?;
    let ended = reading.try_collect::<Vec<Bytes>>().await;
    assert!(matches!(ended, Err(ReadError::Gone)), "who plays it is told that it is gone: {ended:?}");
    let again = reader.read(film.layout.whole()).await.err();
    assert!(matches!(again, Some(ReadError::Gone)), "also at the next range: {again:?}");
    assert!(matches!(open.vault.reader(&object).await, Err(VaultError::Unknown(_))), "and by its id");
    assert_eq!(names(&open).await?, [""; 0], "it is out of the library");
    assert!(fs::read(&trash)? == film.bytes, "and whole where it was moved to");

    let back = open.vault.put_back(video.clone(), back_from(trash)).await?;
    assert_eq!(back, video, "it is back under its old name");
    assert!(open.read(&object, film.layout.whole()).await? == film.bytes, "its id reads it again");
    let whole: Vec<Bytes> = reader.read(film.layout.whole()).await?.try_collect().await?;
    assert!(whole.concat() == film.bytes, "even a reader from before reads it again");
    open.close().await;
    stands_under(&site, &film, &object, "film-1.mp4").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_film_comes_back_under_a_numbered_name_when_its_own_is_taken_meanwhile() -> Result<()> {
    let (folder, site, open, film, object) = with_film().await?;
    let trash = folder.path().join("trash");
    let video = open.vault.take_out(&object, mover(trash.clone())).await?;
    let successor = film.deliver(&open.vault).await?.object;
    assert_ne!(successor, object, "the same sender sent it again, and that is another film");
    let back = open.vault.put_back(video, back_from(trash)).await?;
    assert_eq!(back.name, name("film-1 (2).mp4"), "the answer says under which name");
    assert!(open.read(&object, film.layout.whole()).await? == film.bytes, "it is back");
    assert!(open.read(&successor, film.layout.whole()).await? == film.bytes, "beside the other");
    let handle = open.begin(&film).await?;
    let found = open.vault.status(&handle, &film.layout).await?;
    let transfer::remote::UploadStatus::Completed(completed) = found else { panic!("it is finished: {found:?}") };
    assert_eq!(completed.object, successor, "the sender finds what it sent last");
    open.close().await;
    let store = site.store().await?;
    assert_eq!(store.videos(None, 9).await?.len(), 2, "both are listed");
    store.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_film_that_cannot_be_moved_stays_as_it_is() -> Result<()> {
    let (folder, site, open, film, object) = with_film().await?;
    let refuse = |_: &std::path::Path| Err(io::Error::from(io::ErrorKind::Unsupported));
    let refused = open.vault.take_out(&object, refuse).await;
    let kind = if let Err(VaultError::NotMoved { source, .. }) = &refused { Some(source.kind()) } else { None };
    assert_eq!(kind, Some(io::ErrorKind::Unsupported), "who asked learns why: {refused:?}");
    assert!(open.read(&object, film.layout.whole()).await? == film.bytes, "the film is untouched");

    let trash = folder.path().join("trash");
    let video = open.vault.take_out(&object, mover(trash.clone())).await?;
    let refused = open.vault.put_back(video.clone(), refuse).await;
    assert!(matches!(refused, Err(VaultError::NotMoved { .. })), "it is told: {refused:?}");
    assert_eq!(names(&open).await?, [""; 0], "what could not be brought back is not listed");
    open.vault.put_back(video, back_from(trash)).await?;
    open.close().await;
    stands_under(&site, &film, &object, "film-1.mp4").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_while_a_film_is_taken_out_leaves_it_listed_and_its_file_where_it_went() -> Result<()> {
    let (folder, site, open, film, object) = with_film().await?;
    open.close().await;
    // The file went, and the row not yet.
    let trash = folder.path().join("trash");
    fs::rename(site.film("film-1.mp4"), &trash)?;
    let open = site.open().await?;
    assert_eq!(names(&open).await?, ["film-1.mp4"], "it is listed, and says that its file is gone when it is asked");
    let gone = open.vault.reader(&object).await?.read(film.layout.whole()).await.err();
    assert!(matches!(gone, Some(ReadError::Gone)), "it is not there: {gone:?}");
    let asked = Arc::new(Mutex::new(false));
    let told = asked.clone();
    open.vault
        .take_out(&object, move |_| {
            *told.lock().expect("nobody else holds it") = true;
            Ok(())
        })
        .await?;
    assert!(!*asked.lock().expect("nobody else holds it"), "there is no file to move");
    assert_eq!(names(&open).await?, [""; 0], "its row can be taken away all the same");
    open.close().await;
    Ok(())
}
