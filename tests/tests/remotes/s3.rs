//! S3, against Garage: a store that others wrote.

mod bucket;
mod cached;
mod conformance;
mod corruption;
mod links;
mod names;
mod programs;
mod refusals;
mod unfinished;

use anyhow::Result;
use remotes::s3::{S3, S3Credentials};
use remotes::{Connection, ConnectionSetup};
use support::garage::{Garage, KEY, SECRET};

/// A new driver of a folder in the bucket. It remembers nothing of an earlier one.
fn driver(garage: &Garage, prefix: &str) -> Result<S3> {
    opened(&garage.address(prefix), SECRET)
}

fn opened(address: &str, secret: &str) -> Result<S3> {
    let connection = Connection::new(&ConnectionSetup::default())?;
    Ok(S3::new(address.parse()?, S3Credentials::new(KEY, secret, None), connection)?)
}
