//! Power loss: a whole Pawl on a disk that forgets, cut at a random operation, examined once the power is back.
//!
//! An [`Ordeal`] is a chain of lives on one disk. Each life is a process of its own (`life`), begins on what the cut
//! before it left, and is cut in its turn, so that recoveries are cut too. It ends with a life that came to its end.
//! After each cut the survivor is examined: what was acknowledged in any life must be there, what is there must be
//! right, and the uploads must come to their ends on a disk that stays on.
//!
//! Vault and journal lie both on that disk; the films that are sent do not.

mod examination;
mod films;
mod life;
mod processes;
mod promises;

use std::fs;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, ensure};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use tempfile::TempDir;

use crate::forgetful::{DiskSize, ForgetfulDisk, SurvivingImage};
use processes::{End, a_life, an_examination};
use promises::Promises;

pub use examination::examine;
pub use life::live;

/// What a life says when it came to its end.
const OVER: &str = "over";

/// Room for what the longest chains leave: an upload that the journal forgot keeps its bytes reserved until it expires.
const DISK: DiskSize = DiskSize::mebibytes(1024);

/// What the trials have in common: the films, and a place to mount disks at.
#[derive(Debug)]
pub struct Ordeal {
    films: Vec<PathBuf>,
    place: TempDir,
    /// How many operations a life takes from an empty disk to its end.
    span: u64,
    /// The ending of the names of files whose syncs the disk ignores; for the test of the test.
    ignored: Option<&'static str>,
}

/// What was seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Cuts.
    pub cuts: u32,
    /// Cuts in the middle of a life; the others came right after its end.
    pub in_life: u32,
    /// Promises that were still kept after a cut (of begun uploads, chunks, films), over all cuts.
    pub kept: u64,
    /// Uploads that the journal knew no more after a cut. It may forget its last moments, and then a film comes twice.
    pub forgotten: u64,
}

impl Ordeal {
    /// Makes the films, and lives one life without a cut to see how long it is.
    pub fn prepare() -> Result<Self> {
        Self::with_disk(None)
    }

    /// The same on a disk that does nothing when files are synced whose name ends with `ending`.
    pub fn with_lying_disk(ending: &'static str) -> Result<Self> {
        Self::with_disk(Some(ending))
    }

    fn with_disk(ignored: Option<&'static str>) -> Result<Self> {
        let place = TempDir::new()?;
        fs::create_dir(place.path().join("disk"))?;
        let films = films::make(place.path())?;
        let mut ordeal = Self { films, place, span: 0, ignored };
        let disk = ordeal.power_on(None)?;
        a_life(&disk, &ordeal.films, &mut Promises::default()).context("a life without a cut")?;
        ordeal.span = disk.operations();
        println!("a life takes {} operations", ordeal.span);
        Ok(ordeal)
    }

    /// Goes through chains of lives, seeded one after the other from `seed` on, until there were `cuts` cuts.
    ///
    /// # Errors
    /// The first examination that fails; its seed begins a run with the same cuts.
    pub fn suffer(&self, seed: u64, cuts: u32) -> Result<Tally> {
        let mut tally = Tally::default();
        for seed in seed.. {
            if tally.cuts >= cuts {
                break;
            }
            self.chain(seed, &mut tally)
                .with_context(|| format!("PAWL_SEED={seed} makes the same cuts; so far {tally:?}"))?;
        }
        Ok(tally)
    }

    fn chain(&self, seed: u64, tally: &mut Tally) -> Result<()> {
        let mut random = StdRng::seed_from_u64(seed);
        let (mut promises, mut image, mut forgotten_before) = (Promises::default(), None, 0);
        loop {
            let (operation, fate) = (random.random_range(1..=self.span), random.random());
            let disk = self.power_on(image.as_ref())?;
            disk.cut_at(operation, fate);
            let end = a_life(&disk, &self.films, &mut promises)?;
            let survivor = disk.cut(fate);
            tally.cuts += 1;
            let forgotten = self
                .examine(&survivor, &promises)
                .with_context(|| format!("cut {} at operation {operation}, after {promises}", tally.cuts))?;
            ensure!(
                end == End::Cut || forgotten <= forgotten_before,
                "the journal was closed in order, and forgot {forgotten} uploads, {forgotten_before} of them before"
            );
            tally.kept += promises.count();
            // Only what this cut took counts.
            tally.forgotten += forgotten.saturating_sub(forgotten_before);
            forgotten_before = forgotten;
            match end {
                End::Over => return Ok(()),
                End::Cut => tally.in_life += 1,
            }
            image = Some(survivor);
        }
    }

    fn power_on(&self, image: Option<&SurvivingImage>) -> Result<ForgetfulDisk> {
        let disk = match image {
            Some(image) => image.mount(self.mount_point()),
            None => ForgetfulDisk::mount(self.mount_point(), DISK),
        }?;
        self.ignored.inspect(|ending| disk.ignore_syncs(ending));
        Ok(disk)
    }

    fn examine(&self, survivor: &SurvivingImage, promises: &Promises) -> Result<u64> {
        let heard = self.place.path().join("promises.json");
        fs::write(&heard, serde_json::to_vec(promises)?)?;
        an_examination(&survivor.mount(self.mount_point())?, &heard, &self.films)
    }

    fn mount_point(&self) -> PathBuf {
        self.place.path().join("disk")
    }
}

/// Where a run begins: `PAWL_SEED` of the environment, or else the clock.
pub fn first_seed() -> Result<u64> {
    match std::env::var("PAWL_SEED") {
        Ok(seed) => seed.parse().context("PAWL_SEED is a number"),
        Err(_) => Ok(SystemTime::now().duration_since(UNIX_EPOCH)?.as_micros() as u64),
    }
}
