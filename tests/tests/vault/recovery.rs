//! What a crash left behind, crafted on disk step by step, and what the next opening makes of it.

use std::fs::{self, File};
use std::time::Duration;

use anyhow::{Context, Result};
use server::ports::{Ledger, UploadId};
use support::vaults::{Open, Site};
use transfer::layout::ByteRange;
use transfer::name::FileName;
use transfer::remote::{Remote, UploadHandle, UploadStatus};
use transfer::testing::{Film, root_of};

use super::with_upload;

/// Claims the completion of an upload under `name` and stops there, as a vault that dies.
async fn claim_and_die(site: &Site, open: Open, film: &Film, handle: &UploadHandle, name: &str) -> Result<()> {
    open.close().await;
    let store = site.store().await?;
    let (id, name) = (UploadId(handle.0.clone()), FileName::new(name)?);
    store.claim_complete(&id, &name, &root_of(&film.bytes)).await?;
    store.close().await;
    Ok(())
}

/// The film is published under `name`, whole, and its sender finds it.
async fn is_published(site: &Site, film: &Film, handle: &UploadHandle, name: &str) -> Result<()> {
    let open = site.open().await?;
    let status = open.vault.status(handle, &film.layout).await?;
    let UploadStatus::Completed(completed) = status else { panic!("its sender finds the object, not {status:?}") };
    assert!(open.read(&completed.object, film.layout.whole()).await? == film.bytes, "the object is whole");
    assert!(fs::read(site.film(name))? == film.bytes, "the film stands under {name}");
    assert!(site.parts()?.is_empty(), "nothing is left where it arrived");
    assert_eq!(open.library().await?.len(), 1, "it is in the library once");
    let again = open.vault.complete(&film.completion(handle, Vec::new())).await?;
    assert_eq!(again, completed, "finishing again finds the same object");
    open.close().await;
    Ok(())
}

/// The upload must begin again, and can.
async fn begins_again(site: &Site, film: &Film, handle: &UploadHandle) -> Result<()> {
    let open = site.open().await?;
    let status = open.vault.status(handle, &film.layout).await?;
    assert_eq!(status, UploadStatus::Unknown, "its bytes are gone: it must not be called there");
    film.deliver(&open.vault).await.context("it begins again and arrives")?;
    open.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_after_the_claim_is_taken_up_at_the_move() -> Result<()> {
    let (_folder, site, open, film, handle) = with_upload(1, &[0, 1, 2]).await?;
    claim_and_die(&site, open, &film, &handle, "film-1.mp4").await?;
    is_published(&site, &film, &handle, "film-1.mp4").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_after_the_move_is_taken_up_at_the_catalogue() -> Result<()> {
    let (_folder, site, open, film, handle) = with_upload(2, &[0, 1, 2]).await?;
    claim_and_die(&site, open, &film, &handle, "film-2.mp4").await?;
    fs::rename(site.part(&handle), site.film("film-2.mp4"))?;
    is_published(&site, &film, &handle, "film-2.mp4").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claimed_name_that_somebody_took_meanwhile_is_left_to_them() -> Result<()> {
    let (_folder, site, open, film, handle) = with_upload(3, &[0, 1, 2]).await?;
    claim_and_die(&site, open, &film, &handle, "film-3.mp4").await?;
    fs::write(site.film("film-3.mp4"), b"the user's own")?;
    is_published(&site, &film, &handle, "film-3 (2).mp4").await?;
    assert_eq!(fs::read(site.film("film-3.mp4"))?, b"the user's own", "it is never replaced");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claimed_film_that_was_taken_away_begins_again() -> Result<()> {
    let (_folder, site, open, film, handle) = with_upload(4, &[0, 1, 2]).await?;
    claim_and_die(&site, open, &film, &handle, "film-4.mp4").await?;
    fs::remove_file(site.part(&handle))?;
    begins_again(&site, &film, &handle).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_no_upload_owns_is_removed() -> Result<()> {
    let (_folder, site, open, film, handle) = with_upload(5, &[0]).await?;
    open.close().await;
    fs::write(site.part(&UploadHandle("nobody".to_owned())), b"half begun")?;
    let open = site.open().await?;
    assert_eq!(site.parts()?, [site.part(&handle)], "the file of an upload that never began only takes room");
    assert_eq!(open.there(&film, &handle).await?, Some(vec![0]), "what belongs to an upload stays");
    open.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_whose_file_is_missing_or_cut_begins_again() -> Result<()> {
    let (_folder, site, open, film, handle) = with_upload(6, &[0, 2]).await?;
    open.close().await;
    File::options().write(true).open(site.part(&handle))?.set_len(film.layout.size() - 1)?;
    begins_again(&site, &film, &handle).await?;

    let (_folder, site, open, film, handle) = with_upload(7, &[]).await?;
    open.close().await;
    fs::remove_file(site.part(&handle))?;
    begins_again(&site, &film, &handle).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unfinished_object_is_the_same_after_a_restart() -> Result<()> {
    let (_folder, site, open, film, handle) = with_upload(8, &[1]).await?;
    let object = open.vault.object_of(&handle).context("an unfinished upload has its object")?;
    open.close().await;
    let open = site.open().await?;
    assert_eq!(open.vault.object_of(&handle).as_ref(), Some(&object), "If-Range holds over a restart");
    let chunk = film.layout.range(film.chunk(1));
    let there = open.read(&object, ByteRange::at(chunk.start() + 5, 1000)).await?;
    assert!(
        there == film.bytes.slice(chunk.start() as usize + 5..chunk.start() as usize + 1005),
        "its bytes are there"
    );
    open.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_abandoned_upload_expires_and_a_finished_film_never_does() -> Result<()> {
    let (_folder, site, open, film, handle) = with_upload(9, &[0]).await?;
    let kept = super::film(&open, 10);
    let object = kept.deliver(&open.vault).await?.object;
    open.close().await;
    site.pass(Duration::from_secs(8 * 24 * 3600));
    let open = site.open().await?;
    assert_eq!(open.there(&film, &handle).await?, None, "nothing came for a week");
    assert!(site.parts()?.is_empty(), "an expired upload takes no room");
    assert!(open.read(&object, kept.layout.whole()).await? == kept.bytes, "a finished film is not touched");
    open.close().await;
    Ok(())
}
