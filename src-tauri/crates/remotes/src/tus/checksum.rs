//! `checksum` (tus 1.0.0): what each PATCH brings is hashed by both sides, and a server keeps nothing of one that differs.
//!
//! The digest stands before the body. So a chunk goes in pieces that are hashed in memory first, one at a time. The
//! trailer that tus permits instead lost: Node's servers, most proxies and every HTTP/1.0 hop drop trailers, and a
//! server that never saw one has verified nothing.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::{Bytes, BytesMut};
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use transfer::body::{ChunkBody, SourceStopped};

/// So many bytes are hashed and sent at a time. A connection that breaks costs at most these: what was not verified is
/// not kept.
const PIECE_LEN: usize = 4 << 20;

/// How pieces are hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Algorithm {
    /// The one that every server with checksums must know. Against accidents of the way it does.
    Sha1,
    Sha256,
}

impl Algorithm {
    /// The best of those that a server names.
    pub(super) fn best_of(named: &[&str]) -> Option<Self> {
        let knows = |name: &str| named.iter().any(|named| named.eq_ignore_ascii_case(name));
        [("sha256", Self::Sha256), ("sha1", Self::Sha1)].into_iter().find(|(name, _)| knows(name)).map(|(_, it)| it)
    }

    /// The value of `Upload-Checksum` for these bytes.
    pub(super) fn field(self, bytes: &[u8]) -> String {
        let (name, algorithm) = match self {
            Self::Sha1 => ("sha1", &SHA1_FOR_LEGACY_USE_ONLY),
            Self::Sha256 => ("sha256", &SHA256),
        };
        format!("{name} {}", BASE64_STANDARD.encode(digest(algorithm, bytes)))
    }
}

/// A body in pieces of [`PIECE_LEN`], the last one shorter.
#[derive(Debug)]
pub(super) struct Pieces {
    body: Box<dyn ChunkBody>,
    left: Bytes,
}

impl Pieces {
    pub(super) fn of(body: Box<dyn ChunkBody>) -> Self {
        Self { body, left: Bytes::new() }
    }

    /// The next one; none after the last. What the source gave before it stopped is not sent.
    pub(super) async fn next(&mut self) -> Result<Option<Bytes>, SourceStopped> {
        let mut piece = BytesMut::new();
        while piece.len() < PIECE_LEN {
            if self.left.is_empty() {
                let Some(more) = self.body.next().await? else { break };
                self.left = more;
            }
            let fits = self.left.len().min(PIECE_LEN - piece.len());
            piece.extend_from_slice(&self.left.split_to(fits));
        }
        Ok((!piece.is_empty()).then(|| piece.freeze()))
    }
}

#[cfg(test)]
mod tests {
    use transfer::body::ReadyBody;
    use transfer::layout::ByteRange;

    use super::*;

    #[test]
    fn the_best_algorithm_is_taken_and_none_where_none_is_known() {
        assert_eq!(Algorithm::best_of(&["md5", "sha1", "SHA256"]), Some(Algorithm::Sha256), "the stronger one");
        assert_eq!(Algorithm::best_of(&["crc32", "sha1"]), Some(Algorithm::Sha1), "the one that all must know");
        assert_eq!(Algorithm::best_of(&["md5"]), None, "what we do not speak is not offered to us");
    }

    #[test]
    fn a_digest_is_written_as_tus_wants_it() {
        // The example of the protocol's text.
        assert_eq!(Algorithm::Sha1.field(b"hello world"), "sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=", "sha1 in Base64");
        let sha256 = "sha256 uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek=";
        assert_eq!(Algorithm::Sha256.field(b"hello world"), sha256, "and sha256");
    }

    #[tokio::test]
    async fn a_body_comes_in_pieces_and_whole() {
        let bytes = transfer::testing::bytes(1, 2 * PIECE_LEN as u64 + 3);
        let range = ByteRange::at(0, bytes.len() as u64);
        let mut pieces = Pieces::of(Box::new(ReadyBody::new(range, bytes.clone(), None)));
        let mut seen = Vec::new();
        while let Some(piece) = pieces.next().await.expect("nothing fails") {
            seen.push(piece);
        }
        assert_eq!(seen.iter().map(Bytes::len).collect::<Vec<_>>(), [PIECE_LEN, PIECE_LEN, 3], "no longer than one");
        assert!(seen.concat() == bytes, "byte for byte");
    }
}
