//! Beginning: one upload, or a film with its parts.

use reqwest::header::CONTENT_LENGTH;
use reqwest::{Method, StatusCode, Url};
use transfer::error::{Operation, RemoteError};
use transfer::layout::{ChunkLayout, Lanes};
use transfer::remote::NewUpload;

use super::place::{LANES, Place};
use super::{Tus, answer, metadata};

impl Tus {
    /// Begins a film: with its parts, where the server permits and it has more than one chunk.
    pub(super) async fn create_film(&self, upload: &NewUpload) -> Result<Place, RemoteError> {
        if let Some(lanes) = self.lanes(&upload.layout) {
            return self.create_in_parts(upload, &lanes).await;
        }
        let metadata = metadata::of(&upload.name);
        let whole = self.create(Some(upload.layout.size()), &[("Upload-Metadata", &metadata)]).await?;
        Ok(Place { whole, parts: Vec::new() })
    }

    /// Begins an upload of so many bytes, with these fields besides.
    async fn create(&self, size: Option<u64>, fields: &[(&str, &str)]) -> Result<Url, RemoteError> {
        let request = self.requests.to(Method::POST, self.requests.endpoint().clone());
        // Without a body the client sends no length, and some servers take no POST without one (411).
        let mut request = request.header(CONTENT_LENGTH, 0);
        if let Some(size) = size {
            request = request.header("Upload-Length", size);
        }
        let request = fields.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let response = self.requests.send(Operation::Begin, request).await?;
        if response.status() != StatusCode::CREATED {
            return Err(answer::not_begun(response, size.unwrap_or_default()).await);
        }
        answer::location(response.headers(), self.requests.endpoint())
    }

    /// A film that is put together of parts, begun with them.
    async fn create_in_parts(&self, upload: &NewUpload, lanes: &Lanes) -> Result<Place, RemoteError> {
        let mut parts = Vec::new();
        for lane in 0..lanes.count() {
            parts.push(self.create(Some(lanes.bytes(lane).len()), &[("Upload-Concat", "partial")]).await?);
        }
        let urls: Vec<&str> = parts.iter().map(Url::as_str).collect();
        let concat = format!("final;{}", urls.join(" "));
        let metadata = metadata::of(&upload.name);
        let whole = self.create(None, &[("Upload-Concat", &concat), ("Upload-Metadata", &metadata)]).await?;
        Ok(Place { whole, parts })
    }

    fn lanes(&self, layout: &ChunkLayout) -> Option<Lanes> {
        Lanes::of(layout, LANES).filter(|lanes| self.offer.parts && lanes.count() > 1)
    }
}
