//! The words of a transfer's life. What the user wants ([`Intent`]) stands beside what is observed ([`TransferState`]).

use serde::{Deserialize, Serialize};

use crate::error::{Class, Trouble};
use crate::remote::Completed;
use crate::units::Timestamp;

/// What the user wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Intent {
    /// Get it there.
    Run,
    /// Hold.
    Pause,
    /// Give it up.
    Cancel,
}

/// Whose turn comes first, whatever the places in line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// Before all others.
    High,
    /// In line.
    #[default]
    Normal,
    /// When nothing else can go.
    Low,
}

/// What is observed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TransferState {
    /// In line.
    Queued,
    /// Asking the remote what has arrived, or for a new upload.
    Preparing,
    /// Chunks travel.
    Active,
    /// Every chunk is acknowledged; the remote verifies and finishes.
    Completing,
    /// It goes on by itself when what it waits for comes.
    Waiting(Wait),
    /// By the user.
    Paused,
    /// It needs the user.
    Failed(Failure),
    /// The remote is told to forget it.
    Cancelling,
    /// Given up. Terminal.
    Cancelled,
    /// Its name was taken there, and it was to be skipped then; the sentence says so. Terminal, unless a person retries.
    Skipped(String),
    /// There, and this is the proof. Terminal.
    Done(Completed),
}

/// What a waiting transfer waits for, and since when.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Wait {
    /// For what.
    pub reason: WaitReason,
    /// What happened, for a person.
    pub sentence: String,
    /// When it looks again by itself, at the latest; none when only a person can help.
    pub until: Option<Timestamp>,
}

/// What a waiting transfer waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitReason {
    /// A network, or a sign-in to it.
    Network,
    /// The destination's credentials.
    Credentials,
    /// The end of a break that the remote asked for, or of a backoff.
    Remote,
    /// A source that is gone, and may come back.
    Source,
}

/// Why a transfer needs the user.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Failure {
    /// What kind it is: it decides which buttons help.
    pub kind: FailureKind,
    /// What happened, for a person.
    pub sentence: String,
}

/// The kinds of failure, one for each way out.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureKind {
    /// The source is not what we promised to send: send what changed, or start over.
    SourceChanged,
    /// The source cannot be read (permission, device): mend and retry.
    SourceUnreadable,
    /// This chunk arrived wrong three times in a row.
    Corrupt {
        /// Its number.
        chunk: u32,
    },
    /// The remote has no room: make some and retry.
    NoSpace,
    /// The remote's last word.
    Remote,
}

impl TransferState {
    /// The state in one word, for `--json` and for people who look for a fault.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Preparing => "preparing",
            Self::Active => "uploading",
            Self::Completing => "verifying",
            Self::Waiting(_) => "waiting",
            Self::Paused => "paused",
            Self::Failed(_) => "failed",
            Self::Cancelling => "cancelling",
            Self::Cancelled => "cancelled",
            Self::Skipped(_) => "skipped",
            Self::Done(_) => "done",
        }
    }

    /// Whether nothing will ever happen to it again by itself or by pause and resume.
    pub fn is_terminal(&self) -> bool {
        match self {
            Self::Cancelled | Self::Skipped(_) | Self::Done(_) => true,
            Self::Queued
            | Self::Preparing
            | Self::Active
            | Self::Completing
            | Self::Waiting(_)
            | Self::Paused
            | Self::Failed(_)
            | Self::Cancelling => false,
        }
    }

    /// Whether work goes on, or will by itself: a *running state* of the diagram.
    pub fn is_running(&self) -> bool {
        match self {
            Self::Queued | Self::Preparing | Self::Active | Self::Completing | Self::Waiting(_) => true,
            Self::Paused | Self::Failed(_) | Self::Cancelling | Self::Cancelled | Self::Skipped(_) | Self::Done(_) => {
                false
            }
        }
    }
}

/// What can go wrong with the source, as the state sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SourceTrouble {
    /// Not there; may come back.
    Gone(String),
    /// Not what we promised.
    Changed,
    /// There and unreadable.
    Unreadable(String),
}

/// What happens to a transfer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A place is free.
    Admit,
    /// The remote began the upload: it is empty.
    Begun,
    /// The remote said what it has; whether that is every chunk.
    Reconciled {
        /// Nothing is left to send.
        all_acked: bool,
    },
    /// A chunk is acknowledged, and others remain.
    ChunkAcked,
    /// A chunk failed at the remote, for the so-manieth time in a row.
    ChunkFailed {
        /// Its number.
        chunk: u32,
        /// What happened.
        trouble: Trouble,
        /// Failures of this chunk in a row, this one included.
        attempts: u32,
    },
    /// The last chunk is acknowledged.
    AllAcked,
    /// The remote finished, or was found to have finished.
    Completed(Completed),
    /// A call that is no chunk failed, for the so-manieth time in a row.
    Fault {
        /// What happened.
        trouble: Trouble,
        /// Failures in a row, this one included.
        attempts: u32,
    },
    /// The source failed.
    SourceFault(SourceTrouble),
    /// The destination has no driver in this run; the sentence says why.
    NoRemote(String),
    /// What was waited for may be there.
    Wake,
    /// The user.
    Pause,
    /// The user.
    Resume,
    /// The user.
    Cancel,
    /// The user, after a failure.
    Retry,
    /// The user: forget what arrived, take the file as it is now.
    StartOver,
    /// The user: take the file as it is now, and keep of what arrived what is still in it.
    SendChanged,
    /// The user: the file that was missing, or another of its size and samples, is here.
    Located,
    /// The remote forgot it.
    Aborted,
    /// The program began again.
    Restarted,
}

/// What the engine has to carry out, in this order, after the new state is journalled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Open the source, then ask `status` when there is a handle, else `begin`.
    Prepare,
    /// Forget the handle and every acknowledgement; keep the local digests.
    ForgetUpload,
    /// Forget handle, acknowledgements, digests and fingerprint: the file is another now.
    ForgetEverything,
    /// The file may be another now: compare what arrived with it, and have the remote keep what both have, before anything
    /// leaves.
    AmendUpload,
    /// Plan smaller chunks (at most this long, in bytes) when it begins again.
    ShrinkChunks,
    /// Lease chunks to workers.
    LeaseChunks,
    /// Take every lease back: cut what is in flight after the grace.
    DropLeases,
    /// Give this chunk's lease back; it may be leased again after the delay.
    ReleaseChunk {
        /// Its number.
        chunk: u32,
        /// How long to leave it alone, in milliseconds; zero: not at all.
        delay_ms: u64,
        /// Whether it counts as a failure of this chunk.
        charged: bool,
    },
    /// Nothing of this remote's transfers may leave until then.
    CloseGate {
        /// For so many milliseconds.
        delay_ms: u64,
    },
    /// Halve what may be in flight to this remote.
    HalveBudget,
    /// Ask the remote to finish.
    Complete,
    /// Ask the remote to forget.
    Abort,
    /// Come back with [`Event::Wake`].
    WakeAfter {
        /// In so many milliseconds.
        delay_ms: u64,
    },
    /// Tell those who read it meanwhile whether bytes will come.
    Announce,
    /// Say it in the log of events.
    Tell(Trouble),
}

/// The part of the world that `step` may look at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Env {
    /// The wall clock.
    pub now: Timestamp,
    /// A random number in 0..1 for this step.
    pub jitter: f64,
    /// Whether a handle exists.
    pub has_handle: bool,
    /// Whether this upload already began again after an expiry and has not acknowledged a chunk since.
    pub began_again: bool,
    /// Whether the remote takes less than a chunk at a time, and a chunk can still be made smaller.
    pub can_shrink: bool,
    /// Whether the remote keeps what arrived of a broken chunk and goes on at just that byte: which, it must be asked.
    pub must_ask: bool,
}

impl Class {
    /// Whether a person must act before it can go on.
    pub fn needs_a_person(&self) -> bool {
        match self {
            Self::Denied | Self::NoSpace { .. } | Self::Fatal => true,
            Self::Transient
            | Self::Throttled { .. }
            | Self::Offline
            | Self::Portal
            | Self::Desync
            | Self::Expired
            | Self::Corrupt
            | Self::Taken
            | Self::TooLarge => false,
        }
    }
}
