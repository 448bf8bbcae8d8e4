//! What was found, in words that a person can act on.

use std::fmt;
use std::path::PathBuf;

use transfer::ids::ObjectId;
use transfer::layout::ByteRange;
use transfer::name::FileName;

use crate::ports::UploadId;

/// What came of reading everything again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScrubReport {
    /// Finished films that were looked at.
    pub films: u64,
    /// Their bytes, as the catalogue has them.
    pub bytes: u64,
    /// Unfinished films that were looked at.
    pub unfinished: u64,
    /// What is not as it must be, and what is nobody's.
    pub findings: Vec<Finding>,
    /// Whether all of it was looked at: it was not stopped.
    pub ended: bool,
}

impl ScrubReport {
    /// Whether everything that was looked at is what arrived. A file that is nobody's does no harm.
    pub fn is_sound(&self) -> bool {
        self.findings.iter().all(|finding| matches!(finding, Finding::Stray(_)))
    }
}

/// One thing that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// A finished film is not what arrived.
    Film {
        /// Which.
        object: ObjectId,
        /// The name of its file.
        name: FileName,
        /// In what way.
        harm: Harm,
    },
    /// An unfinished film lacks what was acknowledged.
    Upload {
        /// Which.
        id: UploadId,
        /// What it was to become: another since it was amended, or begun anew.
        object: ObjectId,
        /// What its sender calls it.
        name: FileName,
        /// In what way.
        harm: Harm,
    },
    /// A file in the vault's folder that is no film of the vault.
    Stray(PathBuf),
}

/// In what way something is not what arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Harm {
    /// There is no file.
    Missing,
    /// The file is shorter or longer.
    Length {
        /// Bytes that it has.
        found: u64,
        /// Bytes that arrived; of an unfinished film, up to which it must reach.
        expected: u64,
    },
    /// Its BLAKE3 is another.
    Content,
    /// These chunks are others.
    Chunks(Vec<ByteRange>),
    /// The disk does not give its bytes; why.
    Unreadable(String),
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Film { name, harm, .. } => write!(f, "{}: {harm}", name.shown()),
            Self::Upload { name, harm, .. } => write!(f, "{} (still arriving): {harm}", name.shown()),
            Self::Stray(path) => write!(f, "{}: no film of this vault", path.display()),
        }
    }
}

impl fmt::Display for Harm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("its file is missing"),
            Self::Length { found, expected } => write!(f, "it has {found} bytes, and must have {expected}"),
            Self::Content => f.write_str("its bytes are not those that arrived"),
            Self::Chunks(ranges) => {
                let ranges: Vec<String> = ranges.iter().map(|range| format!("{range:?}")).collect();
                write!(f, "bytes {} are not those that arrived", ranges.join(", "))
            }
            Self::Unreadable(why) => write!(f, "it cannot be read ({why})"),
        }
    }
}
