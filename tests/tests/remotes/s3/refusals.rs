//! What a store refuses is told so that a person knows what to do, and tells no secret.

use std::error::Error;

use anyhow::Result;
use support::garage::{Garage, SECRET};
use transfer::error::{Class, RemoteError};
use transfer::remote::Remote;
use transfer::testing::Film;

use super::opened;

/// What beginning at this address ends with.
async fn refused(address: &str, secret: &str) -> Result<RemoteError> {
    let remote = opened(address, secret)?;
    let film = Film::new(&remote, 1, 1000);
    let error = remote.begin(&film.upload()).await.expect_err("it must be refused");
    let mut said = format!("{error:?} {remote:?}");
    let mut cause: Option<&dyn Error> = Some(&error);
    while let Some(error) = cause {
        said += &error.to_string();
        cause = error.source();
    }
    for hidden in [secret, "X-Amz", "Signature="] {
        assert!(!said.contains(hidden), "{hidden} must not be told: {said}");
    }
    Ok(error)
}

#[tokio::test]
async fn a_wrong_secret_a_wrong_bucket_and_a_wrong_region_have_their_sentences() -> Result<()> {
    let garage = Garage::start()?;
    let wrong = SECRET.replace('0', "f");
    let secret = refused(&garage.address(""), &wrong).await?;
    assert_eq!(secret.class, Class::Denied, "the person must look at the keys: {secret:?}");
    let bucket = refused(&garage.address("").replace("films", "filme"), SECRET).await?;
    assert_eq!(bucket.class, Class::Fatal, "no bucket comes by waiting: {bucket:?}");
    assert!(bucket.context.contains("no bucket"), "{bucket:?}");
    let region = refused(&garage.address("").replace("region=garage", "region=eu-1"), SECRET).await?;
    assert_eq!(region.class, Class::Fatal, "nor another region: {region:?}");
    assert!(region.context.contains("region"), "{region:?}");
    Ok(())
}

#[tokio::test]
async fn a_store_that_is_not_there_is_waited_for() -> Result<()> {
    let mut garage = Garage::start()?;
    garage.kill()?;
    let gone = refused(&garage.address(""), SECRET).await?;
    assert_eq!(gone.class, Class::Transient, "it may come back: {gone:?}");
    Ok(())
}
