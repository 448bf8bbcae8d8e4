//! Why bytes were not taken in order.

use thiserror::Error;
use transfer::error::RemoteError;

/// What became of a request to an upload whose bytes come in order. Unless it says otherwise, nothing changed.
#[derive(Debug, Error)]
pub enum AppendError {
    /// There is no such upload, or it is another's.
    #[error("the vault knows no such upload")]
    Unknown,
    /// The bytes do not begin where those that are there end.
    #[error("the upload has {0} bytes: the next ones begin there")]
    Offset(u64),
    /// There are more bytes than the upload has. Those before its end that came first are kept.
    #[error("the upload has {0} bytes and takes no more")]
    TooLong(u64),
    /// Its length is another, or shorter than what is there.
    #[error("the length of the upload is settled: it is at least {0} bytes, and no other length is taken")]
    OtherLength(u64),
    /// It has more bytes than one upload may have here. What came before is kept.
    #[error("an upload may have {0} bytes here")]
    TooLarge(u64),
    /// It is put together from others; nobody sends to it.
    #[error("the upload is put together from others: nothing can be sent to it")]
    Assembly,
    /// A part that is named is none.
    #[error("{0} is no part of an upload here")]
    NoPart(String),
    /// A part that is named is put together into another upload already, or named twice.
    #[error("{0} is put together already, or named twice: a part is of one upload, once")]
    PartTaken(String),
    /// More parts are named than an upload may have.
    #[error("an upload is put together from {0} parts at most")]
    TooManyParts(usize),
    /// It is finished, with so many bytes.
    #[error("the upload is finished")]
    Finished(u64),
    /// An older request does not let go of it.
    #[error("an older request still has the upload: it can be asked again in a moment")]
    Held,
    /// A newer request has it now. What came before is kept.
    #[error("a newer request took the place of this one")]
    Superseded,
    /// The bytes do not have the checksum that came with them; none of them is kept.
    #[error("the bytes do not have their checksum")]
    Wrong,
    /// The body ended early, or its sender fell silent. What came is kept, unless a checksum was to vouch for it.
    #[error("the body ended early")]
    Broken,
    /// The disk, the database, the room. What came before is kept.
    #[error(transparent)]
    Failed(#[from] RemoteError),
}
