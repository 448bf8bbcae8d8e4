//! A chunk as it comes over HTTP: its bytes, then (where the media type says so) the 32 bytes of its digest.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use axum::body::Body;
use bytes::{Bytes, BytesMut};
use transfer::body::{ChunkBody, SourceStopped, Witness};
use transfer::layout::ByteRange;
use transfer::tree::Cv;
use wire::uploads::CV_LEN;

use super::pace::Pace;
use super::paced::{PacedBody, Tally};

/// The body of a request, held to the length of a chunk.
pub(super) struct IncomingChunk {
    range: ByteRange,
    body: PacedBody,
    left: u64,
    tail: Option<BytesMut>,
    cv: Option<Cv>,
}

impl IncomingChunk {
    /// The bytes of `range`, followed by their digest where `with_cv` says so. It ends when nothing comes for `silence`.
    pub(super) fn new(range: ByteRange, with_cv: bool, body: Body, silence: Duration) -> Self {
        let tail = with_cv.then(|| BytesMut::with_capacity(CV_LEN));
        Self { range, body: PacedBody::new(body, silence, Pace::ANY), left: range.len(), tail, cv: None }
    }

    /// The same; it ends also when it comes more slowly than that.
    pub(super) fn paced(self, pace: Pace) -> Self {
        Self { body: self.body.paced(pace), ..self }
    }

    /// What will have come of it.
    pub(super) fn tally(&self) -> Arc<Tally> {
        self.body.tally()
    }

    /// How long the request's body must be.
    pub(super) fn expected(range: ByteRange, with_cv: bool) -> u64 {
        range.len() + if with_cv { CV_LEN as u64 } else { 0 }
    }

    /// The part of a piece that is the chunk's; the rest is its digest's.
    fn split(&mut self, mut piece: Bytes) -> Result<Bytes, SourceStopped> {
        let ours = usize::try_from(self.left).unwrap_or(usize::MAX).min(piece.len());
        let bytes = piece.split_to(ours);
        self.left -= ours as u64;
        match &mut self.tail {
            Some(tail) if tail.len() + piece.len() <= CV_LEN => tail.extend_from_slice(&piece),
            Some(_) => return Err(SourceStopped),
            None if piece.is_empty() => {}
            None => return Err(SourceStopped),
        }
        Ok(bytes)
    }

    fn end(&mut self) -> Result<Option<Bytes>, SourceStopped> {
        if let Some(tail) = self.tail.take() {
            self.cv = Some(Cv(tail.as_ref().try_into().map_err(|_| SourceStopped)?));
        }
        Ok(None)
    }
}

impl fmt::Debug for IncomingChunk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IncomingChunk").field("range", &self.range).field("left", &self.left).finish_non_exhaustive()
    }
}

#[async_trait]
impl ChunkBody for IncomingChunk {
    fn range(&self) -> ByteRange {
        self.range
    }

    async fn next(&mut self) -> Result<Option<Bytes>, SourceStopped> {
        while let Some(piece) = self.body.piece().await? {
            let bytes = self.split(piece)?;
            if !bytes.is_empty() {
                return Ok(Some(bytes));
            }
        }
        self.end()
    }

    fn cv(&self) -> Option<Cv> {
        self.cv
    }

    fn witness(&self) -> Witness {
        Witness::Claimed
    }
}

#[cfg(test)]
mod tests {
    use futures::stream;
    use tokio::time::Instant;

    use super::*;

    fn sent(pieces: &[&'static [u8]], with_cv: bool) -> IncomingChunk {
        let pieces: Vec<_> = pieces.iter().map(|piece| Ok::<_, std::io::Error>(Bytes::from_static(piece))).collect();
        IncomingChunk::new(ByteRange::at(0, 3), with_cv, Body::from_stream(stream::iter(pieces)), Duration::MAX)
    }

    async fn taken(mut body: IncomingChunk) -> Result<(Vec<u8>, Option<Cv>), SourceStopped> {
        let mut bytes = Vec::new();
        while let Some(piece) = body.next().await? {
            bytes.extend_from_slice(&piece);
        }
        Ok((bytes, body.cv()))
    }

    #[tokio::test]
    async fn the_digest_is_what_follows_the_bytes_however_they_are_cut() {
        const SEVENS: &[u8] = &[7; 32];
        for pieces in [vec![b"abc".as_slice(), SEVENS], vec![b"a", b"bc\x07", &SEVENS[..30], b"\x07"]] {
            let (bytes, cv) = taken(sent(&pieces, true)).await.expect("a whole body");
            assert_eq!((bytes.as_slice(), cv), (b"abc".as_slice(), Some(Cv([7; 32]))), "cut as {pieces:?}");
        }
    }

    #[tokio::test]
    async fn what_is_too_short_or_too_long_is_no_chunk() {
        assert!(taken(sent(&[b"abc", &[7; 31]], true)).await.is_err(), "half a digest");
        assert!(taken(sent(&[b"abc", &[7; 33]], true)).await.is_err(), "more than a digest");
        assert!(taken(sent(&[b"abcd"], false)).await.is_err(), "more than the chunk");
        let (bytes, cv) = taken(sent(&[b"abc"], false)).await.expect("a chunk without a digest");
        assert_eq!((bytes.as_slice(), cv), (b"abc".as_slice(), None), "nobody vouches for it");
    }

    /// A body of one byte every `pause`, without end.
    fn dripping(pause: Duration) -> IncomingChunk {
        let drops = stream::unfold((), move |()| async move {
            tokio::time::sleep(pause).await;
            Some((Ok::<_, std::io::Error>(Bytes::from_static(b"x")), ()))
        });
        let silence = Duration::from_secs(60);
        IncomingChunk::new(ByteRange::at(0, 1 << 20), false, Body::from_stream(drops), silence)
    }

    #[tokio::test(start_paused = true)]
    async fn what_comes_too_slowly_is_cut_and_known_for_it() {
        let pace = Pace { rate: 10, grace: Duration::from_secs(60) };
        for (pause, what) in [(200, "two hundred milliseconds a byte"), (61_000, "silence")] {
            let body = dripping(Duration::from_millis(pause)).paced(pace);
            let (tally, begun) = (body.tally(), Instant::now());
            assert!(taken(body).await.is_err() && tally.was_slow(), "{what}");
            assert!(begun.elapsed() <= Duration::from_secs(61), "at the end of the first stretch: {what}");
        }
        let body = dripping(Duration::from_millis(90)).paced(pace);
        let tally = body.tally();
        assert!(tokio::time::timeout(Duration::from_secs(3600), taken(body)).await.is_err(), "it may go on for ever");
        assert!(!tally.was_slow() && tally.bytes() > 39_000, "eleven bytes a second are enough: {tally:?}");
    }
}
