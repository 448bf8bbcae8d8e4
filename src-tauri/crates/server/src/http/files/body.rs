//! The bytes of a request on their way into an upload: ended when the server stops, and held against the checksum that
//! came with them.

use std::fmt;

use async_trait::async_trait;
use bytes::Bytes;
use ring::digest::{Algorithm, Context};
use tokio_util::sync::CancellationToken;
use transfer::body::SourceStopped;

use super::super::paced::PacedBody;
use crate::vault::AppendBody;

/// What hashes the bytes, and what must come out.
pub(in crate::http) struct Checksum {
    hasher: Hasher,
    expected: Vec<u8>,
}

enum Hasher {
    Digest(Box<Context>),
    Crc32(crc32fast::Hasher),
}

impl Checksum {
    /// By a digest of `ring`'s.
    pub(in crate::http) fn digest(algorithm: &'static Algorithm, expected: Vec<u8>) -> Self {
        Self { hasher: Hasher::Digest(Box::new(Context::new(algorithm))), expected }
    }

    /// By the CRC of Ethernet and ZIP, most significant byte first.
    pub(in crate::http) fn crc32(expected: Vec<u8>) -> Self {
        Self { hasher: Hasher::Crc32(crc32fast::Hasher::new()), expected }
    }

    fn update(&mut self, bytes: &[u8]) {
        match &mut self.hasher {
            Hasher::Digest(context) => context.update(bytes),
            Hasher::Crc32(hasher) => hasher.update(bytes),
        }
    }

    fn is_right(&self) -> bool {
        match &self.hasher {
            Hasher::Digest(context) => Context::clone(context).finish().as_ref() == self.expected,
            Hasher::Crc32(hasher) => hasher.clone().finalize().to_be_bytes() == *self.expected,
        }
    }
}

/// The body of a request.
pub(in crate::http) struct IncomingBytes {
    body: PacedBody,
    expected: Option<u64>,
    checksum: Option<Checksum>,
    stopping: CancellationToken,
}

impl IncomingBytes {
    /// A body of so many bytes, if that is known, that ends also when the server stops.
    pub(super) fn new(
        body: PacedBody,
        expected: Option<u64>,
        checksum: Option<Checksum>,
        stopping: CancellationToken,
    ) -> Self {
        Self { body, expected, checksum, stopping }
    }
}

impl fmt::Debug for IncomingBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IncomingBytes").field("expected", &self.expected).finish_non_exhaustive()
    }
}

#[async_trait]
impl AppendBody for IncomingBytes {
    async fn next(&mut self) -> Result<Option<Bytes>, SourceStopped> {
        let piece = self.stopping.run_until_cancelled(self.body.piece()).await.ok_or(SourceStopped)??;
        if let Some((checksum, piece)) = self.checksum.as_mut().zip(piece.as_ref()) {
            checksum.update(piece);
        }
        Ok(piece)
    }

    fn expected(&self) -> Option<u64> {
        self.expected
    }

    fn is_vouched_for(&self) -> bool {
        self.checksum.is_some()
    }

    fn is_right(&self) -> bool {
        self.checksum.as_ref().is_none_or(Checksum::is_right)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::body::Body;
    use futures::stream;

    use super::super::super::pace::Pace;
    use super::*;

    async fn taken(checksum: Checksum) -> bool {
        let pieces = ["hello", " world"].map(|piece| Ok::<_, std::io::Error>(Bytes::from_static(piece.as_bytes())));
        let body = PacedBody::new(Body::from_stream(stream::iter(pieces)), Duration::MAX, Pace::ANY);
        let mut body = IncomingBytes::new(body, None, Some(checksum), CancellationToken::new());
        while let Some(_piece) = body.next().await.expect("nothing fails") {}
        body.is_right()
    }

    #[tokio::test]
    async fn a_checksum_is_of_all_the_bytes_however_they_are_cut() {
        let right = 0x0d4a_1185_u32.to_be_bytes().to_vec();
        assert!(taken(Checksum::crc32(right)).await, "the CRC-32 of \"hello world\", as zip has it");
        assert!(!taken(Checksum::crc32(vec![0x0d, 0x4a, 0x11, 0x86])).await, "one bit makes another");
        assert!(!taken(Checksum::crc32(Vec::new())).await, "and nothing is no checksum");
    }

    fn silent(silence: Duration) -> PacedBody {
        let never = Body::from_stream(stream::pending::<Result<Bytes, std::io::Error>>());
        PacedBody::new(never, silence, Pace::ANY)
    }

    #[tokio::test]
    async fn who_is_silent_is_not_waited_for() {
        let body = silent(Duration::from_millis(1));
        let mut body = IncomingBytes::new(body, None, None, CancellationToken::new());
        assert_eq!(body.next().await, Err(SourceStopped), "the silence is cut");
        let stopping = CancellationToken::new();
        stopping.cancel();
        let mut body = IncomingBytes::new(silent(Duration::MAX), None, None, stopping);
        assert_eq!(body.next().await, Err(SourceStopped), "a server that stops waits for nobody who can resume");
    }
}
