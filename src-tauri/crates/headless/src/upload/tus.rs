//! A tus server as the destination of one run.

use anyhow::{Context, Result};
use remotes::tus::{Access, Tus, TusSetup, Url};
use transfer::ids::DestinationId;

use super::credentials::{self, TOKEN};

/// Asks the server what it can do. One that cannot be reached now ends the run: a person may have mistyped it, and a
/// script starts again.
pub(super) async fn connect(endpoint: &Url) -> Result<Tus> {
    let setup = TusSetup { endpoint: endpoint.clone(), access: access()?, connection: credentials::connection()? };
    // The host alone: the address may hold what nobody should read.
    let host = endpoint.host_str().unwrap_or_default();
    Tus::connect(setup).await.with_context(|| format!("the tus server at {host} cannot be used"))
}

/// The destination's name in the journal.
pub(super) fn id(endpoint: &Url) -> DestinationId {
    DestinationId(format!("tus+{endpoint}"))
}

/// The address without a question or a mark: they may hold what lets somebody in.
pub(super) fn shown(endpoint: &Url) -> String {
    let mut bare = endpoint.clone();
    bare.set_query(None);
    bare.set_fragment(None);
    format!("tus+{bare}")
}

fn access() -> Result<Access> {
    match credentials::token()? {
        Some(token) => Access::bearer(&token).with_context(|| format!("{TOKEN} cannot be used")),
        None => Ok(Access::default()),
    }
}
