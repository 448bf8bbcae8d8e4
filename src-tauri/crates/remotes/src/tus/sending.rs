//! A chunk on its way: one PATCH, or one for each piece where the server verifies them.

use bytes::Bytes;
use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use transfer::body::{ChunkBody, ReadyBody, SourceStopped};
use transfer::error::{Class, Operation, RemoteError};
use transfer::layout::ByteRange;
use transfer::remote::{ChunkReceipt, PutChunk};

use super::answer;
use super::checksum::{Algorithm, Pieces};
use super::place::{Part, Place};
use super::requests::Requests;
use crate::connection::SILENCE;
use crate::outgoing::Outgoing;
use crate::patience::answered;

/// Where a chunk goes.
#[derive(Debug)]
pub(super) struct Sending<'a> {
    requests: &'a Requests,
    part: Part,
}

/// Sends a chunk, or its rest.
pub(super) async fn send(
    requests: &Requests,
    checksums: Option<Algorithm>,
    put: PutChunk,
) -> Result<ChunkReceipt, RemoteError> {
    let PutChunk { handle, layout, index, body } = put;
    let part = Place::read(Operation::Put, &handle)?.part(&layout, index);
    let sending = Sending { requests, part };
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

    /// Must bring the part to the very end of `body`. Offsets on the wire count from the part's own first byte.
    async fn patch(&self, body: Box<dyn ChunkBody>, checksum: Option<String>) -> Result<(), RemoteError> {
        let (range, body) = (body.range(), Outgoing::plain(body));
        let first = self.part.bytes.start();
        let beats = body.pulse();
        let mut request = self.requests.carrying(Method::PATCH, self.part.url.clone());
        request = request.header("Upload-Offset", range.start() - first).body(body.into_body());
        request = request.header(CONTENT_TYPE, "application/offset+octet-stream");
        if let Some(checksum) = checksum {
            request = request.header("Upload-Checksum", checksum);
        }
        let response = answered(Operation::Put, request, beats, SILENCE).await?;
        if self.requests.does_not_know(&response) {
            return Err(answer::unknown(Operation::Put));
        }
        let offset = first + answer::new_offset(response, self.part.bytes.len()).await?;
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
