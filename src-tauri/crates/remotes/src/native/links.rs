//! Public links of a Pawl server.

use std::time::Duration;

use reqwest::Method;
use transfer::error::{Operation, RemoteError};
use transfer::ids::ObjectId;
use transfer::units::Timestamp;
use wire::links;

use super::Native;
use super::answers::{answered, instant, parsed, problem};
use crate::Link;

impl Native {
    /// A link to an object, finished or not, that is good for so long and for whoever has it; the server may make it
    /// shorter (30 days at most).
    ///
    /// # Errors
    /// `Denied` where the token may not read the object, `Expired` where there is none, `Fatal` where the server does
    /// not know how it is called from outside.
    pub async fn link(&self, object: &ObjectId, expires_in: Duration) -> Result<Link, RemoteError> {
        let new = links::NewLink { expires_in: expires_in.as_secs() };
        let request = self.request(Method::POST, &["videos", object.0.as_str(), "links"]).json(&new);
        let answer = answered(Operation::Read, request).await?;
        let links::Link { url, expires_at } = parsed(Operation::Read, answer).await?;
        let unread = || problem(Operation::Read, "the server does not say until when the link is good");
        let expires_at: Timestamp = instant(&expires_at).ok_or_else(unread)?;
        Ok(Link { url, expires_at })
    }
}
