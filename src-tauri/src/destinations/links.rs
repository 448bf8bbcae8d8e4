//! Links to films that anybody may follow.

use std::time::Duration;

use headless::destinations::Driver;
use transfer::ids::{DestinationId, ObjectId, TransferId};
use transfer::state::TransferState;

use super::editing::said;
use super::{is_vault, sentence};
use crate::app::App;
use crate::error::Error;
use crate::view::{LinkView, MediaRequest};

const DAY: Duration = Duration::from_secs(24 * 3600);

/// A link to a film that is there, good for so many days.
pub(crate) async fn link(app: &App, request: &MediaRequest, days: u32) -> Result<LinkView, Error> {
    let (destination, object) = place(app, request).await?;
    if is_vault(&destination) {
        return Err(none());
    }
    made(&app.destinations.driver(&destination)?, &object, days).await
}

/// The one place that knows which kinds make links.
async fn made(driver: &Driver, object: &ObjectId, days: u32) -> Result<LinkView, Error> {
    let good = DAY * days.max(1);
    let link = match driver {
        Driver::Server(server) => server.link(object, good).await,
        Driver::S3(s3) => s3.link(object, good),
        Driver::Tus(_) => return Err(none()),
    };
    let link = link.map_err(|error| said(&sentence(&error.context)))?;
    Ok(LinkView { url: link.url, expires_at: link.expires_at.0 })
}

fn none() -> Error {
    said("This destination makes no links.")
}

/// Where it is, if it is anywhere whole.
async fn place(app: &App, request: &MediaRequest) -> Result<(DestinationId, ObjectId), Error> {
    match request {
        MediaRequest::Transfer { id } => {
            let gone = || Error::MediaGone("There is no such transfer.".to_owned());
            let id: TransferId = id.parse().map_err(|_| gone())?;
            let snapshot = app.engine.snapshot(id).await?;
            let TransferState::Done(completed) = snapshot.state else {
                return Err(said("The film is not there yet. Once it is, it can be linked to."));
            };
            Ok((snapshot.destination.as_ref().clone(), completed.object))
        }
        MediaRequest::Video { id } => Ok((app.vaults.current().id, ObjectId(id.clone()))),
        MediaRequest::Opened { .. } => Err(said("The film was not sent anywhere.")),
    }
}
