//! Those who read an upload while it arrives: what they wait for goes first, and they are told when nothing will come.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use tokio::sync::{mpsc, watch};
use tracing::debug_span;

use super::actor::Actor;
use super::messages::Report;
use super::transfer::Transfer;
use crate::ids::TransferId;
use crate::remote::Wishes;
use crate::step::arriving;

impl Actor {
    /// Listens to the readers of an upload whose chunks travel now.
    pub(super) fn watch_readers(&mut self, id: TransferId) {
        self.stop_watching(id);
        let (serial, token, reports) = (self.serial(), self.tasks.token(), self.reports.clone());
        let Some(transfer) = self.transfers.get_mut(&id) else { return };
        let Some((open, handle)) = transfer.open.as_ref().zip(transfer.record.handle.as_ref()) else { return };
        let Some(wishes) = open.remote.wishes(handle) else { return };
        transfer.readers.watch = Some((serial, token.clone()));
        self.tasks.spawn(debug_span!("readers", %id), &token, pass_on(id, serial, wishes, reports));
    }

    /// Nobody's wish counts where no chunk travels.
    pub(super) fn stop_watching(&mut self, id: TransferId) {
        let Some(transfer) = self.transfers.get_mut(&id) else { return };
        if let Some((_, token)) = transfer.readers.watch.take() {
            token.cancel();
            transfer.want(Wishes::default());
        }
    }

    /// The whole present set of wishes of an upload's readers.
    pub(super) fn wished(&mut self, id: TransferId, watch: u64, wishes: Wishes) {
        let Some(transfer) = self.transfers.get_mut(&id) else { return };
        if transfer.readers.watch.as_ref().is_some_and(|(serial, _)| *serial == watch) {
            transfer.want(wishes);
            self.progressed(id);
        }
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
}

impl Transfer {
    /// Takes the wishes over, also for what is under way: its bytes may pass the speed limit before others now.
    fn want(&mut self, wishes: Wishes) {
        self.readers.wishes = wishes;
        self.mark_wanted();
    }

    /// Tells what is under way whether somebody waits for it.
    pub(super) fn mark_wanted(&mut self) {
        let Some(session) = &self.session else { return };
        for flight in self.flights.values() {
            let wanted = session.map.is_wanted(flight.lease.index, &self.readers.wishes);
            flight.trace.wanted.store(wanted, Ordering::Relaxed);
        }
    }
}

async fn pass_on(id: TransferId, watch: u64, mut wishes: watch::Receiver<Wishes>, reports: mpsc::Sender<Report>) {
    loop {
        let now = Arc::clone(&wishes.borrow_and_update());
        let gone = reports.send(Report::Wished { id, watch, wishes: now }).await.is_err();
        if gone || wishes.changed().await.is_err() {
            return;
        }
    }
}
