//! A chunk as a request's body: pulled piece by piece as the connection takes it, so that the speed limit holds where
//! bytes move and no chunk is in memory whole. Its length is stated in advance, for S3 takes no other.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures::future::BoxFuture;
use futures::{FutureExt, ready};
use http_body::{Frame, SizeHint};
use sync_wrapper::SyncWrapper;
use tokio::sync::watch;
use transfer::body::{ChunkBody, SourceStopped};
use transfer::tree::Cv;

use crate::patience::Beat;

/// A body with its next piece.
type Pulled = BoxFuture<'static, (Box<dyn ChunkBody>, Result<Option<Bytes>, SourceStopped>)>;
/// What makes the last bytes of a body of its digest.
type Tail = fn(Cv) -> Bytes;

/// The bytes of a [`ChunkBody`], and perhaps a tail made of its digest.
pub(crate) struct Outgoing {
    // A request's body must be `Sync`, which a chunk's need not be: nobody but the request reaches it.
    pull: SyncWrapper<Pull>,
    tail: Option<(Tail, u64)>,
    left: u64,
    beat: watch::Sender<Beat>,
}

enum Pull {
    Ready(Box<dyn ChunkBody>),
    Waiting(Pulled),
    Ended,
}

impl Outgoing {
    /// The bytes alone.
    pub(crate) fn plain(body: Box<dyn ChunkBody>) -> Self {
        let left = body.range().len();
        Self { pull: SyncWrapper::new(Pull::Ready(body)), tail: None, left, beat: watch::Sender::new(Beat::sent()) }
    }

    /// The bytes, then `len` bytes that `tail` makes of their digest.
    pub(crate) fn with_tail(body: Box<dyn ChunkBody>, tail: Tail, len: u64) -> Self {
        let left = body.range().len() + len;
        let (pull, beat) = (SyncWrapper::new(Pull::Ready(body)), watch::Sender::new(Beat::sent()));
        Self { pull, tail: Some((tail, len)), left, beat }
    }

    /// Whom the body waits for: to be watched while it is sent.
    pub(crate) fn pulse(&self) -> watch::Receiver<Beat> {
        self.beat.subscribe()
    }

    /// As a request takes it.
    pub(crate) fn into_body(self) -> reqwest::Body {
        reqwest::Body::wrap(self)
    }

    fn take(&mut self) -> Pull {
        std::mem::replace(self.pull.get_mut(), Pull::Ended)
    }

    /// After the last piece: the tail, where there is one and the digest is known.
    fn last(&mut self, body: &dyn ChunkBody) -> Option<Result<Frame<Bytes>, SourceStopped>> {
        let (tail, len) = self.tail.take()?;
        let Some(cv) = body.cv() else { return Some(Err(SourceStopped)) };
        self.left = self.left.saturating_sub(len);
        Some(Ok(Frame::data(tail(cv))))
    }
}

impl fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outgoing").field("left", &self.left).finish_non_exhaustive()
    }
}

impl http_body::Body for Outgoing {
    type Data = Bytes;
    type Error = SourceStopped;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, SourceStopped>>> {
        loop {
            match self.take() {
                Pull::Ended => return Poll::Ready(None),
                Pull::Ready(body) => {
                    self.beat.send_replace(Beat::Source);
                    *self.pull.get_mut() = Pull::Waiting(next(body));
                }
                Pull::Waiting(mut waiting) => {
                    let polled = waiting.poll_unpin(context);
                    if polled.is_pending() {
                        *self.pull.get_mut() = Pull::Waiting(waiting);
                    }
                    let (body, piece) = ready!(polled);
                    self.beat.send_replace(Beat::sent());
                    match piece {
                        Ok(Some(piece)) => {
                            self.left = self.left.saturating_sub(piece.len() as u64);
                            *self.pull.get_mut() = Pull::Ready(body);
                            return Poll::Ready(Some(Ok(Frame::data(piece))));
                        }
                        Ok(None) => return Poll::Ready(self.last(body.as_ref())),
                        Err(stopped) => return Poll::Ready(Some(Err(stopped))),
                    }
                }
            }
        }
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

fn next(mut body: Box<dyn ChunkBody>) -> Pulled {
    async move {
        let piece = body.next().await;
        (body, piece)
    }
    .boxed()
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use http_body::Body;
    use transfer::body::ReadyBody;
    use transfer::layout::ByteRange;

    use super::*;

    async fn pieces(mut body: Outgoing) -> Result<Vec<Bytes>, SourceStopped> {
        let mut pieces = Vec::new();
        while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
            pieces.extend(frame?.into_data());
        }
        assert_eq!(body.size_hint().exact(), Some(0), "what was announced has left");
        Ok(pieces)
    }

    fn chunk(cv: Option<Cv>) -> Box<dyn ChunkBody> {
        Box::new(ReadyBody::new(ByteRange::at(0, 3), Bytes::from_static(b"abc"), cv))
    }

    #[tokio::test]
    async fn a_tail_follows_the_bytes_and_is_counted() {
        let tail = |cv: Cv| Bytes::copy_from_slice(&cv.0);
        let body = Outgoing::with_tail(chunk(Some(Cv([7; 32]))), tail, 32);
        assert_eq!(body.size_hint().exact(), Some(35), "three bytes and a digest");
        let sent = pieces(body).await.expect("nothing fails");
        assert_eq!(sent, [Bytes::from_static(b"abc"), Bytes::from_static(&[7; 32])], "the digest comes last");
    }

    #[tokio::test]
    async fn a_plain_body_is_its_bytes() {
        let sent = pieces(Outgoing::plain(chunk(None))).await.expect("nothing fails");
        assert_eq!(sent, [Bytes::from_static(b"abc")], "and nothing else");
    }

    #[tokio::test]
    async fn a_digest_that_is_missing_breaks_the_body() {
        let body = Outgoing::with_tail(chunk(None), |cv| Bytes::copy_from_slice(&cv.0), 32);
        assert!(pieces(body).await.is_err(), "a chunk without its digest must not arrive as a whole one");
    }
}
