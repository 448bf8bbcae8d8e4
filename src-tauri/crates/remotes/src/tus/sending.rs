//! A chunk on its way: one PATCH, or one for each piece where the server verifies them.

use bytes::Bytes;
use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use transfer::body::{ChunkBody, ReadyBody, SourceStopped};
use transfer::error::{Class, Operation, RemoteError};
use transfer::layout::{ByteRange, ChunkLayout};
use transfer::remote::{ChunkReceipt, PutChunk, UploadHandle};

use super::answer;
use super::checksum::{Algorithm, Pieces};
use super::requests::{self, Requests};
use crate::connection::SILENCE;
use crate::outgoing::Outgoing;
use crate::patience::answered;

/// The upload that a chunk is of.
#[derive(Debug)]
pub(super) struct Sending<'a> {
    requests: &'a Requests,
    handle: UploadHandle,
    layout: ChunkLayout,
}

/// Sends a chunk, or its rest.
pub(super) async fn send(
    requests: &Requests,
    checksums: Option<Algorithm>,
    put: PutChunk,
) -> Result<ChunkReceipt, RemoteError> {
    let PutChunk { handle, layout, body, .. } = put;
    let sending = Sending { requests, handle, layout };
    match checksums {
        Some(algorithm) => sending.in_pieces(algorithm, body).await?,
        None => sending.patch(body, None).await?,
    }
    Ok(ChunkReceipt::default())
}

impl Sending<'_> {
    /// One PATCH after the other, each with the digest of what it brings.
    async fn in_pieces(&self, algorithm: Algorithm, body: Box<dyn ChunkBody>) -> Result<(), RemoteError> {
        let mut left = body.range();
        let mut pieces = Pieces::of(body);
        while let Some(piece) = pieces.next().await.map_err(stopped)? {
            let field = algorithm.field(&piece);
            let range = ByteRange::at(left.start(), piece.len() as u64);
            left = left.without_first(range.len());
            self.patch(ready(range, piece), Some(field)).await?;
        }
        Ok(())
    }

    /// Must bring the upload to the very end of `body`.
    async fn patch(&self, body: Box<dyn ChunkBody>, checksum: Option<String>) -> Result<(), RemoteError> {
        let (range, body) = (body.range(), Outgoing::plain(body));
        let beats = body.pulse();
        let mut request = self.requests.carrying(Method::PATCH, requests::upload(Operation::Put, &self.handle)?);
        request = request.header("Upload-Offset", range.start()).body(body.into_body());
        request = request.header(CONTENT_TYPE, "application/offset+octet-stream");
        if let Some(checksum) = checksum {
            request = request.header("Upload-Checksum", checksum);
        }
        let response = answered(Operation::Put, request, beats, SILENCE).await?;
        if self.requests.does_not_know(&response) {
            return Err(answer::unknown(Operation::Put));
        }
        let offset = answer::new_offset(response, self.layout.size()).await?;
        if offset == range.end() { Ok(()) } else { Err(answer::elsewhere(offset, range)) }
    }
}

fn ready(range: ByteRange, piece: Bytes) -> Box<dyn ChunkBody> {
    Box::new(ReadyBody::new(range, piece, None))
}

/// Why, the body's maker remembers.
fn stopped(stopped: SourceStopped) -> RemoteError {
    RemoteError::new(Operation::Put, Class::Transient, "the file could not be read on").because(stopped)
}
