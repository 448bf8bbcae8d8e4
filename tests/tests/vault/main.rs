//! The whole vault: a real folder, a real database, and everything that may come between.

mod conformance;
mod names;
mod recovery;
mod rivals;
mod room;
mod scrubbing;
mod shelf;

use std::time::Duration;

use anyhow::{Context, Result};
use support::vaults::{Open, Site};
use tempfile::TempDir;
use transfer::remote::UploadHandle;
use transfer::testing::Film;
use transfer::units::MIB;

/// Long enough for the slowest machine; a test that waits for it has failed.
const DEADLINE: Duration = Duration::from_secs(60);

/// A vault in a folder of its own.
fn site() -> Result<(TempDir, Site)> {
    let folder = TempDir::new()?;
    let site = Site::new(folder.path());
    Ok((folder, site))
}

/// A film of three chunks of 1 MiB, the last one short.
fn film(open: &Open, seed: u64) -> Film {
    Film::new(&open.vault, seed, 3 * MIB - 9)
}

/// A vault with one upload, of which these chunks are there.
async fn with_upload(seed: u64, chunks: &[u32]) -> Result<(TempDir, Site, Open, Film, UploadHandle)> {
    let (folder, site) = site()?;
    let open = site.open().await?;
    let film = film(&open, seed);
    let handle = open.begin(&film).await?;
    open.send(&film, &handle, chunks).await?;
    Ok((folder, site, open, film, handle))
}

/// The end of what must not take for ever.
async fn soon<T>(what: &str, future: impl Future<Output = T>) -> Result<T> {
    tokio::time::timeout(DEADLINE, future).await.with_context(|| format!("waited in vain for {what}"))
}
