//! Uploads that lie unfinished on a destination: listed, given up, or taken over by a transfer of ours. Invariant: one
//! that a transfer of ours goes on with is nobody's orphan, and is left alone here.

use headless::destinations::Driver;
use remotes::native;
use remotes::s3::{S3, Unfinished};
use transfer::engine::{Engine, Snapshot};
use transfer::error::RemoteError;
use transfer::ids::DestinationId;
use transfer::remote::{Remote, UploadHandle};
use transfer::state::TransferState;

use super::editing::said;
use super::patrol::all;
use super::{Destinations, is_vault, sentence};
use crate::error::Error;
use crate::rows::shown_path;
use crate::view::{OrphanView, OrphansView};

/// What is said where there is no list.
const UNTOLD: &str = "This server does not tell what lies unfinished on it.";

impl Destinations {
    /// What lies there, ours too.
    pub(crate) async fn orphans(&self, id: &DestinationId, engine: &Engine) -> Result<OrphansView, Error> {
        let none = |sentence: &str| OrphansView { orphans: Vec::new(), sentence: Some(sentence.to_owned()) };
        if is_vault(id) {
            return Ok(none("A vault clears up after itself: what gets no more bytes for a week goes."));
        }
        match self.driver(id)? {
            Driver::Tus(_) => Ok(none(UNTOLD)),
            Driver::Server(server) => {
                let (unfinished, transfers) = (server.unfinished().await.map_err(failed)?, ours(engine, id).await);
                let orphans = unfinished.into_iter().map(|one| at_server(one, &transfers)).collect();
                Ok(OrphansView { orphans, sentence: None })
            }
            Driver::S3(s3) => {
                let (unfinished, transfers) = (s3.unfinished().await.map_err(failed)?, ours(engine, id).await);
                let orphans = unfinished.iter().map(|one| view(&s3, one, &transfers)).collect();
                Ok(OrphansView { orphans, sentence: None })
            }
        }
    }

    /// Gives one up.
    pub(crate) async fn abort_orphan(&self, id: &DestinationId, orphan: &str, engine: &Engine) -> Result<(), Error> {
        let taken = || said("A transfer in the list goes on with that upload. Cancel the transfer instead.");
        let transfers = ours(engine, id).await;
        if let Driver::Server(server) = self.driver(id)? {
            let handle = UploadHandle(orphan.to_owned());
            let owned = transfers.iter().any(|transfer| transfer.handle.as_ref() == Some(&handle));
            return if owned { Err(taken()) } else { server.abort(&handle).await.map_err(failed) };
        }
        let (s3, unfinished) = self.orphan(id, orphan)?;
        if owner(&s3, &unfinished, &transfers).is_some() {
            return Err(taken());
        }
        s3.give_up(&unfinished).await.map_err(failed)
    }

    /// Lets a transfer of ours go on with it.
    pub(crate) async fn adopt_orphan(&self, id: &DestinationId, orphan: &str, engine: &Engine) -> Result<(), Error> {
        let (s3, unfinished) = self.orphan(id, orphan)?;
        let transfers = ours(engine, id).await;
        if owner(&s3, &unfinished, &transfers).is_some() {
            return Err(said("A transfer in the list goes on with that upload already."));
        }
        let none = || said("No film of that name waits to go there. Add it, pause it, and try again.");
        let heir = transfers.iter().find(|transfer| fits(&s3, &unfinished, transfer)).ok_or_else(none)?;
        s3.adopt(&unfinished, heir.upload).await.map_err(failed)
    }

    fn orphan(&self, id: &DestinationId, orphan: &str) -> Result<(std::sync::Arc<S3>, Unfinished), Error> {
        match self.driver(id)? {
            Driver::S3(s3) => Ok((s3, named(orphan).ok_or_else(|| said("There is no such upload."))?)),
            Driver::Server(_) => Err(said("A server knows by its sender what to go on with: add the film again.")),
            Driver::Tus(_) => Err(said(UNTOLD)),
        }
    }
}

fn at_server(unfinished: native::Unfinished, transfers: &[Snapshot]) -> OrphanView {
    let is_of = |transfer: &&Snapshot| transfer.handle.as_ref() == Some(&unfinished.handle);
    OrphanView {
        id: unfinished.handle.0.clone(),
        name: shown_path(unfinished.name.as_ref()),
        size: Some(unfinished.size),
        received: Some(unfinished.received),
        begun_at: Some(unfinished.begun_at.0),
        transfer: transfers.iter().find(is_of).map(|transfer| transfer.id.to_string()),
        // Its sender finds it by itself: the upload has its name.
        adoptable: false,
    }
}

fn view(s3: &S3, unfinished: &Unfinished, transfers: &[Snapshot]) -> OrphanView {
    let transfer = owner(s3, unfinished, transfers).map(|transfer| transfer.id.to_string());
    OrphanView {
        id: serde_json::json!([unfinished.key, unfinished.id, unfinished.received]).to_string(),
        name: shown_path(unfinished.key.as_ref()),
        // A store learns the size when the upload is finished.
        size: None,
        received: unfinished.received,
        begun_at: unfinished.begun_at,
        adoptable: transfer.is_none() && transfers.iter().any(|transfer| fits(s3, unfinished, transfer)),
        transfer,
    }
}

/// What [`view`] named.
fn named(orphan: &str) -> Option<Unfinished> {
    let (key, id, received) = serde_json::from_str(orphan).ok()?;
    Some(Unfinished { key, id, received, begun_at: None })
}

fn owner<'a>(s3: &S3, unfinished: &Unfinished, transfers: &'a [Snapshot]) -> Option<&'a Snapshot> {
    let is_of = |transfer: &&Snapshot| transfer.handle.as_ref().is_some_and(|handle| s3.is_of(handle, unfinished));
    transfers.iter().find(is_of)
}

/// Whether a transfer could begin with it: it has none of its own, and the film has that name and is no shorter.
fn fits(s3: &S3, unfinished: &Unfinished, transfer: &Snapshot) -> bool {
    let stands = match &transfer.state {
        TransferState::Queued | TransferState::Paused | TransferState::Waiting(_) => transfer.handle.is_none(),
        TransferState::Preparing
        | TransferState::Active
        | TransferState::Completing
        | TransferState::Failed(_)
        | TransferState::Cancelling
        | TransferState::Cancelled
        | TransferState::Skipped(_)
        | TransferState::Done(_) => false,
    };
    let no_shorter = unfinished.received.is_none_or(|received| received <= transfer.bytes_total);
    stands && no_shorter && s3.first_key(&transfer.folders, &transfer.name) == unfinished.key
}

/// Every transfer of ours to it.
async fn ours(engine: &Engine, id: &DestinationId) -> Vec<Snapshot> {
    all(engine).await.into_iter().filter(|transfer| *transfer.destination == *id).collect()
}

fn failed(error: RemoteError) -> Error {
    said(&sentence(&error.context))
}
