//! What the server has of an upload.

use std::time::Duration;

use reqwest::Method;
use tokio::time::{Instant, sleep};
use transfer::error::{Class, Operation, RemoteError};
use transfer::layout::{ByteRange, ChunkLayout};
use transfer::remote::Received;

use super::place::{Part, Place};
use super::{Tus, answer};

/// How long a server may take to put a film together while one looks.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often one looks.
const LOOK: Duration = Duration::from_millis(200);

/// How a film stands at the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Film {
    /// All of it is there.
    Whole,
    /// So many of its first bytes are.
    Begun(u64),
    /// It is put together when its parts are there.
    InParts,
}

impl Tus {
    /// How much the server has of a part, or none when it does not know it.
    async fn offset(&self, operation: Operation, part: &Part) -> Result<Option<u64>, RemoteError> {
        let response = self.requests.send(operation, self.requests.to(Method::HEAD, part.url.clone())).await?;
        if self.requests.does_not_know(&response) {
            return Ok(None);
        }
        answer::offset_of(operation, response, part.bytes.len()).await.map(Some)
    }

    /// How the film of an upload stands, or none when the server does not know it. One whose parts are not all there, or
    /// are still being put together, has no offset (tus 1.0.0, "Concatenation").
    pub(super) async fn film(
        &self,
        operation: Operation,
        place: &Place,
        size: u64,
    ) -> Result<Option<Film>, RemoteError> {
        let response = self.requests.send(operation, self.requests.to(Method::HEAD, place.whole.clone())).await?;
        if self.requests.does_not_know(&response) {
            return Ok(None);
        }
        let told = response.headers().contains_key("Upload-Offset") || !response.status().is_success();
        if !place.parts.is_empty() && !told {
            return Ok(Some(Film::InParts));
        }
        let offset = answer::offset_of(operation, response, size).await?;
        Ok(Some(if offset == size { Film::Whole } else { Film::Begun(offset) }))
    }

    /// What is there of each part; none when the server does not know one.
    pub(super) async fn received(&self, place: &Place, layout: &ChunkLayout) -> Result<Option<Received>, RemoteError> {
        let mut received = Received::default();
        for part in place.all(layout) {
            let Some(offset) = self.offset(Operation::Status, &part).await? else { return Ok(None) };
            there(layout, ByteRange::at(part.bytes.start(), offset), part.bytes, &mut received);
        }
        Ok(Some(received))
    }

    /// Returns when a film whose parts are all there is put together of them: tus has no request that is answered then,
    /// so it is looked at until it is, for a while. Longer than that takes the engine's patience, which a person sees.
    pub(super) async fn put_together(&self, place: &Place, layout: &ChunkLayout) -> Result<(), RemoteError> {
        let until = Instant::now() + PATIENCE;
        loop {
            let why = self.not_yet(place, layout).await?;
            if why.class != Class::Transient || Instant::now() >= until {
                return Err(why);
            }
            sleep(LOOK).await;
            match self.film(Operation::Complete, place, layout.size()).await? {
                None => return Err(answer::unknown(Operation::Complete)),
                Some(Film::Whole) => return Ok(()),
                Some(Film::Begun(_) | Film::InParts) => {}
            }
        }
    }

    /// Why a film in parts is not there.
    async fn not_yet(&self, place: &Place, layout: &ChunkLayout) -> Result<RemoteError, RemoteError> {
        let received = self.received(place, layout).await?.unwrap_or_default();
        let chunks = received.chunks.iter().map(|(index, _)| layout.range(*index).len());
        let bytes = chunks.chain(received.partial.iter().map(|(_, head)| *head)).sum();
        let all = bytes == layout.size();
        Ok(if all { answer::put_together_later() } else { answer::unfinished(bytes, layout.size()) })
    }
}

/// The first `offset` bytes, in chunks.
pub(super) fn begun(layout: &ChunkLayout, offset: u64) -> Received {
    let mut received = Received::default();
    there(layout, ByteRange::at(0, offset), layout.whole(), &mut received);
    received
}

/// The bytes `arrived` of a part, in chunks.
fn there(layout: &ChunkLayout, arrived: ByteRange, part: ByteRange, received: &mut Received) {
    received.chunks.extend(layout.within(arrived).map(|index| (index, None)));
    let begun = layout.chunk_at(arrived.end()).filter(|_| arrived.end() < part.end());
    let head = begun.map(|index| (index, arrived.end() - layout.range(index).start()));
    received.partial.extend(head.filter(|(_, head)| *head > 0));
}
