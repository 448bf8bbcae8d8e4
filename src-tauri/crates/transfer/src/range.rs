//! Reading any byte range of something that has a length: a file, an object, one that is still arriving.

use std::fmt;

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::BoxStream;
use thiserror::Error;

use crate::layout::ByteRange;

/// The bytes of a range, in order, in pieces. Dropping it ends the read and whatever it waited for.
pub type ByteStream = BoxStream<'static, Result<Bytes, ReadError>>;

/// Why a read ended before its last byte.
#[derive(Debug, Error)]
pub enum ReadError {
    /// The range does not lie in the object.
    #[error("bytes {asked:?} of an object of {len}")]
    OutOfRange {
        /// What was asked for.
        asked: ByteRange,
        /// The length in bytes.
        len: u64,
    },
    /// The bytes are not there and nobody is sending them now; the sentence says why.
    #[error("{0}")]
    NotArriving(String),
    /// The object is gone.
    #[error("the object is gone")]
    Gone,
    /// What is read is no longer what was opened.
    #[error("the file was changed")]
    Changed,
    /// The device or the network failed.
    #[error("{context}")]
    Io {
        /// What happened, as half a sentence.
        context: String,
        /// What lay beneath.
        #[source]
        source: std::io::Error,
    },
}

/// Something whose bytes can be read from any place on.
#[async_trait]
pub trait RangeReader: Send + Sync + fmt::Debug {
    /// The length in bytes. It never changes; of an unfinished object it is what the whole will have.
    fn len(&self) -> u64;

    /// A strong validator (RFC 9110, section 8.8.1), without quotes: the same for the same bytes for ever.
    fn validator(&self) -> String;

    /// The bytes of `range`, which must lie within the length. Bytes that have not arrived yet are waited for.
    async fn read(&self, range: ByteRange) -> Result<ByteStream, ReadError>;

    /// Whether there is nothing to read.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
