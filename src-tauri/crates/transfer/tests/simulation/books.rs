//! What is known from outside of each transfer: what is on disk, what the remote told, what is under way.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use transfer::ids::TransferId;
use transfer::journal::TransferRecord;
use transfer::remote::ChunkReceipt;
use transfer::state::{Priority, TransferState};

use crate::film::Film;

/// One transfer, seen from outside.
#[derive(Debug)]
pub(crate) struct Book {
    /// As it is on disk.
    pub(crate) record: TransferRecord,
    /// The acknowledged chunks on disk, with their receipts.
    pub(crate) acked: BTreeMap<u32, ChunkReceipt>,
    /// Since when the state on disk is of this kind.
    pub(crate) since: Duration,
    /// What the remote told of the upload on disk.
    pub(crate) told: Told,
    /// The chunks whose put is under way.
    pub(crate) flying: Vec<u32>,
    pub(crate) bytes: Bytes,
    /// When failures ceased to count: something arrived, or a person acted.
    pub(crate) eased: Vec<Duration>,
    /// When the progress may last have gone back without a word: the person started over, or it was skipped.
    pub(crate) reset_at: Duration,
    /// Whether the remote was ever asked to keep what another file has of it.
    pub(crate) amended: bool,
    /// Uploads that were begun anew, the old one being forgotten.
    pub(crate) fresh_starts: u32,
    /// The priority that the person gave it; none where nobody can know whether it was written down.
    pub(crate) priority: Option<Priority>,
    /// Whether the person held it, and pressed nothing since.
    pub(crate) held: bool,
    /// Whether the person ever wanted to give it up.
    pub(crate) cancelled_by_user: bool,
    /// Whether the engine said that it is given up.
    pub(crate) given_up: bool,
    /// Whether it was ever skipped: nothing of a terminal one is kept in memory, its receipts neither.
    pub(crate) skipped: bool,
    /// Where each content begins that the file ever had, and how long it is.
    pub(crate) versions: Vec<(u64, u64)>,
    /// Whether an old upload may be left, with its bytes: nobody could tell the remote about it.
    pub(crate) may_leave_bytes: bool,
    /// Finished uploads that the remote forgot.
    pub(crate) objects_forgotten: u32,
    /// Whether the last call told the remote to forget an upload.
    pub(crate) bade_farewell: bool,
}

/// What was heard from the remote about an upload.
#[derive(Debug, Default)]
pub(crate) struct Told {
    /// Whether its status was heard on the present road to Active.
    pub(crate) asked: bool,
    /// Every chunk that was ever told to be there, with the receipts that were given.
    pub(crate) given: BTreeMap<u32, BTreeSet<String>>,
    /// Those that there is no reason to send again.
    pub(crate) known: BTreeSet<u32>,
    /// Bytes that are there of chunks that are not there whole.
    pub(crate) heads: BTreeMap<u32, u64>,
}

/// Where the bytes of a transfer's bodies went.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Bytes {
    /// Left this machine.
    pub(crate) left: u64,
    /// Of bodies that were acknowledged. The rest was in flight at a fault.
    pub(crate) arrived: u64,
    /// Of acknowledged ones that the remote lost or hid, or whose acknowledgement died with us.
    pub(crate) lost: u64,
}

impl Book {
    pub(crate) fn new(record: TransferRecord) -> Self {
        let first = Film::promised(&record.fingerprint);
        Self {
            record,
            acked: BTreeMap::new(),
            since: Duration::ZERO,
            told: Told::default(),
            flying: Vec::new(),
            bytes: Bytes::default(),
            eased: Vec::new(),
            reset_at: Duration::ZERO,
            amended: false,
            fresh_starts: 0,
            priority: Some(Priority::Normal),
            held: false,
            cancelled_by_user: false,
            given_up: false,
            skipped: false,
            versions: vec![(first.offset, first.len)],
            may_leave_bytes: false,
            objects_forgotten: 0,
            bade_farewell: false,
        }
    }

    pub(crate) fn id(&self) -> TransferId {
        self.record.id
    }

    /// Whether the file was ever edited.
    pub(crate) fn is_edited(&self) -> bool {
        self.versions.len() > 1
    }

    pub(crate) fn len_of(&self, chunk: u32) -> u64 {
        let layout = self.record.layout;
        layout.and_then(|layout| Some(layout.range(layout.index(chunk)?).len())).unwrap_or(0)
    }

    pub(crate) fn acked_bytes(&self) -> u64 {
        self.acked.keys().map(|chunk| self.len_of(*chunk)).sum()
    }

    /// The record on disk is this one now.
    pub(crate) fn write(&mut self, record: &TransferRecord, now: Duration) {
        let kind = |state: &TransferState| std::mem::discriminant(state);
        if kind(&self.record.state) != kind(&record.state) {
            self.since = now;
            if matches!(record.state, TransferState::Preparing | TransferState::Queued) {
                self.told.asked = false;
            }
            if matches!(record.state, TransferState::Skipped(_)) {
                self.reset_at = now;
                self.skipped = true;
                self.replace_known(BTreeSet::new());
            }
        }
        self.record = record.clone();
    }

    /// The upload is forgotten on disk.
    pub(crate) fn forget(&mut self, record: &TransferRecord, now: Duration) {
        self.replace_known(BTreeSet::new());
        self.told = Told::default();
        self.acked.clear();
        self.fresh_starts += u32::from(record.state != TransferState::Cancelled);
        self.eased.push(now);
        self.write(record, now);
    }

    /// Another process asks anew.
    pub(crate) fn reborn(&mut self) {
        self.replace_known(BTreeSet::new());
        self.told.asked = false;
        self.told.heads.clear();
        self.flying.clear();
    }

    /// What was known and is no more may be sent again.
    pub(crate) fn replace_known(&mut self, known: BTreeSet<u32>) {
        let gone: u64 = self.told.known.difference(&known).map(|chunk| self.len_of(*chunk)).sum();
        self.bytes.lost += gone;
        self.told.known = known;
    }
}
