//! Where the run is told: bars and sentences for a person, or one JSON object a line for a program.

use std::collections::HashMap;
use std::io::Write;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use serde_json::Value;
use transfer::engine::{Snapshot, Voucher};
use transfer::ids::TransferId;
use transfer::name::FileName;
use transfer::remote::Proof;
use transfer::state::TransferState;

use super::{Outcome, event};

/// The one place that prints.
#[derive(Debug)]
pub(super) struct Screen {
    json: bool,
    bars: MultiProgress,
    rows: Mutex<HashMap<TransferId, ProgressBar>>,
}

impl Screen {
    pub(super) fn new(json: bool) -> Self {
        Self { json, bars: MultiProgress::new(), rows: Mutex::default() }
    }

    /// The state changed.
    pub(super) fn state(&self, snapshot: &Snapshot, already: bool) {
        if self.json {
            return print(&event::state(snapshot, already));
        }
        let row = self.row(snapshot);
        row.set_message(sentence(snapshot, already));
        if snapshot.state.is_terminal() || matches!(snapshot.state, TransferState::Failed(_)) {
            row.abandon();
        }
    }

    /// Acknowledged bytes grew.
    pub(super) fn progress(&self, snapshot: &Snapshot) {
        if self.json {
            print(&event::progress(snapshot))
        } else {
            self.row(snapshot).set_position(snapshot.bytes_acked)
        }
    }

    /// A file went on, and so many chunks were found in their place.
    pub(super) fn proven(&self, id: TransferId, name: &FileName, chunks: u32, by: Voucher) {
        if self.json {
            return print(&event::proven(id, chunks, by));
        }
        let whose = match by {
            Voucher::Remote => "by the destination's own digests",
            Voucher::Journal => "by what was written down",
        };
        let what = if chunks == 1 { "1 chunk is".to_owned() } else { format!("{chunks} chunks are") };
        self.line(&format!("{}: {what} proven in place, {whose}", name.shown()));
    }

    /// What had arrived was compared with a file that was changed.
    pub(super) fn compared(&self, id: TransferId, name: &FileName, same: u32, changed: u32) {
        if self.json {
            return print(&event::compared(id, same, changed));
        }
        let all = u64::from(same) + u64::from(changed);
        self.line(&format!("{}: {same} of {all} chunks are as they were; the others are sent again", name.shown()));
    }

    /// A file was not taken.
    pub(super) fn refused(&self, file: &str, message: &str) {
        if self.json { print(&event::refused(file, message)) } else { self.line(&format!("{file}: {message}")) }
    }

    /// A receipt was written.
    pub(super) fn receipt(&self, snapshot: &Snapshot, path: &Path) {
        if self.json {
            print(&event::receipt(snapshot, path))
        } else {
            self.line(&format!("receipt: {}", path.display()))
        }
    }

    /// Something to know.
    pub(super) fn notice(&self, message: &str) {
        if self.json { print(&event::notice(message)) } else { self.line(message) }
    }

    /// The last word.
    pub(super) fn end(&self, outcome: &anyhow::Result<Outcome>) {
        if matches!(outcome, Ok(Outcome::Interrupted)) {
            self.notice("Stopped. What has arrived is safe; the same command goes on from there.");
        }
    }

    /// Without a terminal the bars are silent and lines still appear.
    fn line(&self, text: &str) {
        self.bars.suspend(|| eprintln!("{text}"));
    }

    fn row(&self, snapshot: &Snapshot) -> ProgressBar {
        let mut rows = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = || self.bars.add(bar(snapshot));
        rows.entry(snapshot.id).or_insert_with(fresh).clone()
    }
}

fn bar(snapshot: &Snapshot) -> ProgressBar {
    let shape = "{prefix:.bold} [{bar:30}] {bytes}/{total_bytes} {bytes_per_sec} {eta} {msg}";
    let style = ProgressStyle::with_template(shape).unwrap_or_else(|_| ProgressStyle::default_bar());
    let bar = ProgressBar::new(snapshot.bytes_total).with_style(style.progress_chars("=> "));
    bar.set_prefix(snapshot.name.shown());
    // What was there before this run is no speed of this run.
    bar.with_position(snapshot.bytes_acked)
}

fn sentence(snapshot: &Snapshot, already: bool) -> String {
    match &snapshot.state {
        TransferState::Done(completed) => arrived(completed.proof, already).to_owned(),
        TransferState::Waiting(wait) => format!("waiting: {}", wait.sentence),
        TransferState::Failed(failure) => format!("failed: {}", failure.sentence),
        TransferState::Skipped(sentence) => format!("skipped: {sentence}"),
        other @ (TransferState::Queued
        | TransferState::Preparing
        | TransferState::Active
        | TransferState::Completing
        | TransferState::Paused
        | TransferState::Cancelling
        | TransferState::Cancelled) => other.word().to_owned(),
    }
}

/// A size that is right proves nothing about the bytes, and is not called so.
fn arrived(proof: Proof, already: bool) -> &'static str {
    match (proof, already) {
        (Proof::SizeOnly, false) => "delivered, not verified",
        (Proof::SizeOnly, true) => "was there already, not verified",
        (Proof::ReadBack | Proof::Parts | Proof::Root, false) => "done",
        (Proof::ReadBack | Proof::Parts | Proof::Root, true) => "was there already, verified",
    }
}

/// A reader that went away (a closed pipe) is no reason to stop an upload.
fn print(event: &Value) {
    let mut out = std::io::stdout().lock();
    let written = writeln!(out, "{event}").and_then(|()| out.flush());
    if let Err(error) = written {
        tracing::debug!(%error, "nobody reads the events");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_the_size_proves_is_not_called_verified() {
        assert_eq!(arrived(Proof::SizeOnly, false), "delivered, not verified", "the bytes were compared by nobody");
        assert_eq!(arrived(Proof::SizeOnly, true), "was there already, not verified", "nor does time prove them");
        for proof in [Proof::ReadBack, Proof::Parts, Proof::Root] {
            assert_eq!(arrived(proof, true), "was there already, verified", "{proof:?} is a comparison");
        }
    }
}
