//! What can go wrong at a remote, in classes that each have exactly one reaction ([`crate::step`]).

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The call that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Operation {
    /// Asking for a new upload.
    Begin,
    /// Asking what has arrived.
    Status,
    /// Sending a chunk.
    Put,
    /// Keeping what is unchanged of an unfinished upload.
    Amend,
    /// Finishing.
    Complete,
    /// Giving up.
    Abort,
    /// Reading back.
    Read,
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Begin => "begin the upload",
            Self::Status => "ask what has arrived",
            Self::Put => "send a chunk",
            Self::Amend => "amend the upload",
            Self::Complete => "finish the upload",
            Self::Abort => "abort the upload",
            Self::Read => "read back",
        })
    }
}

/// The class of a failure: all that the engine needs to react.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Class {
    /// A 5xx, a reset, a time-out, a stall: try again after a backoff.
    Transient,
    /// The remote asked for a break (429, 503 with Retry-After, S3 SlowDown), for this long if it said so.
    Throttled {
        /// How long the remote wants to be left alone.
        after: Option<Duration>,
    },
    /// No route and no name service at all.
    Offline,
    /// A sign-in page of the local network where the remote should be.
    Portal,
    /// The remote's offset or parts are not what we believed (409).
    Desync,
    /// The remote no longer knows this upload (404 or 410 on a known handle).
    Expired,
    /// The credentials do not permit it (401, 403).
    Denied,
    /// What arrived does not have the digest that was announced.
    Corrupt,
    /// One request was too large (413).
    TooLarge,
    /// The remote has no room.
    NoSpace {
        /// Bytes that the upload still needs, where known.
        needed: Option<u64>,
        /// Bytes that the remote has free, where known.
        free: Option<u64>,
    },
    /// Something of that name is there already, and it was to be skipped then.
    Taken,
    /// Nothing that trying again could mend.
    Fatal,
}

/// A failure of a remote: what was done, its class, a sentence, and what lay beneath.
#[derive(Debug, Error)]
#[error("cannot {operation}: {context}")]
pub struct RemoteError {
    /// The call that failed.
    pub operation: Operation,
    /// How to react.
    pub class: Class,
    /// What happened, as half a sentence that a person can read: "the disk is read-only".
    pub context: String,
    /// What lay beneath, for the log.
    #[source]
    pub source: Option<Box<dyn StdError + Send + Sync>>,
}

impl RemoteError {
    /// A failure without a deeper cause.
    pub fn new(operation: Operation, class: Class, context: impl Into<String>) -> Self {
        Self { operation, class, context: context.into(), source: None }
    }

    /// The same, caused by `source`.
    #[must_use]
    pub fn because(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// What the state and the journal keep of it.
    pub fn trouble(&self) -> Trouble {
        Trouble { class: self.class.clone(), sentence: self.context.clone() }
    }
}

/// A failure as the state remembers it and the journal stores it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Trouble {
    /// How to react.
    pub class: Class,
    /// What happened, for a person.
    pub sentence: String,
}
