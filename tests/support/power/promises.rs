//! What the lives of one chain were promised by their vault, as far as it was heard.
//!
//! Only a promise that was heard counts, and every one does, whatever happened to the disk meanwhile.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};
use transfer::ids::ObjectId;
use transfer::remote::UploadHandle;

use crate::recording::Told;

/// What was promised of one upload.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Promised {
    pub(super) chunks: BTreeSet<u32>,
    pub(super) object: Option<ObjectId>,
}

/// All promises, by upload.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Promises(BTreeMap<String, Promised>);

impl Promises {
    pub(super) fn hear(&mut self, told: Told) {
        match told {
            Told::Begun(upload) => drop(self.of(upload)),
            Told::SetOut(..) => {}
            Told::Acked(upload, chunk) => drop(self.of(upload).chunks.insert(chunk)),
            Told::Completed(upload, object) => self.of(upload).object = Some(object),
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (UploadHandle, &Promised)> {
        self.0.iter().map(|(upload, promised)| (UploadHandle(upload.clone()), promised))
    }

    /// Whether the chunk was promised, so that it must never set out again.
    pub(super) fn has(&self, upload: &UploadHandle, chunk: u32) -> bool {
        self.0.get(&upload.0).is_some_and(|promised| promised.chunks.contains(&chunk))
    }

    pub(super) fn count(&self) -> u64 {
        let each = |promised: &Promised| 1 + promised.chunks.len() + usize::from(promised.object.is_some());
        self.0.values().map(each).sum::<usize>() as u64
    }

    fn of(&mut self, UploadHandle(upload): UploadHandle) -> &mut Promised {
        self.0.entry(upload).or_default()
    }
}

impl fmt::Display for Promises {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let chunks: usize = self.0.values().map(|promised| promised.chunks.len()).sum();
        let films = self.0.values().filter(|promised| promised.object.is_some()).count();
        write!(f, "promises of {} uploads, {chunks} chunks and {films} films", self.0.len())
    }
}
