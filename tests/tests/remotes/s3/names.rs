//! One key, one film: nothing is written over, and beginning twice begins once.

use anyhow::{Context, Result, ensure};
use remotes::s3::{S3, S3Credentials};
use remotes::{Connection, ConnectionSetup};
use support::garage::{BUCKET, Garage, KEY, REGION, SECRET};
use transfer::error::Class;
use transfer::name::FileName;
use transfer::placing::Taken;
use transfer::remote::{Remote, UploadStatus};
use transfer::testing::Film;

use super::bucket::Look;
use super::driver;

fn film(remote: &dyn Remote, seed: u64, size: u64) -> Result<Film> {
    Ok(Film::new(remote, seed, size).named(FileName::new("film.mov")?))
}

#[tokio::test]
async fn a_taken_name_is_left_alone_and_the_film_gets_the_next() -> Result<()> {
    let garage = Garage::start()?;
    let (look, remote) = (Look::at(&garage)?, driver(&garage, "raw")?);
    look.put("raw/film.mov", "somebody else's").await?;
    let done = film(&remote, 1, 1000)?.deliver(&remote).await?;
    assert_eq!(done.object.0, "s3://films/raw/film (2).mov", "as the vault does it");
    assert_eq!(look.get("raw/film.mov").await?, "somebody else's", "what was there stays");
    let again = film(&remote, 2, 1001)?.deliver(&remote).await?;
    assert_eq!(again.object.0, "s3://films/raw/film (3).mov", "and so on");
    let same = film(&remote, 2, 1001)?;
    let found = remote.status(&remote.begin(&same.upload()).await?, &same.layout).await?;
    assert_eq!(found, UploadStatus::Completed(again), "the very same upload is found, not sent beside itself");
    assert!(look.open_uploads().await?.is_empty(), "nothing half is left behind");
    Ok(())
}

#[tokio::test]
async fn a_name_that_is_taken_while_the_film_travels_is_left_alone() -> Result<()> {
    let garage = Garage::start()?;
    let (look, remote) = (Look::at(&garage)?, driver(&garage, "")?);
    let film = film(&remote, 3, 5000)?;
    let handle = remote.begin(&film.upload()).await?;
    let receipts = film.send(&remote, &handle, film.layout.indices()).await?;
    look.put("film.mov", "quicker").await?;
    let late = remote.complete(&film.completion(&handle, receipts)).await;
    assert_eq!(late.err().map(|error| error.class), Some(Class::Expired), "it begins again, under the next name");
    assert!(look.open_uploads().await?.is_empty(), "the upload that has no name any more is given up");
    let done = film.deliver(&remote).await?;
    assert_eq!(done.object.0, "s3://films/film (2).mov", "both are kept");
    assert_eq!(look.get("film.mov").await?, "quicker", "nothing was written over");
    Ok(())
}

#[tokio::test]
async fn an_upload_is_found_again_by_a_driver_that_remembers_nothing() -> Result<()> {
    let garage = Garage::start()?;
    let (look, first) = (Look::at(&garage)?, driver(&garage, "a")?);
    let film = film(&first, 4, 5000)?;
    let handle = first.begin(&film.upload()).await?;
    assert_eq!(driver(&garage, "a")?.begin(&film.upload()).await?, handle, "an empty one, whose reply was lost");
    film.send(&first, &handle, film.layout.indices()).await?;
    assert_eq!(driver(&garage, "a")?.begin(&film.upload()).await?, handle, "one with parts");
    assert_eq!(look.open_uploads().await?.len(), 1, "there is one upload");
    let other = Film::new(&first, 5, 5000).named(film.name.clone());
    let beside = first.begin(&other.upload()).await?;
    assert_ne!(beside, handle, "another film of that name is another upload");
    assert!(beside.0.contains("film (2).mov"), "and keeps off its key: {beside:?}");
    Ok(())
}

#[tokio::test]
async fn a_mark_is_found_behind_more_parts_than_a_page_has() -> Result<()> {
    let garage = Garage::start()?;
    let (look, first) = (Look::at(&garage)?, driver(&garage, "long")?);
    let film = film(&first, 7, 5000)?;
    let handle = first.begin(&film.upload()).await?;
    let id = look.open_uploads().await?.pop().context("it is open")?;
    look.put_parts("long/film.mov", &id, 1..=1005).await?;
    let again = driver(&garage, "long")?.begin(&film.upload()).await?;
    assert_eq!(again, handle, "the list is read to its end");
    Ok(())
}

#[tokio::test]
async fn a_bucket_may_be_named_by_the_host() -> Result<()> {
    let garage = Garage::start()?;
    // No name service knows the host; the store, taken for a proxy, is reached all the same.
    let setup = ConnectionSetup { proxy: Some(garage.endpoint()), ..ConnectionSetup::default() };
    let address = format!("s3://{BUCKET}/by-host?endpoint=http://s3.localhost&region={REGION}&style=virtual");
    let remote = S3::new(address.parse()?, S3Credentials::new(KEY, SECRET, None), Connection::new(&setup)?)?;
    let film = film(&remote, 8, 5000)?;
    let done = film.deliver(&remote).await?;
    assert_eq!(done.object.0, "s3://films/by-host/film.mov", "the object is called the same");
    let objects = Look::at(&garage)?.objects().await?;
    assert_eq!(objects, ["by-host/film.mov"], "and is in the same bucket");
    Ok(())
}

#[tokio::test]
async fn many_films_of_one_name_at_once_are_as_many_objects() -> Result<()> {
    let garage = Garage::start()?;
    let (look, remote) = (Look::at(&garage)?, driver(&garage, "crowd")?);
    let films: Vec<Film> = (10..14).map(|seed| film(&remote, seed, 4000 + seed)).collect::<Result<_>>()?;
    let deliveries = films.iter().map(|film| film.deliver(&remote));
    for delivered in futures::future::join_all(deliveries).await {
        delivered?;
    }
    let mut keys = look.objects().await?;
    keys.sort();
    let wanted = ["crowd/film (2).mov", "crowd/film (3).mov", "crowd/film (4).mov", "crowd/film.mov"];
    assert_eq!(keys, wanted, "each has a name of its own");
    Ok(())
}

#[tokio::test]
async fn an_empty_film_arrives_and_leaves_no_open_upload() -> Result<()> {
    let garage = Garage::start()?;
    let (look, remote) = (Look::at(&garage)?, driver(&garage, "")?);
    let film = film(&remote, 6, 0)?;
    let handle = remote.begin(&film.upload()).await?;
    let done = remote.complete(&film.completion(&handle, Vec::new())).await?;
    assert_eq!(look.get("film.mov").await?, "", "it is there, and empty");
    assert!(look.open_uploads().await?.is_empty(), "the upload that kept its name is gone");
    let status = remote.status(&handle, &film.layout).await?;
    assert_eq!(status, UploadStatus::Completed(done), "and it is found again");
    remote.abort(&handle).await.context("giving up what is finished does no harm")?;
    assert_eq!(look.objects().await?, ["film.mov"], "and takes nothing away");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn another_uploads_name_is_neither_skipped_nor_what_is_replaced() -> Result<()> {
    let garage = Garage::start()?;
    let (theirs, ours) = (driver(&garage, "a")?, driver(&garage, "a")?);
    let look = Look::at(&garage)?;
    // Another film has begun under the name, and may never be finished; a third stands under the next.
    let begun = Film::new(&theirs, 1, 9 << 20);
    let handle = theirs.begin(&begun.upload()).await?;
    theirs.put_chunk(begun.put(&handle, begun.chunk(0))).await?;
    look.put(&format!("a/{}", begun.name.numbered(2).shown()), "mine").await?;
    let named = |seed, taken| Film::new(&ours, seed, 1000).named(begun.name.clone()).where_taken(taken);
    let skipping = named(2, Taken::Skip);
    ensure!(ours.begin(&skipping.upload()).await.is_ok(), "there is no film of that name: it must not be skipped");
    named(3, Taken::Replace).deliver(&ours).await?;
    let kept = look.get(&format!("a/{}", begun.name.numbered(2).shown())).await?;
    ensure!(kept == "mine", "a film that nobody wanted to replace is untouched");
    Ok(())
}
