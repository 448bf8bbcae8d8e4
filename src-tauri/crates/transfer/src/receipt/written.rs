//! A receipt as JSON. Names that are UTF-8 are text, others are lists of bytes; times are RFC 3339, in UTC.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::{Contents, FORMAT, Receipt, ReceiptError, VERSION};
use crate::ids::ObjectId;
use crate::layout::ChunkLayout;
use crate::name::FileName;
use crate::remote::Proof;
use crate::tree::{Cv, Root};
use crate::units::Timestamp;

/// What is looked at first: the rest may be anything.
#[derive(Deserialize)]
struct Head {
    format: String,
    version: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    format: String,
    version: u32,
    name: Spelled,
    folders: Vec<Spelled>,
    source: Spelled,
    size: u64,
    chunk_len: u64,
    blake3: Root,
    /// Null where they are not known. The field must be there all the same.
    #[serde(deserialize_with = "Option::deserialize")]
    chunks: Option<Vec<Cv>>,
    destination: String,
    object: ObjectId,
    proof: Proof,
    added_at: String,
    finished_at: String,
    bytes_sent: u64,
    bytes_resent: u64,
}

/// A name.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Spelled {
    Text(String),
    Bytes(Vec<u8>),
}

impl Receipt {
    /// As JSON, for a person to read too.
    pub fn to_json(&self) -> String {
        let text = serde_json::to_string_pretty(&Written::of(self));
        text.expect("numbers, texts and lists have a JSON") + "\n"
    }

    /// From JSON.
    ///
    /// # Errors
    /// Whatever is not just as [`Receipt::to_json`] writes it: see [`ReceiptError`].
    pub fn from_json(text: &str) -> Result<Self, ReceiptError> {
        let head: Head = serde_json::from_str(text).map_err(ReceiptError::Foreign)?;
        if head.format != FORMAT {
            return Err(ReceiptError::Format(head.format));
        }
        if head.version != VERSION {
            return Err(ReceiptError::Version(head.version));
        }
        serde_json::from_str::<Written>(text).map_err(ReceiptError::Damaged)?.checked()
    }
}

impl Written {
    fn of(receipt: &Receipt) -> Self {
        let contents = &receipt.contents;
        Self {
            format: FORMAT.to_owned(),
            version: VERSION,
            name: Spelled::of(&receipt.name),
            folders: receipt.folders.names().iter().map(Spelled::of).collect(),
            source: Spelled::of(&receipt.source),
            size: contents.layout().size(),
            chunk_len: contents.layout().chunk_len(),
            blake3: contents.root(),
            chunks: contents.cvs().map(<[Cv]>::to_vec),
            destination: receipt.destination.clone(),
            object: receipt.object.clone(),
            proof: receipt.proof,
            added_at: shown(receipt.added_at),
            finished_at: shown(receipt.finished_at),
            bytes_sent: receipt.bytes_sent,
            bytes_resent: receipt.bytes_resent(),
        }
    }

    fn checked(self) -> Result<Receipt, ReceiptError> {
        let layout = ChunkLayout::new(self.size, self.chunk_len)?;
        let folders = self.folders.into_iter().map(Spelled::name).collect::<Result<_, _>>()?;
        let receipt = Receipt {
            name: self.name.name()?,
            folders,
            source: self.source.name()?,
            contents: Contents::new(layout, self.blake3, self.chunks)?,
            destination: self.destination,
            object: self.object,
            proof: self.proof,
            added_at: instant(self.added_at)?,
            finished_at: instant(self.finished_at)?,
            bytes_sent: self.bytes_sent,
        };
        let (sent, resent) = (self.bytes_sent, self.bytes_resent);
        if receipt.bytes_resent() == resent { Ok(receipt) } else { Err(ReceiptError::Resent { sent, resent }) }
    }
}

impl Spelled {
    fn of(name: &FileName) -> Self {
        match std::str::from_utf8(name.as_bytes()) {
            Ok(text) => Self::Text(text.to_owned()),
            Err(_) => Self::Bytes(name.as_bytes().to_vec()),
        }
    }

    fn name(self) -> Result<FileName, ReceiptError> {
        let bytes = match self {
            Self::Text(text) => text.into_bytes(),
            Self::Bytes(bytes) => bytes,
        };
        FileName::new(bytes).map_err(|error| ReceiptError::Damaged(serde::de::Error::custom(error)))
    }
}

/// A clock that stands beyond the year 9999 tells nothing.
fn shown(at: Timestamp) -> String {
    let at = OffsetDateTime::from_unix_timestamp_nanos(i128::from(at.0) * 1_000_000);
    at.ok().and_then(|at| at.format(&Rfc3339).ok()).unwrap_or_else(|| "1970-01-01T00:00:00Z".to_owned())
}

fn instant(text: String) -> Result<Timestamp, ReceiptError> {
    let Ok(at) = OffsetDateTime::parse(&text, &Rfc3339) else { return Err(ReceiptError::Instant(text)) };
    i64::try_from(at.unix_timestamp_nanos() / 1_000_000).map(Timestamp).map_err(|_| ReceiptError::Instant(text))
}
