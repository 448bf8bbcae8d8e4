//! A source as something to play: the sender's own window reads the file itself while it is there.

use std::sync::Arc;

use async_trait::async_trait;
use futures::{StreamExt, stream};

use super::{Source, SourceError};
use crate::layout::ByteRange;
use crate::range::{ByteStream, RangeReader, ReadError};

/// Reads ranges of an opened source.
#[derive(Debug, Clone)]
pub struct SourceReader(Arc<dyn Source>);

impl SourceReader {
    /// A reader of `source`.
    pub fn new(source: Arc<dyn Source>) -> Self {
        Self(source)
    }
}

#[async_trait]
impl RangeReader for SourceReader {
    fn len(&self) -> u64 {
        self.0.fingerprint().size
    }

    /// Size, time and samples: what our own uploads trust to be the same file.
    fn validator(&self) -> String {
        let fingerprint = self.0.fingerprint();
        format!("{:x}-{:x}-{}", fingerprint.size, fingerprint.modified_ns, fingerprint.sample)
    }

    async fn read(&self, range: ByteRange) -> Result<ByteStream, ReadError> {
        let len = self.len();
        if !ByteRange::at(0, len).contains(range) {
            return Err(ReadError::OutOfRange { asked: range, len });
        }
        let pieces = stream::try_unfold((self.0.clone(), range), async |(source, rest)| {
            if rest.is_empty() {
                return Ok(None);
            }
            let piece = source.read(rest).await.map_err(read_error)?;
            let rest = rest.without_first(piece.len() as u64);
            Ok(Some((piece, (source, rest))))
        });
        Ok(pieces.boxed())
    }
}

fn read_error(error: SourceError) -> ReadError {
    match error {
        SourceError::Gone(_) => ReadError::Gone,
        SourceError::Changed => ReadError::Changed,
        SourceError::NotAFile(_) | SourceError::Denied(_) => {
            ReadError::Io { context: error.to_string(), source: std::io::ErrorKind::PermissionDenied.into() }
        }
        SourceError::Io { ref path, .. } => {
            let context = format!("cannot read {}", path.display());
            ReadError::Io { context, source: std::io::Error::other(error) }
        }
    }
}
