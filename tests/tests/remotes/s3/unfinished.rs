//! What lies unfinished in a bucket: listed with what is there, given up, taken over.

use anyhow::{Context, Result};
use support::garage::Garage;
use transfer::remote::Remote;
use transfer::testing::Film;

use super::driver;

#[tokio::test]
async fn what_lies_unfinished_is_listed_and_can_be_given_up() -> Result<()> {
    let garage = Garage::start()?;
    let (ours, others) = (driver(&garage, "a")?, driver(&garage, "ab")?);
    let film = Film::new(&ours, 1, 9_000_000);
    let handle = ours.begin(&film.upload()).await?;
    ours.put_chunk(film.put(&handle, film.chunk(0))).await?;
    others.begin(&Film::new(&others, 2, 5000).upload()).await?;
    let unfinished = ours.unfinished().await?;
    let [one] = unfinished.as_slice() else { anyhow::bail!("another folder is none of ours: {unfinished:?}") };
    assert_eq!(one.received, Some(8 << 20), "the part that is there, and not the mark");
    assert!(one.begun_at.is_some_and(|at| at > 1_600_000_000_000), "when it was begun: {one:?}");
    assert!(ours.is_of(&handle, one), "a transfer knows its own upload");
    ours.give_up(one).await?;
    assert_eq!(ours.unfinished().await?, [], "it is gone");
    ours.give_up(one).await.context("one that is gone is as good")?;
    Ok(())
}

#[tokio::test]
async fn another_programs_upload_is_taken_over_by_who_begins_under_its_name() -> Result<()> {
    let garage = Garage::start()?;
    let (theirs, ours) = (driver(&garage, "a")?, driver(&garage, "a")?);
    theirs.begin(&Film::new(&theirs, 1, 5000).upload()).await?;
    let orphan = ours.unfinished().await?.pop().context("it lies there")?;
    let mut mine = Film::new(&ours, 1, 5000).upload();
    mine.transfer = transfer::ids::TransferId::random();
    assert_eq!(ours.first_key(&mine.placing.folders, &mine.name), orphan.key, "the same name");
    ours.adopt(&orphan, mine.transfer).await?;
    let handle = ours.begin(&mine).await?;
    assert!(ours.is_of(&handle, &orphan), "no second upload is begun");
    assert_eq!(ours.unfinished().await?.len(), 1, "nor does one stay behind");
    Ok(())
}
