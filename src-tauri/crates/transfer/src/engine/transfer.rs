//! One transfer in the actor's memory: its record, and what is open for it now.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use tokio_util::sync::CancellationToken;

use super::amending::Comparison;
use super::body::{Meter, Trace};
use super::breaker::Probe;
use super::calls::Probing;
use super::flying::Share;
use super::line::Place;
use super::session::Session;
use super::watchdog::Motion;
use crate::chunk_map::Lease;
use crate::error::Trouble;
use crate::ids::DestinationId;
use crate::journal::{AckedChunk, TransferRecord};
use crate::layout::ChunkIndex;
use crate::name::FileName;
use crate::placing::Folders;
use crate::remote::{Arriving, Remote, UploadHandle, Wishes};
use crate::source::Source;
use crate::units::{MIB, Timestamp};

/// A film of at most so many bytes is small: its time goes in round trips, not in bytes.
const SMALL: u64 = 4 * MIB;

/// A transfer. Ended ones keep little more than their record.
#[derive(Debug)]
pub(super) struct Transfer {
    pub(super) record: TransferRecord,
    pub(super) label: Label,
    /// Its chunks, while it is unfinished and laid out.
    pub(super) session: Option<Session>,
    /// What was opened when it was last prepared.
    pub(super) open: Option<Open>,
    /// The call that is under way, at most one.
    pub(super) call: Option<Call>,
    /// The chunks that are under way, by serial.
    pub(super) flights: BTreeMap<u64, Flight>,
    pub(super) meter: Arc<Meter>,
    /// Acknowledgements that are not yet laid down for the journal.
    pub(super) unwritten: Vec<AckedChunk>,
    /// The last trouble of each chunk that had one since it was last acknowledged.
    pub(super) troubles: BTreeMap<ChunkIndex, Trouble>,
    pub(super) readers: Readers,
    pub(super) misfortune: Misfortune,
    /// How far what arrived is compared with a file that became another.
    pub(super) comparison: Option<Arc<Comparison>>,
    /// What came of that: the chunks that stay.
    pub(super) kept: Option<Vec<ChunkIndex>>,
    /// Whether it goes on after a rest: then it is told what is found in its place.
    pub(super) resuming: bool,
    /// An upload that is to be aborted before another begins.
    pub(super) farewell: Option<UploadHandle>,
    /// The lease of the chunk whose failure is being reacted to.
    pub(super) failing: Option<Lease>,
    /// What the news last told of [`Meter`].
    pub(super) metered: (u64, bool),
}

/// What of a record is shown again and again.
#[derive(Debug, Clone)]
pub(super) struct Label {
    pub(super) path: Arc<PathBuf>,
    pub(super) name: Arc<FileName>,
    pub(super) folders: Arc<Folders>,
    pub(super) destination: Arc<DestinationId>,
}

/// Source and driver.
#[derive(Debug, Clone)]
pub(super) struct Open {
    pub(super) source: Arc<dyn Source>,
    pub(super) remote: Arc<dyn Remote>,
}

/// A call to the remote (or the source) that is no chunk.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) serial: u64,
    pub(super) kind: CallKind,
    pub(super) token: CancellationToken,
    /// The half-open gate's one probe, if this is it, until the actor knows what came of it.
    pub(super) _probe: Probing,
}

/// What a call is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CallKind {
    Open,
    Begin,
    Compare,
    Amend,
    Status,
    Complete,
    Abort,
    Look,
}

impl CallKind {
    /// Whether its answer is the remote's.
    pub(super) fn asks_the_remote(self) -> bool {
        match self {
            Self::Begin | Self::Status | Self::Amend | Self::Complete | Self::Abort => true,
            Self::Open | Self::Compare | Self::Look => false,
        }
    }
}

/// A chunk under way.
#[derive(Debug)]
pub(super) struct Flight {
    pub(super) lease: Lease,
    pub(super) share: Share,
    pub(super) token: CancellationToken,
    pub(super) trace: Arc<Trace>,
    pub(super) motion: Motion,
    /// The half-open gate's one probe, if this is it, until the actor knows what came of it.
    pub(super) _probe: Option<Probe>,
}

/// Who waits for a transfer's chunks, the most urgent first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Urgency {
    /// Somebody clicked one.
    Person,
    /// Somebody plays it meanwhile.
    Reader,
    Nobody,
}

/// Those who read the upload meanwhile.
#[derive(Debug, Default)]
pub(super) struct Readers {
    pub(super) wishes: Wishes,
    /// The watch over their wishes, while chunks travel.
    pub(super) watch: Option<(u64, CancellationToken)>,
    /// What they must be told next.
    pub(super) to_tell: Option<Arriving>,
    /// Whether they are being told something.
    pub(super) telling: bool,
}

/// What went wrong since something last went well.
#[derive(Debug, Default)]
pub(super) struct Misfortune {
    /// Calls that failed in a row.
    pub(super) faults: u32,
    /// How often the finished whole was found corrupt.
    pub(super) corrupt: u32,
    /// Whether the upload began again since a chunk was last acknowledged.
    pub(super) began_again: bool,
    /// The progress before the remote lost chunks, in bytes, until it is reached again.
    pub(super) lost_from: Option<u64>,
}

impl Transfer {
    pub(super) fn new(record: TransferRecord, session: Option<Session>) -> Self {
        let meter = Meter::default();
        meter.sent.store(record.bytes_sent, Ordering::Relaxed);
        Self {
            label: Label {
                folders: Arc::new(record.placing.folders.clone()),
                path: Arc::new(record.path.clone()),
                name: Arc::new(record.name.clone()),
                destination: Arc::new(record.destination.clone()),
            },
            metered: (record.bytes_sent, false),
            record,
            session,
            open: None,
            call: None,
            flights: BTreeMap::new(),
            meter: Arc::new(meter),
            unwritten: Vec::new(),
            troubles: BTreeMap::new(),
            readers: Readers::default(),
            misfortune: Misfortune::default(),
            comparison: None,
            kept: None,
            resuming: false,
            farewell: None,
            failing: None,
        }
    }

    /// Where it stands in line.
    pub(super) fn place(&self) -> Place {
        let small = self.record.fingerprint.size <= SMALL;
        Place { priority: self.record.priority, position: self.record.position, id: self.record.id, small }
    }

    /// What a chunk of it takes of a place in flight.
    pub(super) fn share(&self) -> Share {
        Share::of(self.record.fingerprint.size)
    }

    /// Bytes that left this machine for it.
    pub(super) fn bytes_sent(&self) -> u64 {
        self.meter.sent.load(Ordering::Relaxed)
    }

    /// Whether the speed limit holds a body back now.
    pub(super) fn is_held_back(&self) -> bool {
        self.meter.held.load(Ordering::Relaxed) > 0
    }

    /// Bytes of acknowledged chunks, of an unfinished transfer.
    pub(super) fn bytes_acked(&self) -> u64 {
        self.session.as_ref().map_or(0, |session| session.map.acked_bytes())
    }

    /// Whether nothing of it is under way.
    pub(super) fn is_quiet(&self) -> bool {
        self.call.is_none() && self.flights.is_empty()
    }

    /// Whether the remote may know of an upload of it.
    pub(super) fn may_have_upload(&self) -> bool {
        let beginning = self.call.as_ref().is_some_and(|call| call.kind == CallKind::Begin);
        self.record.handle.is_some() || self.farewell.is_some() || beginning
    }

    /// Who waits for a chunk of it that may go `now`. One that rests, perhaps for long, gives its transfer no turns.
    pub(super) fn urgency(&self, now: Timestamp) -> Urgency {
        let Some(map) = self.session.as_ref().map(|session| &session.map) else { return Urgency::Nobody };
        let rests = |index| map.rest_until(index).is_some_and(|until| until > now);
        let waits = |index| !map.is_acked(index) && !map.is_leased(index) && !rests(index);
        if map.hastened().any(waits) {
            Urgency::Person
        } else if self.readers.wishes.iter().flat_map(|wish| map.layout().touching(*wish)).any(waits) {
            Urgency::Reader
        } else {
            Urgency::Nobody
        }
    }
}
