//! The MD5 of a part, made while it is pulled: the store answers with its own, and the two must be equal.
//!
//! Why so: a digest in the request's head (`Content-MD5`, `x-amz-checksum-*`) must be known before the body, which
//! would read every part twice or hold it whole; one behind the body (a trailing checksum) is refused by several
//! stores and by every signed address. The price: the store keeps a wrong part until it is sent again. Nobody relies
//! on one meanwhile: it has no receipt, and only parts with receipts are counted and finished.

use std::fmt::Write;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use md5::{Digest, Md5};
use transfer::body::{ChunkBody, SourceStopped, Witness};
use transfer::layout::ByteRange;
use transfer::tree::Cv;

/// The sum of what has passed so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Sum(Arc<Mutex<Md5>>);

impl Sum {
    pub(super) fn of(bytes: &[u8]) -> Self {
        let sum = Self::default();
        sum.add(bytes);
        sum
    }

    fn add(&self, bytes: &[u8]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).update(bytes);
    }

    /// As an ETag has it.
    pub(super) fn hex(&self) -> String {
        let digest = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone().finalize();
        digest.iter().fold(String::with_capacity(32), |mut hex, byte| {
            // Writing into a string does not fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }
}

/// A body whose bytes are summed as they pass. A piece is at most 1 MiB: hashing it takes a millisecond or two, less
/// than moving it to another thread and back would disturb.
#[derive(Debug)]
pub(super) struct Summed {
    inner: Box<dyn ChunkBody>,
    sum: Sum,
}

impl Summed {
    pub(super) fn new(inner: Box<dyn ChunkBody>, sum: Sum) -> Self {
        Self { inner, sum }
    }
}

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl ChunkBody for Summed {
    fn range(&self) -> ByteRange {
        self.inner.range()
    }

    async fn next(&mut self) -> Result<Option<Bytes>, SourceStopped> {
        let piece = self.inner.next().await?;
        piece.iter().for_each(|piece| self.sum.add(piece));
        Ok(piece)
    }

    fn cv(&self) -> Option<Cv> {
        self.inner.cv()
    }

    fn witness(&self) -> Witness {
        self.inner.witness()
    }
}

#[cfg(test)]
mod tests {
    use transfer::body::ReadyBody;

    use super::*;

    #[tokio::test]
    async fn what_passes_is_summed() {
        let sum = Sum::default();
        let ready = ReadyBody::new(ByteRange::at(0, 3), Bytes::from_static(b"abc"), None);
        let mut body = Summed::new(Box::new(ready), sum.clone());
        while body.next().await.expect("nothing fails").is_some() {}
        assert_eq!(sum.hex(), "900150983cd24fb0d6963f7d28e17f72", "the MD5 of abc (RFC 1321, appendix A.5)");
    }
}
