//! By what a film is known whatever it is called and wherever it lies: its size and sampled bytes.

use std::path::Path;

use transfer::source::{FileSources, Sources};

use crate::error::Error;

/// The hash of a film's size and of pieces of it, in hex: the sample of a [`transfer::source::Fingerprint`]. The
/// finished film in the vault has the same one as its source.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct ContentKey(String);

/// Letters of a BLAKE3 in hex.
const LEN: usize = 64;

impl ContentKey {
    /// Of the file at `path`; it costs three short reads.
    pub(crate) async fn of(path: &Path) -> Result<Self, Error> {
        let gone = |error: transfer::source::SourceError| Error::MediaGone(error.to_string());
        Ok(Self(FileSources.open(path, None).await.map_err(gone)?.fingerprint().sample.clone()))
    }

    /// A key that came from the page; nothing else names a file of ours.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let hex = text.len() == LEN && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        hex.then(|| Self(text.to_owned()))
    }

    /// As text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_hash_is_a_key() {
        assert!(ContentKey::parse(&"0f".repeat(32)).is_some(), "64 letters of hex");
        for wrong in ["", "0f", "../../etc/passwd", &"0F".repeat(32), &"0f".repeat(33)] {
            assert_eq!(ContentKey::parse(wrong), None, "{wrong:?} could name another file");
        }
    }
}
