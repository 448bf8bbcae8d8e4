//! Trying a tus server: what it offers, and an upload of one byte that is given up again before anything is sent. It is
//! not finished, for some servers do things with a finished one.

use transfer::error::{Class, Operation, RemoteError};
use transfer::ids::TransferId;
use transfer::layout::{ChunkLayout, MIN_CHUNK_LEN};
use transfer::name::FileName;
use transfer::placing::Placing;
use transfer::remote::{NewUpload, Proof, Remote, UploadHandle};

use super::offer::Offer;
use super::requests::{Requests, fatal};
use super::{Tus, TusSetup};
use crate::probe::{Checked, Findings, led_away, page, size};

const NAME: &str = "pawl-connection-test";

/// Tries it.
pub(crate) async fn probe(setup: TusSetup) -> Findings {
    let (mut found, endpoint) = (Findings::default(), setup.endpoint.clone());
    let tus = match connected(setup, &mut found).await {
        Ok(Some(tus)) => tus,
        Ok(None) => return found,
        Err(error) => {
            found.failed(Checked::Reachable, &error, &endpoint).await;
            return found;
        }
    };
    found.yes(Checked::Reachable, "A tus server answers.");
    match begun(&tus).await {
        Ok(handle) => {
            found.yes(Checked::SignedIn, "It lets us in.");
            written(&tus, &handle, &mut found).await;
        }
        Err(error) if error.class == Class::Denied => {
            found.failed(Checked::SignedIn, &error, &endpoint).await;
            return found;
        }
        Err(error) => {
            found.yes(Checked::SignedIn, "It lets us in.");
            found.failed(Checked::CanWrite, &error, &endpoint).await;
            return found;
        }
    }
    found.unknown(Checked::CanReadRanges, "That shows with the first film: tus says nothing of reading.");
    found.yes(Checked::Limits, limits(&tus.offer));
    proof(&tus, &mut found);
    found
}

/// None when what answers is something else, which was said.
async fn connected(setup: TusSetup, found: &mut Findings) -> Result<Option<Tus>, RemoteError> {
    let requests = Requests::new(setup)?;
    let response = requests.send(Operation::Begin, requests.probe()).await?;
    if let Some(other) = led_away(&response).or_else(|| page(&response)) {
        found.no(Checked::Reachable, other);
        return Ok(None);
    }
    let offer = Offer::answered(&requests, response).await?;
    Ok(Some(Tus { requests, offer }))
}

async fn begun(tus: &Tus) -> Result<UploadHandle, RemoteError> {
    let odd = "the upload of the trial cannot be described";
    let layout = ChunkLayout::new(1, MIN_CHUNK_LEN).map_err(|_| fatal(Operation::Begin, odd))?;
    let name = FileName::new(NAME).map_err(|_| fatal(Operation::Begin, odd))?;
    tus.begin(&NewUpload { transfer: TransferId::random(), name, placing: Placing::default(), layout }).await
}

async fn written(tus: &Tus, handle: &UploadHandle, found: &mut Findings) {
    if !tus.offer.termination {
        return found.yes(
            Checked::CanWrite,
            "An upload was begun. This server lets nobody give one up: an empty one stays until it expires.",
        );
    }
    match tus.abort(handle).await {
        Ok(()) => found.yes(Checked::CanWrite, "An upload was begun and given up again."),
        Err(error) => found.yes(
            Checked::CanWrite,
            format!("An upload was begun; it could not be given up again ({}), and is empty.", error.context),
        ),
    }
}

fn limits(offer: &Offer) -> String {
    match offer.max_size {
        Some(max) => format!("A film may have {}.", size(max)),
        None => "The server names no limit.".to_owned(),
    }
}

fn proof(tus: &Tus, found: &mut Findings) {
    match tus.proof() {
        Proof::Parts => found.yes(Checked::Proof, "The server compares every piece by a checksum."),
        Proof::SizeOnly | Proof::ReadBack | Proof::Root => {
            found.no(Checked::Proof, "The server compares nothing but the size: films are delivered, not verified.");
        }
    }
}
