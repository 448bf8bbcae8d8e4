//! One file in its two states, and everything that happened to it since the last sync.
//!
//! Metadata (size, holes) moves in numbered steps; a cut keeps a prefix of them, as a journalling file system does.
//! Data moves in sectors; a cut leaves in each sector any content that it had since the last sync, each sector for
//! itself: that is tearing at sector borders and reordering at once. The two are independent, so a file may come back
//! with its new size and zeros, or with new bytes under its old size.
//!
//! Invariant: a sector's volatile content is its newest version, or its durable content when it has no version.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use super::image::{Image, SECTOR, Sector};
use super::whim::Whim;

/// How many versions of one sector are remembered. Bounds the memory of a file that is written and never synced (a
/// log, the shared-memory file of SQLite). Forgetting one only takes a possible outcome away.
const REMEMBERED_VERSIONS: usize = 24;

/// A file's volatile and durable bytes and the way from one to the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Content {
    pub(super) volatile: Image,
    durable: Image,
    /// The size after each metadata step since the last sync; step `n` is entry `n - 1`.
    steps: Vec<u64>,
    versions: BTreeMap<u64, Vec<Version>>,
}

/// What happened to a sector since the last sync.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Version {
    /// It was written, and this is the whole sector after it.
    Written(Sector),
    /// A truncation or a hole, metadata step `step`, zeroed these bytes of it.
    Zeroed { within: Range<usize>, step: usize },
}

impl Content {
    /// The content of a file that survived a cut: what is there is durable.
    pub(super) fn settled(image: Image) -> Self {
        Self { volatile: image.clone(), durable: image, ..Self::default() }
    }

    /// Reserved space in bytes.
    pub(super) fn allocated(&self) -> u64 {
        self.volatile.allocated.count() * SECTOR
    }

    pub(super) fn write(&mut self, offset: u64, bytes: &[u8]) {
        let mut done = 0;
        while done < bytes.len() {
            let at = offset + done as u64;
            let (number, within) = (at / SECTOR, (at % SECTOR) as usize);
            let length = (SECTOR as usize - within).min(bytes.len() - done);
            let sector = self.volatile.patched(number, within, &bytes[done..done + length]);
            self.volatile.put(number, Some(sector.clone()));
            self.remember(number, Version::Written(sector));
            done += length;
        }
        let end = offset + bytes.len() as u64;
        self.volatile.allocated.insert(sectors_of(offset..end));
        if end > self.volatile.size {
            self.step(end);
        }
    }

    pub(super) fn truncate(&mut self, size: u64) {
        let step = self.step(size);
        self.zero(size..u64::MAX, step);
        self.volatile.allocated.remove(size.div_ceil(SECTOR)..u64::MAX);
    }

    /// Reserves space; the file grows only when `grow` says so.
    pub(super) fn reserve(&mut self, range: Range<u64>, grow: bool) {
        if grow && range.end > self.volatile.size {
            self.step(range.end);
        }
        self.volatile.allocated.insert(sectors_of(range));
    }

    pub(super) fn punch(&mut self, range: Range<u64>) {
        let step = self.step(self.volatile.size);
        self.zero(range.clone(), step);
        let (first, end) = (range.start.div_ceil(SECTOR), range.end / SECTOR);
        self.volatile.allocated.remove(first..end.max(first));
    }

    /// What fsync and fdatasync promise: bytes, size and reserved space survive from now on.
    pub(super) fn sync(&mut self) {
        for number in std::mem::take(&mut self.versions).into_keys() {
            self.durable.put(number, self.volatile.sectors.get(&number).cloned());
        }
        self.steps.clear();
        self.durable.size = self.volatile.size;
        self.durable.allocated = self.volatile.allocated.clone();
    }

    /// What a power cut leaves. An unsynced reservation is lost but for the sectors that hold surviving bytes.
    pub(super) fn cut(&self, whim: &mut Whim) -> Image {
        let mood = whim.mood();
        let step = whim.state(mood, self.steps.len());
        let size = step.checked_sub(1).map_or(self.durable.size, |last| self.steps[last]);
        let mut image = self.durable.clone();
        let mood = whim.mood();
        for (number, versions) in &self.versions {
            let mut possible = self.possible(*number, versions, step);
            let chosen = whim.state(mood, possible.len() - 1);
            image.put(*number, possible.swap_remove(chosen));
        }
        image.cut_to(size);
        if size < self.durable.size {
            image.allocated.remove(size.div_ceil(SECTOR)..u64::MAX);
        }
        image.sectors.keys().for_each(|number| image.allocated.insert(*number..number + 1));
        image
    }

    /// The contents that a sector may come back with when metadata survived up to `step`, oldest first; never empty.
    /// A surviving truncation or hole zeroes every older content; one that was lost did not happen.
    fn possible(&self, number: u64, versions: &[Version], step: usize) -> Vec<Option<Sector>> {
        let mut possible = vec![self.durable.sectors.get(&number).cloned()];
        for version in versions {
            match version {
                Version::Written(sector) => possible.push(Some(sector.clone())),
                Version::Zeroed { within, step: zeroed } if *zeroed <= step => {
                    possible.iter_mut().for_each(|content| *content = zeroed_within(content.take(), within));
                }
                Version::Zeroed { .. } => {}
            }
        }
        possible
    }

    fn step(&mut self, size: u64) -> usize {
        self.volatile.size = size;
        self.steps.push(size);
        self.steps.len()
    }

    /// Zeroes whatever `range` covers of sectors that hold something now or may hold it after a cut.
    fn zero(&mut self, range: Range<u64>, step: usize) {
        let sectors = sectors_of(range.clone());
        let present = self.volatile.sectors.range(sectors.clone()).map(|(number, _)| *number);
        let touched: BTreeSet<u64> = present.chain(self.versions.range(sectors).map(|(number, _)| *number)).collect();
        for number in touched {
            let start = number * SECTOR;
            let within = (range.start.max(start) - start) as usize..(range.end.min(start + SECTOR) - start) as usize;
            let sector = self.volatile.sectors.get(&number).cloned();
            self.volatile.put(number, zeroed_within(sector, &within));
            self.remember(number, Version::Zeroed { within, step });
        }
    }

    fn remember(&mut self, number: u64, version: Version) {
        let versions = self.versions.entry(number).or_default();
        versions.push(version);
        let is_written = |version: &Version| matches!(version, Version::Written(_));
        if versions.iter().filter(|version| is_written(version)).count() > REMEMBERED_VERSIONS {
            let oldest = versions.iter().position(is_written).expect("there are more than a few");
            versions.remove(oldest);
        }
    }
}

/// The sector with some of its bytes zeroed; a hole when that is all of it.
fn zeroed_within(sector: Option<Sector>, within: &Range<usize>) -> Option<Sector> {
    let mut bytes = sector.filter(|_| within.len() < SECTOR as usize)?.to_vec();
    bytes[within.clone()].fill(0);
    Some(Arc::from(bytes))
}

/// The sectors that a byte range touches.
pub(super) fn sectors_of(range: Range<u64>) -> Range<u64> {
    range.start / SECTOR..range.end.div_ceil(SECTOR)
}
