//! What the answer to a call makes happen. An answer out of date was cut with its call and makes nothing happen.

use tokio::time::Instant;

use super::actor::Actor;
use super::messages::{Answer, Obstacle, Opened, Stands};
use super::sabotage::Sabotage;
use super::session::{Session, Standing};
use super::setback::Setback;
use super::transfer::{CallKind, Open, Transfer};
use super::words::{Voucher, What};
use crate::error::{Class, Trouble};
use crate::ids::TransferId;
use crate::journal::Change;
use crate::layout::ChunkIndex;
use crate::remote::UploadHandle;
use crate::state::{Event, TransferState};

impl Actor {
    pub(super) fn answered(&mut self, id: TransferId, serial: u64, answer: Answer) {
        let Some(transfer) = self.transfers.get_mut(&id) else { return };
        let Some(call) = transfer.call.take_if(|call| call.serial == serial) else { return };
        if call.kind.asks_the_remote() && answer.is_good() {
            self.gates.of(&transfer.label.destination).answered(Instant::now());
        }
        match answer {
            Answer::Opened(Ok(opened)) => self.opened(id, opened),
            Answer::Begun(Ok(handle)) => self.begun(id, handle),
            Answer::Compared(Ok(kept)) => self.compared(id, kept),
            Answer::Amended(Ok(amended)) => self.amended(id, amended),
            Answer::Stands(Ok(stands)) => self.stands(id, stands),
            Answer::Completed(Ok(completed)) => self.due.push_back((id, Event::Completed(completed))),
            Answer::Aborted(Ok(())) => self.due.push_back((id, Event::Aborted)),
            Answer::Looked { still_gone } => self.looked(id, still_gone),
            // Cancelled while it began, and nothing came of it: there is nothing to abort.
            Answer::Begun(Err(obstacle)) if self.is(id, &TransferState::Cancelling) => {
                self.observe(id, &obstacle);
                self.abort(id);
            }
            // Nobody was asked: it says nothing of the destination.
            Answer::Opened(Err(obstacle)) | Answer::Compared(Err(obstacle)) => self.obstructed(id, obstacle),
            Answer::Begun(Err(obstacle))
            | Answer::Amended(Err(obstacle))
            | Answer::Stands(Err(obstacle))
            | Answer::Completed(Err(obstacle))
            | Answer::Aborted(Err(obstacle)) => {
                self.observe(id, &obstacle);
                self.obstructed(id, obstacle);
            }
        }
    }

    fn opened(&mut self, id: TransferId, opened: Opened) {
        let Some(transfer) = self.transfers.get_mut(&id) else { return };
        if transfer.record.state != TransferState::Preparing {
            return;
        }
        let Opened { source, remote, layout } = opened;
        transfer.open = Some(Open { source, remote });
        transfer.session.get_or_insert_with(|| Session::new(layout));
        let planned = transfer.record.layout.replace(layout).is_none();
        let (begun, amending) = (transfer.record.handle.is_some(), transfer.record.amending);
        if planned {
            self.save(id);
        }
        match (begun, amending) {
            (true, true) => self.compare(id),
            (true, false) if self.sabotaged(Sabotage::SkipReconcile) => self.presume(id),
            (true, false) => self.ask(id),
            (false, _) => self.begin(id),
        }
    }

    /// What is remembered is what the remote has.
    fn presume(&mut self, id: TransferId) {
        let session = self.transfers.get(&id).and_then(|transfer| transfer.session.as_ref());
        let all_acked = session.is_some_and(|session| session.map.all_acked());
        self.due.push_back((id, Event::Reconciled { all_acked }));
    }

    /// The handle is written down before anything else leaves. Then the remote is asked what it has, as on every
    /// road to Active: an upload that bears our name may have begun in an earlier life.
    fn begun(&mut self, id: TransferId, handle: UploadHandle) {
        let Some(transfer) = self.transfers.get_mut(&id) else { return };
        transfer.record.handle = Some(handle);
        transfer.farewell = None;
        if !self.sabotaged(Sabotage::ForgetHandle) {
            self.save(id);
        }
        if self.is(id, &TransferState::Preparing) {
            self.ask(id);
        } else if self.is(id, &TransferState::Cancelling) {
            self.abort(id);
        }
    }

    fn stands(&mut self, id: TransferId, stands: Stands) {
        if !self.is(id, &TransferState::Preparing) {
            return;
        }
        match stands {
            Stands::Completed(completed) => self.due.push_back((id, Event::Completed(completed))),
            Stands::Receiving(standing) => self.reconcile(id, &standing),
        }
    }

    fn reconcile(&mut self, id: TransferId, standing: &Standing) {
        let silent = self.sabotaged(Sabotage::IgnoreLostGround);
        self.flush(id);
        let Some(transfer) = self.transfers.get_mut(&id) else { return };
        let before = transfer.lost_from();
        let Some(session) = &mut transfer.session else { return };
        let (difference, found) = session.reconcile(standing);
        let (all_acked, none_acked) = (session.map.all_acked(), session.map.acked_count() == 0);
        transfer.unwritten.extend(found);
        if difference.advanced {
            transfer.misfortune.faults = 0;
        }
        if !difference.lost.is_empty() && !silent {
            transfer.misfortune.lost_from = before;
            self.lost(id, difference.lost);
        }
        self.tell_proven(id, standing);
        self.made_good(id);
        self.flush(id);
        let begun = none_acked && !all_acked && standing.partial.is_empty();
        self.due.push_back((id, if begun { Event::Begun } else { Event::Reconciled { all_acked } }));
    }

    /// Says once for each time that a transfer goes on what was found in its place, and on whose word.
    fn tell_proven(&mut self, id: TransferId, standing: &Standing) {
        let Some(transfer) = self.transfers.get_mut(&id) else { return };
        let chunks = u32::try_from(standing.there.len()).unwrap_or(u32::MAX);
        if std::mem::take(&mut transfer.resuming) && chunks > 0 {
            let by = if standing.vouched == chunks { Voucher::Remote } else { Voucher::Journal };
            self.log(id, What::Proven { chunks, by });
        }
    }

    /// Chunks are gone that the remote had acknowledged.
    fn lost(&mut self, id: TransferId, chunks: Vec<ChunkIndex>) {
        self.log(id, What::LostGround { chunks: chunks.iter().map(|index| index.get()).collect() });
        self.docket.push(Change::Unack { id, chunks });
        self.news.changed(id);
    }

    fn obstructed(&mut self, id: TransferId, obstacle: Obstacle) {
        let event = match obstacle {
            Obstacle::NoRemote(sentence) => Event::NoRemote(sentence),
            Obstacle::Setback(Setback::Source(trouble)) => Event::SourceFault(trouble),
            Obstacle::Setback(Setback::Remote(trouble) | Setback::Journal(trouble)) => return self.fault(id, trouble),
        };
        self.due.push_back((id, event));
    }

    /// What the failure of a call says of its destination. Refused credentials count where somebody then waits for them,
    /// and can be asked: an upload that is being given up does not.
    fn observe(&mut self, id: TransferId, obstacle: &Obstacle) {
        let Obstacle::Setback(Setback::Remote(trouble)) = obstacle else { return };
        self.heed(id, trouble);
        let unheard = trouble.class == Class::Denied && !self.is_at_work(id);
        if let Some(label) = self.label(id).filter(|_| !unheard)
            && self.noted(&label.destination, trouble)
        {
            self.log_hold(&label.destination, Some(id));
        }
    }

    /// A call that is no chunk failed.
    pub(super) fn fault(&mut self, id: TransferId, trouble: Trouble) {
        let Some(transfer) = self.transfers.get_mut(&id) else { return };
        let misfortune = &mut transfer.misfortune;
        misfortune.faults += 1;
        misfortune.corrupt += u32::from(trouble.class == Class::Corrupt);
        let attempts = if trouble.class == Class::Corrupt { misfortune.corrupt } else { misfortune.faults };
        self.due.push_back((id, Event::Fault { trouble, attempts }));
    }

    pub(super) fn is(&self, id: TransferId, state: &TransferState) -> bool {
        self.transfers.get(&id).is_some_and(|transfer| transfer.record.state == *state)
    }
}

impl Transfer {
    pub(super) fn is_being_cancelled(&self) -> bool {
        self.record.state == TransferState::Cancelling
    }

    pub(super) fn is_beginning(&self) -> bool {
        self.call.as_ref().is_some_and(|call| call.kind == CallKind::Begin)
    }
}
