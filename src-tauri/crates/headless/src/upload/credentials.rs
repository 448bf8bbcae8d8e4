//! What lets us in, and whom we trust: from the environment, for every process of the machine can read a command line.

use std::env::{self, VarError};
use std::fs;

use anyhow::{Context, Result, bail};
use remotes::ConnectionSetup;

/// The token for a server.
pub(super) const TOKEN: &str = "PAWL_TOKEN";
/// A file with certificates of authorities to trust besides the system's, in PEM.
const AUTHORITIES: &str = "PAWL_CA_FILE";

/// The token, if there is one.
pub(super) fn token() -> Result<Option<String>> {
    match env::var(TOKEN) {
        Ok(token) => Ok(Some(token.trim().to_owned())),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => bail!("{TOKEN} is no text"),
    }
}

/// How to connect.
pub(super) fn connection() -> Result<ConnectionSetup> {
    let authorities = match env::var_os(AUTHORITIES) {
        Some(path) => fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?,
        None => Vec::new(),
    };
    Ok(ConnectionSetup { authorities, proxy: None })
}
