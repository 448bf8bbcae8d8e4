//! Where the bytes of a video are asked for.

use async_trait::async_trait;
use reqwest::{Method, RequestBuilder};
use transfer::ids::ObjectId;
use transfer::range::ReadError;

use super::Native;
use crate::reading::Asking;

/// A video's bytes.
#[derive(Debug)]
pub(super) struct Content {
    pub(super) server: Native,
    pub(super) object: ObjectId,
}

#[async_trait]
impl Asking for Content {
    async fn get(&self) -> Result<RequestBuilder, ReadError> {
        Ok(self.server.request(Method::GET, &["videos", self.object.0.as_str(), "content"]))
    }
}
