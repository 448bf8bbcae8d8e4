//! A file that became another while it was sent: what had arrived is compared with it, and the remote keeps what both have.
//!
//! That this is to be done stands in the journal before it begins (`amending`), so that a crash goes on with it; that it
//! is done is written in one go with what stays. In between nothing is lost: asked again, the remote changes nothing more.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::mpsc;

use super::actor::Actor;
use super::body::digest;
use super::calls::{Leave, Probing};
use super::messages::{Answer, Obstacle, Report};
use super::overview::Comparing;
use super::requests::mistake;
use super::sabotage::Sabotage;
use super::setback::Setback;
use super::transfer::{CallKind, Misfortune, Open, Transfer};
use super::words::{EngineError, What};
use crate::error::{Class, Trouble};
use crate::ids::TransferId;
use crate::journal::Change;
use crate::layout::{ChunkIndex, ChunkLayout};
use crate::remote::{Amendment, UploadHandle};
use crate::source::{Fingerprint, Source, SourceError};
use crate::state::{FailureKind, SourceTrouble, TransferState};
use crate::tree::Cv;

/// How far a comparison is.
#[derive(Debug)]
pub(super) struct Comparison {
    compared: AtomicU64,
    of: u64,
}

/// An upload that is that of another file now.
#[derive(Debug)]
pub(super) struct Amended {
    handle: UploadHandle,
    layout: ChunkLayout,
    kept: Vec<ChunkIndex>,
}

impl Actor {
    /// Compares what arrived with the file of now. What was found before for just this file is not looked for again.
    pub(super) fn compare(&mut self, id: TransferId) {
        let (reports, blind) = (self.reports.clone(), self.sabotaged(Sabotage::KeepUnseen));
        let Some(transfer) = self.transfers.get_mut(&id) else { return };
        let (Some(open), Some(session)) = (transfer.open.clone(), &transfer.session) else { return };
        let before = *session.map.layout();
        let Ok(after) = ChunkLayout::new(transfer.record.fingerprint.size, before.chunk_len()) else {
            return self.fault(id, Trouble { class: Class::Fatal, sentence: too_long() });
        };
        if let Some(kept) = transfer.kept.clone() {
            return self.amend(id, before, after, kept);
        }
        let arrived = session.arrived().into_iter().filter(|(index, _)| before.shares(&after, *index)).collect();
        let comparing = Work { blind, ..Work::new(id, after, arrived) };
        transfer.comparison = Some(Arc::clone(&comparing.comparison));
        let answer =
            async move { Answer::Compared(comparing.carry_out(open.source, reports).await.map_err(Obstacle::from)) };
        self.call(id, (CallKind::Compare, Probing::default()), Answer::Compared(Err(mistake())), answer);
    }

    /// It is known what stays. Whoever paused it meanwhile finds that done.
    pub(super) fn compared(&mut self, id: TransferId, kept: Vec<ChunkIndex>) {
        let Some(transfer) = self.transfers.get_mut(&id).filter(|transfer| transfer.record.amending) else { return };
        transfer.kept = Some(kept);
        if self.is(id, &TransferState::Preparing) {
            self.compare(id);
        }
    }

    fn amend(&mut self, id: TransferId, before: ChunkLayout, after: ChunkLayout, keep: Vec<ChunkIndex>) {
        let leave = self.leave(id);
        let Some((transfer, leave)) = self.transfers.get(&id).zip(leave) else { return };
        let (Some(open), Some(session)) = (transfer.open.clone(), &transfer.session) else { return };
        let Some(handle) = transfer.record.handle.clone() else { return };
        let is_all = before == after && keep.len() == session.map.acked_count() as usize;
        let amendment = Amendment { handle, before, after, keep };
        let probe = leave.probe.clone();
        let answer = async move { Answer::Amended(amend(open, amendment, is_all, leave).await) };
        self.call(id, (CallKind::Amend, probe), Answer::Amended(Err(mistake())), answer);
    }

    /// The remote's upload is that of the file of now, whatever became of the transfer meanwhile. Then it is asked what it
    /// has, as on every road to Active.
    pub(super) fn amended(&mut self, id: TransferId, amended: Amended) {
        self.flush(id);
        let Some(transfer) = self.transfers.get_mut(&id).filter(|transfer| transfer.record.amending) else { return };
        let Some(session) = &mut transfer.session else { return };
        let Amended { handle, layout, kept } = amended;
        let same = u32::try_from(kept.len()).unwrap_or(u32::MAX);
        let changed = session.map.acked_count().saturating_sub(same);
        session.amend(layout, &kept);
        transfer.troubles.clear();
        transfer.misfortune = Misfortune::default();
        (transfer.kept, transfer.comparison) = (None, None);
        (transfer.record.handle, transfer.record.layout) = (Some(handle), Some(layout));
        (transfer.record.amending, transfer.record.root) = (false, None);
        transfer.record.bytes_sent = transfer.bytes_sent();
        self.docket.push(Change::Amend { record: Box::new(transfer.record.clone()), keep: kept });
        self.news.changed(id);
        self.log(id, What::Compared { same, changed });
        if self.is(id, &TransferState::Preparing) {
            self.ask(id);
        }
    }

    /// Whether what changed can be sent alone to where the transfer goes; the sentence says why not.
    pub(super) fn can_send_changed(&self, transfer: &Transfer) -> Result<ChunkLayout, EngineError> {
        let no =
            |why: &str| Err(EngineError::AllOrNothing(format!("{why}. Start over to send the file as it is now.")));
        let remote = self.world.remotes.remote(&transfer.label.destination);
        let Some(layout) = transfer.record.layout.filter(|_| transfer.record.handle.is_some()) else {
            return no("Nothing of the file has arrived");
        };
        match remote {
            Ok(remote) if remote.capabilities().amends => Ok(layout),
            Ok(_) => no("The destination cannot keep a part of what it has"),
            Err(why) => no(why.trim_end_matches('.')),
        }
    }

    /// The same for a file that is just so.
    pub(super) fn may_send_changed(&self, transfer: &Transfer, now: Option<&Fingerprint>) -> Result<(), EngineError> {
        let before = self.can_send_changed(transfer)?;
        let most = self.world.remotes.remote(&transfer.label.destination);
        let most = most.map_or(u32::MAX, |remote| remote.capabilities().max_chunks.get());
        let size = now.map_or(before.size(), |now| now.size);
        let fits = ChunkLayout::new(size, before.chunk_len()).is_ok_and(|after| after.count() <= most);
        if fits { Ok(()) } else { Err(EngineError::AllOrNothing(too_long())) }
    }
}

impl Transfer {
    /// Whether it failed because its file is another now.
    pub(super) fn is_changed(&self) -> bool {
        matches!(&self.record.state, TransferState::Failed(failure) if failure.kind == FailureKind::SourceChanged)
    }

    /// How far what arrived is compared.
    pub(super) fn comparing(&self) -> Option<Comparing> {
        let comparison = self.comparison.as_ref().filter(|_| self.record.state == TransferState::Preparing)?;
        Some(Comparing { bytes: comparison.compared.load(Ordering::Relaxed), of: comparison.of })
    }
}

/// What is to be compared: the chunks that lie alike in both files.
struct Work {
    id: TransferId,
    layout: ChunkLayout,
    arrived: Vec<(ChunkIndex, Cv)>,
    comparison: Arc<Comparison>,
    /// Takes all of them for equal.
    blind: bool,
}

impl Work {
    fn new(id: TransferId, layout: ChunkLayout, arrived: Vec<(ChunkIndex, Cv)>) -> Self {
        let of = arrived.iter().map(|(index, _)| layout.range(*index).len()).sum();
        Self { id, layout, arrived, comparison: Arc::new(Comparison { compared: AtomicU64::new(0), of }), blind: false }
    }

    /// Reads the chunks again and gives those that are equal. A file that changes meanwhile is no file to compare with.
    async fn carry_out(
        self,
        source: Arc<dyn Source>,
        reports: mpsc::Sender<Report>,
    ) -> Result<Vec<ChunkIndex>, SourceError> {
        let mut kept = Vec::new();
        for (index, cv) in self.arrived {
            source.unchanged().await?;
            if digest(source.as_ref(), &self.layout, index).await? == cv || self.blind {
                kept.push(index);
            }
            self.comparison.compared.fetch_add(self.layout.range(index).len(), Ordering::Relaxed);
            // The actor is gone only when the engine ends: then nobody wants to know.
            let _ = reports.send(Report::Compared(self.id)).await;
        }
        source.unchanged().await.map(|()| kept)
    }
}

/// Has the remote keep what both files have. One that cannot need not be asked where that is all that arrived.
async fn amend(open: Open, amendment: Amendment, is_all: bool, leave: Leave) -> Result<Amended, Obstacle> {
    leave.granted().await?;
    open.source.unchanged().await?;
    let handle = match (open.remote.capabilities().amends, is_all) {
        (true, _) => open.remote.amend(&amendment).await?,
        (false, true) => amendment.handle,
        (false, false) => return Err(Setback::Source(SourceTrouble::Changed).into()),
    };
    Ok(Amended { handle, layout: amendment.after, kept: amendment.keep })
}

fn too_long() -> String {
    "The file is too long now for the parts in which it was sent. Start over to send it as it is now.".to_owned()
}
