//! tus: "Termination".

use anyhow::Result;
use reqwest::Method;

use super::{Desk, noise};

#[tokio::test]
async fn an_upload_that_is_given_up_is_gone_and_its_room_is_free() -> Result<()> {
    let desk = Desk::open(&[])?;
    let address = desk.create("film.mp4", 5000).await?;
    desk.patch(&address, 0, &noise(1, 2000)).await?;
    assert_eq!(desk.tus(Method::DELETE, &address).send().await?.status(), 204, "it goes");
    assert_eq!(desk.parts()?, 0, "and its bytes with it");
    assert_eq!(desk.head(&address).await?.status(), 404, "for good");
    assert_eq!(desk.patch(&address, 2000, &[1]).await?.status(), 404, "nobody sends to it");
    assert_eq!(desk.tus(Method::DELETE, &address).send().await?.status(), 404, "nor gives it up again");
    Ok(())
}

#[tokio::test]
async fn a_finished_upload_goes_with_its_film() -> Result<()> {
    let desk = Desk::open(&[])?;
    let address = desk.create("film.mp4", 5).await?;
    desk.patch(&address, 0, b"bytes").await?;
    desk.assert_film("film.mp4", b"bytes").await?;
    assert_eq!(desk.tus(Method::DELETE, &address).send().await?.status(), 204, "completed uploads can go too");
    assert!(desk.films()?.is_empty(), "the film is the upload's resource");
    assert_eq!(desk.head(&address).await?.status(), 404, "and its address is no more");
    Ok(())
}
