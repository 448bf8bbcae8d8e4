//! Reading everything again: whether each finished film is still what arrived, and each acknowledged chunk of those that
//! are still arriving. Nothing is changed by it.
//!
//! Of a finished film the vault keeps the BLAKE3 of the whole, so that a film is named and no range in it (the sender's
//! receipt knows the chunks); of an unfinished one it keeps the digests of chunks, and these are named.
//!
//! [`scrub`] looks at a vault that nobody has open, through its folder and its database; [`Vault::scrub`] at one that is
//! in use, and asks again about what may merely have been on its way.

mod finding;
mod inventory;
mod looking;
mod strays;

use std::io;
use std::path::{Path, PathBuf};

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::error::VaultError;
use super::folder::Folder;
use super::lifecycle::Step;
use super::shared::Shared;
use super::{Vault, disk};
use crate::ports::{Catalogue, Ledger, Video};
use inventory::{Arriving, Inventory};
use looking::Pulse;

pub use finding::{Finding, Harm, ScrubReport};

/// How far it is, in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ScrubStep {
    /// Bytes that were looked at.
    pub done: u64,
    /// Bytes to look at.
    pub total: u64,
}

/// How it is followed, and how it is stopped.
#[derive(Debug, Clone, Default)]
pub struct ScrubCourse {
    /// Is told how far it is.
    pub steps: watch::Sender<ScrubStep>,
    /// Ends it: what was found by then is reported.
    pub cancel: CancellationToken,
}

/// Reads everything in the vault at `root` again. Whoever calls holds the folder's lock.
///
/// # Errors
/// [`VaultError::Database`], [`VaultError::Folder`]: what is in the vault could not even be listed.
pub async fn scrub(
    root: &Path,
    ledger: &dyn Ledger,
    catalogue: &dyn Catalogue,
    course: &ScrubCourse,
) -> Result<ScrubReport, VaultError> {
    let folder = Folder::at(root);
    let inventory = Inventory::taken(&folder, ledger, catalogue).await?;
    // Whoever waits no longer must not leave a thread behind that reads on for hours.
    let stop = course.cancel.child_token();
    let _stops = stop.clone().drop_guard();
    let pulse = Pulse::new(course.steps.clone(), stop, inventory.bytes());
    let round = Round { folder, catalogue, pulse, report: ScrubReport::default() };
    round.through(inventory).await
}

impl Vault {
    /// Reads everything again while the vault is in use: those who send and watch go on.
    ///
    /// # Errors
    /// As [`scrub`]; [`VaultError::Closed`] when the vault is closed meanwhile.
    pub async fn scrub(&self, course: &ScrubCourse) -> Result<ScrubReport, VaultError> {
        let shared = &self.shared;
        let reading = scrub(shared.folder.root(), shared.ledger.as_ref(), shared.catalogue.as_ref(), course);
        let report = tokio::select! {
            report = reading => report?,
            () = shared.closed.cancelled() => return Err(VaultError::Closed),
        };
        if report.findings.is_empty() {
            return Ok(report);
        }
        let findings = report.findings.clone();
        Ok(ScrubReport { findings: self.turn(|reply| Step::Reconsider(findings, reply)).await?, ..report })
    }
}

/// Those of the findings that still hold. In the lifecycle's turn nothing is renamed, taken out or finished.
pub(super) async fn reconsider(shared: &Shared, findings: Vec<Finding>) -> Result<Vec<Finding>, VaultError> {
    let (ledger, catalogue) = (shared.ledger.as_ref(), shared.catalogue.as_ref());
    let inventory = Inventory::taken(&shared.folder, ledger, catalogue).await?;
    Ok(findings.into_iter().filter(|finding| inventory.upholds(&shared.folder, finding)).collect())
}

/// One look at everything.
struct Round<'a> {
    folder: Folder,
    catalogue: &'a dyn Catalogue,
    pulse: Pulse,
    report: ScrubReport,
}

impl Round<'_> {
    async fn through(mut self, inventory: Inventory) -> Result<ScrubReport, VaultError> {
        let Inventory { films, arriving, strays, .. } = inventory;
        for film in films {
            self.film(&film).await?;
            self.pulse.pass(film.size);
        }
        for upload in arriving {
            self.upload(upload).await;
        }
        self.report.findings.extend(strays.into_iter().map(Finding::Stray));
        self.report.ended = !self.pulse.is_stopped();
        Ok(self.report)
    }

    /// One that was taken out since the list was made is passed over; one that is renamed meanwhile is looked for again.
    async fn film(&mut self, film: &Video) -> Result<(), VaultError> {
        let mut paths = self.paths(film).await?;
        while !paths.is_empty() && !self.pulse.is_stopped() {
            let (pulse, size, root, at) = (self.pulse.clone(), film.size, film.root, paths.clone());
            let harm = unless_broken(disk::blocking(move || looking::film(&at, size, root, &pulse)).await);
            let now = if harm == Some(Harm::Missing) { self.paths(film).await? } else { paths.clone() };
            if now == paths {
                self.seen(film, harm);
                return Ok(());
            }
            paths = now;
        }
        Ok(())
    }

    fn seen(&mut self, film: &Video, harm: Option<Harm>) {
        if self.pulse.is_stopped() {
            return;
        }
        self.report.films += 1;
        self.report.bytes += film.size;
        let (object, name) = (film.object.clone(), film.name.clone());
        self.report.findings.extend(harm.map(|harm| Finding::Film { object, name, harm }));
    }

    /// Where a film's file may be now: under its name, or under the one that it is getting. Nowhere: it was taken out.
    async fn paths(&self, film: &Video) -> Result<Vec<PathBuf>, VaultError> {
        let Some(now) = self.catalogue.video(&film.object).await? else { return Ok(Vec::new()) };
        let renames = self.catalogue.renames().await?.into_iter().filter(|rename| rename.object == film.object);
        let names = [now.name].into_iter().chain(renames.map(|rename| rename.name));
        Ok(names.map(|name| self.folder.film(&name)).collect())
    }

    async fn upload(&mut self, arriving: Arriving) {
        let (pulse, bytes) = (self.pulse.clone(), arriving.bytes());
        let (id, object, name) = (arriving.id().clone(), arriving.object().clone(), arriving.name().clone());
        let paths = arriving.paths(&self.folder);
        let harm = unless_broken(disk::blocking(move || looking::upload(&paths, &arriving, &pulse)).await);
        if self.pulse.is_stopped() {
            return;
        }
        self.pulse.pass(bytes);
        self.report.unfinished += 1;
        self.report.findings.extend(harm.map(|harm| Finding::Upload { id, object, name, harm }));
    }
}

/// A look that could not even begin found nothing out.
fn unless_broken(looked: io::Result<Option<Harm>>) -> Option<Harm> {
    looked.unwrap_or_else(|error| Some(Harm::Unreadable(error.to_string())))
}
