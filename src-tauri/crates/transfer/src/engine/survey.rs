//! The first look at files that shall be added: each is opened once, for its fingerprint.

use std::path::{Path, PathBuf};

use futures::{StreamExt, stream};

use super::messages::{Candidate, Surveyed};
use super::words::{AddOrder, Refusal};
use crate::placing::Placement;
use crate::source::Sources;

/// So many files are looked at at once: a folder of films on a slow card should not take minutes.
const AT_ONCE: usize = 8;

/// Looks at every file of an order. Nothing is written down yet.
pub(super) async fn survey(sources: &dyn Sources, order: AddOrder) -> Surveyed {
    let AddOrder { batch, files, destination, placement } = order;
    let looks = stream::iter(files).map(|path| look(sources, &placement, path));
    Surveyed { batch, destination, candidates: looks.buffered(AT_ONCE).collect().await }
}

async fn look(sources: &dyn Sources, placement: &Placement, path: PathBuf) -> Result<Candidate, Refusal> {
    // A link is called what it is called, not what it leads to.
    let placed = placement.of(&path);
    let path = settled(&path).await;
    let source = sources.open(&path, None).await?;
    let (name, placing) = placed?;
    Ok(Candidate { name, placing, fingerprint: source.fingerprint().clone(), path })
}

/// The path by which the file is known from now on: the same whatever way leads to it, and from whatever folder.
pub(super) async fn settled(path: &Path) -> PathBuf {
    match tokio::fs::canonicalize(path).await {
        Ok(path) => path,
        // It is not there, or not a file of this machine: opening says which.
        Err(_) => std::path::absolute(path).unwrap_or_else(|_| path.to_owned()),
    }
}
