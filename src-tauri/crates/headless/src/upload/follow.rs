//! Following the files of one run from what the engine reports, until each is done or needs a person.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use tokio::sync::broadcast::Receiver;
use transfer::engine::{Added, Command, Engine, EngineError, Happening, Snapshot, Version, What};
use transfer::ids::TransferId;
use transfer::name::FileName;
use transfer::state::{FailureKind, Intent, TransferState};

use super::Outcome;
use super::receipts::Receipts;
use super::screen::Screen;

/// What is done about a file that was changed since it was begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mending {
    /// Nothing: a person must say.
    Ask,
    StartOver,
    /// Where that can be.
    SendChanged,
}

impl Mending {
    fn command(self, can_send_changed: bool) -> Option<Command> {
        match (self, can_send_changed) {
            (Self::Ask, _) => None,
            (Self::SendChanged, true) => Some(Command::SendChanged),
            (Self::StartOver, _) | (Self::SendChanged, false) => Some(Command::StartOver),
        }
    }
}

/// What was last told of a transfer.
#[derive(Debug)]
struct Told {
    state: TransferState,
    bytes_acked: u64,
}

/// The files of this run.
#[derive(Debug)]
pub(super) struct Followed<'a> {
    screen: &'a Screen,
    mending: Mending,
    told: BTreeMap<TransferId, Option<Told>>,
    names: BTreeMap<TransferId, Arc<FileName>>,
    /// Those that were there before this run and are not touched by it.
    already: Vec<TransferId>,
    refused: bool,
    receipts: Option<Receipts>,
    /// Done, and without their receipt yet.
    owed: Vec<Snapshot>,
    /// Those that were changed, and are sent as they are now.
    mended: BTreeSet<TransferId>,
}

impl<'a> Followed<'a> {
    pub(super) fn new(screen: &'a Screen, mending: Mending, receipts: Option<Receipts>) -> Self {
        let (told, names, mended) = (BTreeMap::new(), BTreeMap::new(), BTreeSet::new());
        Self { screen, mending, told, names, already: Vec::new(), refused: false, receipts, owed: Vec::new(), mended }
    }

    /// Takes a file on; one that stood still is set going, for that is what the person asks for.
    pub(super) async fn take(&mut self, engine: &Engine, added: Added, snapshot: Option<&Snapshot>) -> Result<()> {
        if self.told.contains_key(&added.id) {
            // The same file, given twice.
            return Ok(());
        }
        let snapshot = snapshot.context("a file that was added is in the list")?;
        if added.already && matches!(snapshot.state, TransferState::Done(_)) {
            self.already.push(added.id);
        }
        if let Some(command) = nudge(snapshot) {
            engine.command(added.id, command).await?;
        }
        self.told.insert(added.id, None);
        self.names.insert(added.id, Arc::clone(&snapshot.name));
        Ok(())
    }

    pub(super) fn refuse(&mut self, file: &Path, message: &str) {
        self.refused = true;
        self.screen.refused(&file.to_string_lossy(), message);
    }

    /// Tells every change until all have ended.
    pub(super) async fn until_ended(mut self, engine: &Engine, mut events: Receiver<Happening>) -> Result<Outcome> {
        let mut versions = engine.version();
        let mut seen = Version::default();
        loop {
            versions.borrow_and_update();
            let changes = engine.since(seen).await?;
            seen = changes.version;
            // First what happened, then how it stands now.
            while let Ok(happening) = events.try_recv() {
                self.happened(&happening);
            }
            for snapshot in &changes.changed {
                if !self.mend(engine, snapshot).await? {
                    self.tell(snapshot);
                }
            }
            self.write_receipts(engine).await;
            if let Some(outcome) = self.outcome() {
                return Ok(outcome);
            }
            versions.changed().await.context("the engine stopped")?;
        }
    }

    /// What is done about a file that was changed, before this run or in it: once. Says whether it was.
    async fn mend(&mut self, engine: &Engine, snapshot: &Snapshot) -> Result<bool> {
        let changed =
            matches!(&snapshot.state, TransferState::Failed(failure) if failure.kind == FailureKind::SourceChanged);
        let command = self.mending.command(snapshot.can_send_changed).filter(|_| changed);
        let Some(command) = command.filter(|_| self.told.contains_key(&snapshot.id)) else { return Ok(false) };
        if !self.mended.insert(snapshot.id) {
            return Ok(false);
        }
        match engine.command(snapshot.id, command).await {
            // It went on by itself.
            Ok(()) | Err(EngineError::NotNow { .. }) => Ok(true),
            Err(error) => Err(error.into()),
        }
    }

    /// What no snapshot holds.
    fn happened(&self, happening: &Happening) {
        let Some(name) = self.names.get(&happening.id) else { return };
        match &happening.what {
            What::Proven { chunks, by } => self.screen.proven(happening.id, name, *chunks, *by),
            What::Compared { same, changed } => self.screen.compared(happening.id, name, *same, *changed),
            What::Added
            | What::State(_)
            | What::ChunkFailed { .. }
            | What::Held(_)
            | What::LostGround { .. }
            | What::Told(_)
            | What::Removed => {}
        }
    }

    fn tell(&mut self, snapshot: &Snapshot) {
        let Some(told) = self.told.get_mut(&snapshot.id) else { return };
        let now = Told { state: snapshot.state.clone(), bytes_acked: snapshot.bytes_acked };
        let before = told.replace(now);
        if before.as_ref().is_none_or(|before| before.bytes_acked != snapshot.bytes_acked) {
            self.screen.progress(snapshot);
        }
        if before.is_none_or(|before| before.state != snapshot.state) {
            self.screen.state(snapshot, self.already.contains(&snapshot.id));
            if matches!(snapshot.state, TransferState::Done(_)) {
                self.owed.push(snapshot.clone());
            }
        }
    }

    /// A receipt that cannot be written is no reason to stop, and the run has not done all that was asked.
    async fn write_receipts(&mut self, engine: &Engine) {
        let owed = std::mem::take(&mut self.owed);
        let Some(receipts) = self.receipts.clone() else { return };
        for film in owed {
            match receipts.write(engine, film.id).await {
                Ok(path) => self.screen.receipt(&film, &path),
                Err(error) => {
                    self.refused = true;
                    self.screen.notice(&format!("{error:#}"));
                }
            }
        }
    }

    /// How it ended, once every file did.
    fn outcome(&self) -> Option<Outcome> {
        let ended: Option<Vec<bool>> = self.told.values().map(|told| done(&told.as_ref()?.state)).collect();
        ended
            .map(|done| if done.iter().all(|done| *done) && !self.refused { Outcome::AllDone } else { Outcome::NotAll })
    }
}

/// What sets one going that stood still. (What was changed is mended.)
fn nudge(snapshot: &Snapshot) -> Option<Command> {
    match (&snapshot.state, snapshot.intent) {
        (TransferState::Failed(failure), _) => match failure.kind {
            FailureKind::SourceChanged => None,
            FailureKind::SourceUnreadable
            | FailureKind::Corrupt { .. }
            | FailureKind::NoSpace
            | FailureKind::Remote => Some(Command::Retry),
        },
        (TransferState::Paused, _) | (_, Intent::Pause) => Some(Command::Resume),
        (_, Intent::Run | Intent::Cancel) => None,
    }
}

/// Whether it is there; none while it goes on by itself.
fn done(state: &TransferState) -> Option<bool> {
    match state {
        // A name that is taken was to be skipped: that is no failure.
        TransferState::Done(_) | TransferState::Skipped(_) => Some(true),
        TransferState::Failed(_) | TransferState::Cancelled => Some(false),
        TransferState::Queued
        | TransferState::Preparing
        | TransferState::Active
        | TransferState::Completing
        | TransferState::Waiting(_)
        | TransferState::Paused
        | TransferState::Cancelling => None,
    }
}
