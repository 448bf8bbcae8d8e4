//! Sending a transfer's calls on their way: what each needs, taken out of the actor's memory.

use std::future::Future;
use std::sync::Arc;

use tracing::debug_span;

use super::actor::Actor;
use super::calls::{self, Leave, Plan, Probing, Promise};
use super::docket::Written;
use super::messages::{Answer, Obstacle, Report};
use super::sabotage::Sabotage;
use super::setback::Setback;
use super::standing::{self, Belief};
use super::transfer::{Call, CallKind, Transfer};
use crate::ids::{DestinationId, TransferId};
use crate::remote::{Completion, NewUpload, UploadHandle};
use crate::source::Fingerprint;
use crate::state::Event;

impl Actor {
    /// Opens what is needed; what the remote has is asked next.
    pub(super) fn prepare(&mut self, id: TransferId) {
        let Some(transfer) = self.transfers.get(&id) else { return };
        let (promise, destination) = (transfer.promise(), Arc::clone(&transfer.label.destination));
        let for_all = self.gates.of(&destination).max_chunk_len;
        let shortest = transfer.record.max_chunk_len.into_iter().chain(for_all).min();
        let plan = transfer.record.layout.map_or(Plan::New { max_chunk_len: shortest }, Plan::Given);
        let open = calls::open(self.world.clone(), promise, destination, plan);
        let answer = async { Answer::Opened(open.await) };
        self.call(id, (CallKind::Open, Probing::default()), Answer::Opened(Err(mistake())), answer);
    }

    pub(super) fn begin(&mut self, id: TransferId) {
        let leave = self.leave(id);
        let Some((transfer, leave)) = self.transfers.get(&id).zip(leave) else { return };
        let (Some(open), Some(layout)) = (transfer.open.clone(), transfer.record.layout) else { return };
        let (name, placing) = (transfer.record.name.clone(), transfer.record.placing.clone());
        let upload = NewUpload { transfer: transfer.upload_name(), name, placing, layout };
        let probe = leave.probe.clone();
        let begin = calls::begin(open.remote, transfer.farewell.clone(), upload, leave);
        let answer = async { Answer::Begun(begin.await) };
        self.call(id, (CallKind::Begin, probe), Answer::Begun(Err(mistake())), answer);
    }

    /// Asks what the remote has.
    pub(super) fn ask(&mut self, id: TransferId) {
        let leave = self.leave(id);
        let Some((transfer, leave)) = self.transfers.get(&id).zip(leave) else { return };
        let (Some(open), Some(session)) = (transfer.open.clone(), &transfer.session) else { return };
        let Some(handle) = transfer.record.handle.clone() else { return };
        let (cvs, receipts) = (session.cvs().to_vec(), session.receipts().to_vec());
        let (layout, has_root) = (*session.map.layout(), transfer.record.root.is_some());
        let probe = leave.probe.clone();
        let stands = standing::stands(open, Belief { handle, layout, cvs, receipts, has_root }, leave);
        let answer = async { Answer::Stands(stands.await) };
        self.call(id, (CallKind::Status, probe), Answer::Stands(Err(mistake())), answer);
    }

    pub(super) fn complete(&mut self, id: TransferId) {
        let leave = self.leave(id);
        let Some((transfer, leave)) = self.transfers.get(&id).zip(leave) else { return };
        let Some(completion) = transfer.completion() else { return };
        let (promise, destination) = (transfer.promise(), Arc::clone(&transfer.label.destination));
        let probe = leave.probe.clone();
        let complete = calls::complete(self.world.clone(), promise, destination, completion, leave);
        let answer = async { Answer::Completed(complete.await) };
        self.call(id, (CallKind::Complete, probe), Answer::Completed(Err(mistake())), answer);
    }

    /// Gives the upload up, once it is known which. (Where another begins after it, [`calls::begin`] does this.)
    pub(super) fn abort(&mut self, id: TransferId) {
        let Some(transfer) = self.transfers.get(&id) else { return };
        if !transfer.is_being_cancelled() || transfer.is_beginning() {
            return;
        }
        let (label, handle) = (transfer.label.clone(), transfer.record.handle.clone().or(transfer.farewell.clone()));
        match (handle, self.leave(id)) {
            _ if self.sabotaged(Sabotage::DropAbort) => self.due.push_back((id, Event::Aborted)),
            (Some(handle), Some(leave)) => self.abort_upload(id, label.destination, handle, leave),
            (None, _) | (_, None) => self.due.push_back((id, Event::Aborted)),
        }
    }

    fn abort_upload(&mut self, id: TransferId, destination: Arc<DestinationId>, handle: UploadHandle, leave: Leave) {
        let probe = leave.probe.clone();
        let abort = calls::abort(self.world.clone(), destination, handle, leave);
        let answer = async { Answer::Aborted(abort.await) };
        self.call(id, (CallKind::Abort, probe), Answer::Aborted(Err(mistake())), answer);
    }

    /// Looks whether a source that was gone is back.
    pub(super) fn look(&mut self, id: TransferId) {
        let Some(transfer) = self.transfers.get(&id) else { return };
        let look = calls::is_still_gone(self.world.clone(), transfer.promise());
        let answer = async { Answer::Looked { still_gone: look.await } };
        self.call(id, (CallKind::Look, Probing::default()), Answer::Looked { still_gone: false }, answer);
    }

    pub(super) fn leave(&mut self, id: TransferId) -> Option<Leave> {
        let label = self.label(id)?;
        let written = if self.sabotaged(Sabotage::WriteLater) { Written::already() } else { self.docket.written() };
        Some(Leave { written, passage: self.gates.of(&label.destination).passage(), probe: Probing::default() })
    }

    /// Starts a call, instead of whatever is under way: a remote's answer goes before what still flies. None is started
    /// while the engine ends: what is journalled goes on at the next start.
    pub(super) fn call(
        &mut self,
        id: TransferId,
        (kind, probe): (CallKind, Probing),
        broken: Answer,
        answer: impl Future<Output = Answer> + Send + 'static,
    ) {
        self.cut(id);
        let (serial, token, reports) = (self.serial(), self.tasks.token(), self.reports.clone());
        let Some(transfer) = self.transfers.get_mut(&id).filter(|_| self.ending.is_none()) else { return };
        transfer.call = Some(Call { serial, kind, token: token.clone(), _probe: probe });
        let work = async move { Report::Answered { id, serial, answer: answer.await } };
        let broken = Report::Answered { id, serial, answer: broken };
        self.tasks.spawn_reporting(debug_span!("call", %id, ?kind), &token, reports, broken, work);
    }

    /// Cuts the call that is under way, if it is one of those.
    pub(super) fn cut_call(&mut self, id: TransferId, which: impl FnOnce(CallKind) -> bool) {
        let Some(transfer) = self.transfers.get_mut(&id) else { return };
        if let Some(call) = transfer.call.take_if(|call| which(call.kind)) {
            call.token.cancel();
        }
    }
}

impl Transfer {
    fn promise(&self) -> Promise {
        Promise { path: self.record.path.clone(), fingerprint: self.record.fingerprint.clone() }
    }

    /// How its upload is called where we may choose: the same after a crash, and another for another content. A file
    /// that was changed and started over must not be taken for the one that may be finished there already.
    pub(super) fn upload_name(&self) -> TransferId {
        let Fingerprint { size, modified_ns, sample } = &self.record.fingerprint;
        let mut hasher = blake3::Hasher::new();
        hasher.update(self.record.id.0.as_bytes()).update(&size.to_le_bytes()).update(&modified_ns.to_le_bytes());
        hasher.update(sample.as_bytes());
        let mut name = [0; 16];
        hasher.finalize_xof().fill(&mut name);
        TransferId(uuid::Builder::from_custom_bytes(name).into_uuid())
    }

    fn completion(&self) -> Option<Completion> {
        let session = self.session.as_ref()?;
        Some(Completion {
            handle: self.record.handle.clone()?,
            layout: *session.map.layout(),
            root: self.record.root?,
            taken: self.record.placing.taken,
            receipts: session.receipts().to_vec(),
        })
    }
}

pub(super) fn mistake() -> Obstacle {
    Obstacle::Setback(Setback::panic())
}
