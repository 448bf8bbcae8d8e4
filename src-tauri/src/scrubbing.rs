//! Checking the vault that the library shows: everything in it is read again, one check at a time.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use server::vault::{Finding, Harm, ScrubCourse, ScrubReport, ScrubStep, Vault};
use tokio::time::interval;

use crate::error::Error;
use crate::rows::shown_path;
use crate::view::{HarmView, HarmedView, ScrubStepView, ScrubView};

/// Between two words about how far it is.
const PACE: Duration = Duration::from_millis(200);

/// The check that runs, if one does.
#[derive(Debug, Default)]
pub(crate) struct Scrubbing(Mutex<ScrubCourse>);

impl Scrubbing {
    /// Reads everything in the vault again and tells how far it is. One that ran before is stopped: who asked for it is
    /// the page that asks now.
    pub(crate) async fn check(&self, vault: &Vault, tell: impl Fn(ScrubStepView)) -> Result<ScrubView, Error> {
        let course = ScrubCourse::default();
        self.replace(course.clone());
        let mut steps = course.steps.subscribe();
        let mut pace = interval(PACE);
        let mut scrubbing = std::pin::pin!(vault.scrub(&course));
        loop {
            tokio::select! {
                report = &mut scrubbing => return Ok(view(&report?)),
                _ = pace.tick() => tell(step(*steps.borrow_and_update())),
            }
        }
    }

    /// Stops it; what was found by then is told.
    pub(crate) fn stop(&self) {
        self.replace(ScrubCourse::default());
    }

    fn replace(&self, course: ScrubCourse) {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *held, course).cancel.cancel();
    }
}

fn step(ScrubStep { done, total }: ScrubStep) -> ScrubStepView {
    ScrubStepView { done, total }
}

fn view(report: &ScrubReport) -> ScrubView {
    let harmed = |finding: &Finding| match finding {
        Finding::Film { name, harm, .. } => {
            Some(HarmedView { name: name.shown(), finished: true, harm: harm_view(harm) })
        }
        Finding::Upload { name, harm, .. } => {
            Some(HarmedView { name: name.shown(), finished: false, harm: harm_view(harm) })
        }
        Finding::Stray(_) => None,
    };
    let stray = |finding: &Finding| match finding {
        Finding::Stray(path) => Some(shown_path(path)),
        Finding::Film { .. } | Finding::Upload { .. } => None,
    };
    ScrubView {
        films: report.films,
        bytes: report.bytes,
        unfinished: report.unfinished,
        harmed: report.findings.iter().filter_map(harmed).collect(),
        strays: report.findings.iter().filter_map(stray).collect(),
        ended: report.ended,
    }
}

fn harm_view(harm: &Harm) -> HarmView {
    match harm {
        Harm::Missing => HarmView::Missing,
        Harm::Length { .. } => HarmView::Length,
        Harm::Content | Harm::Chunks(_) => HarmView::Content,
        Harm::Unreadable(_) => HarmView::Unreadable,
    }
}
