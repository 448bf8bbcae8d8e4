//! Sending a transfer's calls on their way: what each needs, taken out of the actor's memory.

use std::future::Future;
use std::sync::Arc;

use tracing::debug_span;

use super::actor::Actor;
use super::calls::{self, Leave, Plan, Promise};
use super::messages::{Answer, Obstacle, Report};
use super::setback::Setback;
use super::transfer::{Call, CallKind, Transfer};
use crate::ids::TransferId;
use crate::remote::{Completion, NewUpload, UploadHandle};
use crate::state::Event;
use crate::step::arriving;

impl Actor {
    /// Opens what is needed; what the remote has is asked next.
    pub(super) fn prepare(&mut self, id: TransferId) {
        // The remote's answer goes before anything that is still in flight, so nothing may be.
        self.cut(id);
        let Some(transfer) = self.transfers.get(&id) else { return };
        let (promise, destination) = (transfer.promise(), Arc::clone(&transfer.label.destination));
        let for_all = self.gates.of(&destination).max_chunk_len;
        let shortest = transfer.record.max_chunk_len.into_iter().chain(for_all).min();
        let plan = transfer.record.layout.map_or(Plan::New { max_chunk_len: shortest }, Plan::Given);
        let open = calls::open(self.world.clone(), promise, destination, plan);
        let answer = async { Answer::Opened(open.await) };
        self.call(id, CallKind::Open, Answer::Opened(Err(mistake())), answer);
    }

    pub(super) fn begin(&mut self, id: TransferId) {
        let leave = self.leave(id);
        let Some((transfer, leave)) = self.transfers.get(&id).zip(leave) else { return };
        let (Some(open), Some(layout)) = (transfer.open.clone(), transfer.record.layout) else { return };
        let upload = NewUpload { transfer: id, name: transfer.record.name.clone(), layout };
        let begin = calls::begin(open.remote, transfer.farewell.clone(), upload, leave);
        let answer = async { Answer::Begun(begin.await) };
        self.call(id, CallKind::Begin, Answer::Begun(Err(mistake())), answer);
    }

    /// Asks what the remote has.
    pub(super) fn ask(&mut self, id: TransferId) {
        let leave = self.leave(id);
        let Some((transfer, leave)) = self.transfers.get(&id).zip(leave) else { return };
        let (Some(open), Some(session)) = (transfer.open.clone(), &transfer.session) else { return };
        let Some(handle) = transfer.record.handle.clone() else { return };
        let (layout, cvs) = (*session.map.layout(), session.cvs().to_vec());
        let stands = calls::stands(open.source, open.remote, handle, layout, cvs, leave);
        let answer = async { Answer::Stands(stands.await) };
        self.call(id, CallKind::Status, Answer::Stands(Err(mistake())), answer);
    }

    pub(super) fn complete(&mut self, id: TransferId) {
        let leave = self.leave(id);
        let Some((transfer, leave)) = self.transfers.get(&id).zip(leave) else { return };
        let Some(completion) = transfer.completion() else { return };
        let (promise, destination) = (transfer.promise(), Arc::clone(&transfer.label.destination));
        let complete = calls::complete(self.world.clone(), promise, destination, completion, leave);
        let answer = async { Answer::Completed(complete.await) };
        self.call(id, CallKind::Complete, Answer::Completed(Err(mistake())), answer);
    }

    /// Gives the upload up, once it is known which. (Where another begins after it, [`calls::begin`] does this.)
    pub(super) fn abort(&mut self, id: TransferId) {
        let Some(transfer) = self.transfers.get(&id) else { return };
        if !transfer.is_being_cancelled() || transfer.is_beginning() {
            return;
        }
        let (label, handle) = (transfer.label.clone(), transfer.record.handle.clone().or(transfer.farewell.clone()));
        match (handle, self.leave(id)) {
            (Some(handle), Some(leave)) => self.abort_upload(id, label.destination, handle, leave),
            (None, _) | (_, None) => self.due.push_back((id, Event::Aborted)),
        }
    }

    fn abort_upload(
        &mut self,
        id: TransferId,
        destination: Arc<crate::ids::DestinationId>,
        handle: UploadHandle,
        leave: Leave,
    ) {
        let abort = calls::abort(self.world.clone(), destination, handle, leave);
        let answer = async { Answer::Aborted(abort.await) };
        self.call(id, CallKind::Abort, Answer::Aborted(Err(mistake())), answer);
    }

    /// Looks whether a source that was gone is back.
    pub(super) fn look(&mut self, id: TransferId) {
        let Some(transfer) = self.transfers.get(&id) else { return };
        let look = calls::is_still_gone(self.world.clone(), transfer.promise());
        let answer = async { Answer::Looked { still_gone: look.await } };
        self.call(id, CallKind::Look, Answer::Looked { still_gone: false }, answer);
    }

    /// Tells the remote whether bytes will come: one word at a time, the newest last.
    pub(super) fn announce(&mut self, id: TransferId) {
        let Some(transfer) = self.transfers.get_mut(&id) else { return };
        transfer.readers.to_tell = Some(arriving(&transfer.record.state));
        self.tell_readers(id);
    }

    /// The remote was told.
    pub(super) fn announced(&mut self, id: TransferId) {
        if let Some(transfer) = self.transfers.get_mut(&id) {
            transfer.readers.telling = false;
            self.tell_readers(id);
        }
    }

    fn tell_readers(&mut self, id: TransferId) {
        let Some(transfer) = self.transfers.get_mut(&id) else { return };
        let Some(handle) = transfer.record.handle.clone().filter(|_| !transfer.readers.telling) else { return };
        let Some(word) = transfer.readers.to_tell.take() else { return };
        transfer.readers.telling = true;
        let (world, destination) = (self.world.clone(), Arc::clone(&transfer.label.destination));
        let tell = async move {
            if let Ok(remote) = world.remotes.remote(&destination) {
                remote.announce(&handle, word).await;
            }
            Report::Announced(id)
        };
        let (reports, token) = (self.reports.clone(), self.tasks.token());
        self.tasks.spawn_reporting(debug_span!("announce", %id), &token, reports, Report::Announced(id), tell);
    }

    fn leave(&mut self, id: TransferId) -> Option<Leave> {
        let label = self.label(id)?;
        Some(Leave { written: self.docket.written(), passage: self.gates.of(&label.destination).passage() })
    }

    /// Starts a call, instead of the one that is under way. None is started while the engine ends: what is journalled
    /// goes on at the next start.
    fn call(
        &mut self,
        id: TransferId,
        kind: CallKind,
        broken: Answer,
        answer: impl Future<Output = Answer> + Send + 'static,
    ) {
        self.cut_call(id, |_| true);
        let (serial, token, reports) = (self.serial(), self.tasks.token(), self.reports.clone());
        let Some(transfer) = self.transfers.get_mut(&id).filter(|_| self.ending.is_none()) else { return };
        transfer.call = Some(Call { serial, kind, token: token.clone() });
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

    fn completion(&self) -> Option<Completion> {
        let session = self.session.as_ref()?;
        Some(Completion {
            handle: self.record.handle.clone()?,
            layout: *session.map.layout(),
            root: self.record.root?,
            receipts: session.receipts().to_vec(),
        })
    }
}

fn mistake() -> Obstacle {
    Obstacle::Setback(Setback::panic())
}
