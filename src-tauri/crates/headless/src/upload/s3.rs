//! An S3 store as the destination of one run.

use anyhow::Result;
use remotes::Connection;
use remotes::s3::{S3, S3Address, S3Credentials};

use super::credentials;

/// With the keys from the environment: not on the command line, which every process of the machine can read. Nothing is
/// asked of the store yet.
pub(super) fn open(address: &S3Address) -> Result<S3> {
    let keys = S3Credentials::from_variables(|name| std::env::var(name).ok())?;
    let connection = Connection::new(&credentials::connection()?)?;
    Ok(S3::new(address.clone(), keys, connection)?)
}
