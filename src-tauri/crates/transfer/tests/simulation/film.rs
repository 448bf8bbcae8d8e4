//! The films of a history. Their content is cut from one long noise, so that a piece costs nothing to make and two
//! different places never look alike.

use std::sync::OnceLock;

use bytes::Bytes;
use transfer::layout::ByteRange;
use transfer::source::Fingerprint;
use transfer::units::MIB;

/// The longest film, in bytes.
pub(crate) const LONGEST: u64 = 8 * MIB;
const NOISE: u64 = 3 * LONGEST;
const SAMPLE: &str = "noise at ";

/// What a file is: the noise from `offset` on. An edit makes it another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Film {
    pub(crate) offset: u64,
    pub(crate) len: u64,
    pub(crate) modified_ns: i128,
}

impl Film {
    /// These bytes of it, as far as it has them.
    pub(crate) fn slice(&self, range: ByteRange) -> Bytes {
        let there = ByteRange::at(0, self.len).intersection(range).unwrap_or(ByteRange::at(0, 0));
        noise().slice((self.offset + there.start()) as usize..(self.offset + there.end()) as usize)
    }

    pub(crate) fn content(&self) -> Bytes {
        self.slice(ByteRange::at(0, self.len))
    }

    pub(crate) fn fingerprint(&self) -> Fingerprint {
        let sample = format!("{SAMPLE}{}", self.offset);
        Fingerprint { size: self.len, modified_ns: self.modified_ns, sample }
    }

    /// The film that was promised by a fingerprint.
    pub(crate) fn promised(by: &Fingerprint) -> Self {
        let offset = by.sample.strip_prefix(SAMPLE).and_then(|offset| offset.parse().ok());
        Self { offset: offset.expect("a fingerprint of these films"), len: by.size, modified_ns: by.modified_ns }
    }

    /// Where another content can begin: far enough from the end of the noise for the longest film.
    pub(crate) fn places() -> std::ops::Range<u64> {
        0..NOISE - LONGEST
    }
}

fn noise() -> &'static Bytes {
    static MADE: OnceLock<Bytes> = OnceLock::new();
    MADE.get_or_init(|| transfer::testing::bytes(0xf11a, NOISE))
}
