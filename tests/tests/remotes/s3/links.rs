//! Links into a bucket: a store lets in whoever has one, for as long as it says and for that object alone.

use std::time::Duration;

use anyhow::{Context, Result};
use support::garage::Garage;
use support::http::client;
use support::programs::PATIENCE;
use transfer::name::FileName;
use transfer::testing::Film;

use super::driver;

#[tokio::test]
async fn a_store_lets_in_whoever_has_a_link_until_it_expires() -> Result<()> {
    let garage = Garage::start()?;
    let remote = driver(&garage, "raw")?;
    let film = Film::new(&remote, 1, 1000).named(FileName::new("a film + ä.mov")?);
    let object = film.deliver(&remote).await?.object;
    let link = remote.link(&object, Duration::from_secs(3600))?;
    let part = client().get(&link.url).header("range", "bytes=2-5").send().await?;
    assert_eq!(part.status(), 206, "without keys, by ranges");
    assert_eq!(part.bytes().await?.len(), 4, "four bytes of it");
    let altered = link.url.replace("X-Amz-Expires=3600", "X-Amz-Expires=3601");
    assert_eq!(client().get(&altered).send().await?.status(), 403, "a second longer is another link");
    let short = remote.link(&object, Duration::from_secs(1))?;
    let over = async {
        // Stores differ in how they say no (Garage: 400, Amazon: 403).
        while client().get(&short.url).send().await?.status().is_success() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        anyhow::Ok(())
    };
    tokio::time::timeout(PATIENCE, over).await.context("its second is over")?
}
