//! A Pawl server as the destination of one run.

use anyhow::{Context, Result};
use remotes::Connection;
use remotes::native::Native;

use super::credentials::{self, TOKEN};

/// Asks nothing of it yet: a server that is away now is waited for.
pub(super) fn open(address: &str) -> Result<Native> {
    let connection = Connection::new(&credentials::connection()?)?;
    let token = credentials::token()?;
    Native::new(connection, address, token.as_deref()).with_context(|| format!("the address or {TOKEN} cannot be used"))
}
